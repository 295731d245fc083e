#include "simcam/scene/draw.h"

#include <algorithm>
#include <cmath>

namespace veilgate::simcam {
namespace {

constexpr int kOne = 1 << 16;  // texture coordinates are 16.16 fixed point
constexpr float kDepthSlack = .12f;

struct Mapping {
  const SpriteLevel* level;
  float left, top;       // of the sprite on the picture
  float step_x, step_y;  // texels per pixel
};

Mapping map(const Placement& what, int coarser = 0) {
  const Sprite& s = *what.sprite;
  const float shrink = s.pixels_per_unit / std::max(what.scale_x, 1e-3f);
  const int wanted = static_cast<int>(std::lround(std::log2(std::max(shrink, 1.f)) - .25f)) + coarser;
  const int index = std::clamp(wanted, 0, static_cast<int>(s.levels.size()) - 1);
  const float ppu = s.pixels_per_unit / static_cast<float>(1 << index);
  return {&s.levels[static_cast<std::size_t>(index)], what.x + s.left * what.scale_x,
          what.y - s.top * what.scale_y, ppu / what.scale_x, ppu / what.scale_y};
}

/// Bilinear, with nothing beyond the edges. u and v are 16.16.
inline void fetch(const SpriteLevel& level, int u, int v, int out[4]) {
  const int x = u >> 16, y = v >> 16, fx = (u >> 8) & 255, fy = (v >> 8) & 255;
  static constexpr Texel kNothing{};
  const auto texel = [&](int tx, int ty) -> const Texel& {
    const bool inside = tx >= 0 && ty >= 0 && tx < level.width && ty < level.height;
    return inside ? level.texels[static_cast<std::size_t>(ty) * static_cast<std::size_t>(level.width) +
                                 static_cast<std::size_t>(tx)]
                  : kNothing;
  };
  const Texel &a = texel(x, y), &b = texel(x + 1, y), &c = texel(x, y + 1), &d = texel(x + 1, y + 1);
  const int wa = (256 - fx) * (256 - fy), wb = fx * (256 - fy), wc = (256 - fx) * fy, wd = fx * fy;
  out[0] = (a.y * wa + b.y * wb + c.y * wc + d.y * wd) >> 16;
  out[1] = (a.u * wa + b.u * wb + c.u * wc + d.u * wd) >> 16;
  out[2] = (a.v * wa + b.v * wb + c.v * wc + d.v * wd) >> 16;
  out[3] = (a.a * wa + b.a * wb + c.a * wc + d.a * wd) >> 16;
}

inline std::uint8_t over(int below, int premultiplied, int coverage) {
  return static_cast<std::uint8_t>(std::min(255, premultiplied + (below * (255 - coverage) + 127) / 255));
}

/// Calls blend(x, y, texel) for every pixel of the picture under the mapping.
template <typename Blend>
void each_pixel(const Mapping& m, const Frame& frame, bool upside_down, float mirror_y, Blend&& blend) {
  const float width = static_cast<float>(m.level->width) / m.step_x,
              height = static_cast<float>(m.level->height) / m.step_y;
  const float top = upside_down ? 2.f * mirror_y - m.top - height : m.top;
  const int x0 = std::max(0, static_cast<int>(std::floor(m.left - .5f)));
  const int x1 = std::min(frame.size.width, static_cast<int>(std::ceil(m.left + width + .5f)));
  const int y0 = std::max(0, static_cast<int>(std::floor(top - .5f)));
  const int y1 = std::min(frame.size.height, static_cast<int>(std::ceil(top + height + .5f)));
  const int step = static_cast<int>(m.step_x * kOne);
  for (int y = y0; y < y1; ++y) {
    const float row = (static_cast<float>(y) + .5f - top) * m.step_y;
    const float texel_row = (upside_down ? static_cast<float>(m.level->height) - row : row) - .5f;
    const int v = static_cast<int>(std::floor(texel_row * kOne));
    int u = static_cast<int>(std::floor(((static_cast<float>(x0) + .5f - m.left) * m.step_x - .5f) * kOne));
    for (int x = x0; x < x1; ++x, u += step) {
      int texel[4];
      fetch(*m.level, u, v, texel);
      if (texel[3] != 0) blend(x, y, texel);
    }
  }
}

}  // namespace

Extent extent_of(const Placement& what) {
  const Mapping m = map(what);
  return {m.left, m.top, m.left + static_cast<float>(m.level->width) / m.step_x,
          m.top + static_cast<float>(m.level->height) / m.step_y};
}

float coverage_at(const Placement& what, float x, float y) {
  const Mapping m = map(what);
  int texel[4];
  fetch(*m.level, static_cast<int>(std::floor(((x - m.left) * m.step_x - .5f) * kOne)),
        static_cast<int>(std::floor(((y - m.top) * m.step_y - .5f) * kOne)), texel);
  return static_cast<float>(texel[3]) / 255.f;
}

void draw(const Placement& what, const Backdrop& backdrop, Frame& frame) {
  const int w = frame.size.width;
  const float limit = what.depth - kDepthSlack;
  each_pixel(map(what), frame, false, 0, [&](int x, int y, const int* t) {
    const std::size_t at =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x);
    if (backdrop.depth[at] < limit) return;
    frame.y[at] = over(frame.y[at], t[0], t[3]);
    if ((x | y) & 1) return;
    const std::size_t chroma =
        static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(w / 2) + static_cast<std::size_t>(x / 2);
    frame.u[chroma] = over(frame.u[chroma], t[1], t[3]);
    frame.v[chroma] = over(frame.v[chroma], t[2], t[3]);
  });
}

void draw_reflection(const Placement& what, float floor_y, const Backdrop& backdrop, Frame& frame) {
  const int w = frame.size.width;
  const float fade = 1.f / (.22f * static_cast<float>(frame.size.height));
  each_pixel(map(what, 1), frame, true, floor_y, [&](int x, int y, const int* t) {
    const std::size_t at =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x);
    const float strength = .20f * (1.f - (static_cast<float>(y) - floor_y) * fade);
    if (backdrop.floor[at] == 0 || strength <= 0) return;
    const int share = static_cast<int>(strength * 256.f);
    frame.y[at] = over(frame.y[at], t[0] * share >> 8, t[3] * share >> 8);
    if ((x | y) & 1) return;
    const std::size_t chroma =
        static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(w / 2) + static_cast<std::size_t>(x / 2);
    frame.u[chroma] = over(frame.u[chroma], t[1] * share >> 8, t[3] * share >> 8);
    frame.v[chroma] = over(frame.v[chroma], t[2] * share >> 8, t[3] * share >> 8);
  });
}

void draw_shadow(float x, float y, float radius_x, float radius_y, float strength, const Backdrop& backdrop,
                 Frame& frame) {
  const int w = frame.size.width;
  const int x0 = std::max(0, static_cast<int>(x - radius_x)),
            x1 = std::min(w, static_cast<int>(x + radius_x) + 1);
  const int y0 = std::max(0, static_cast<int>(y - radius_y));
  const int y1 = std::min(frame.size.height, static_cast<int>(y + radius_y) + 1);
  for (int row = y0; row < y1; ++row)
    for (int column = x0; column < x1; ++column) {
      const std::size_t at =
          static_cast<std::size_t>(row) * static_cast<std::size_t>(w) + static_cast<std::size_t>(column);
      if (backdrop.floor[at] == 0) continue;
      const float far = square((static_cast<float>(column) - x) / radius_x) +
                        square((static_cast<float>(row) - y) / radius_y);
      if (far >= 1) continue;
      const float kept = 1.f - strength * square(1.f - far);
      frame.y[at] = static_cast<std::uint8_t>(16.f + (static_cast<float>(frame.y[at]) - 16.f) * kept);
    }
}

}  // namespace veilgate::simcam
