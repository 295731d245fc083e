#include "simcam/scene/sprite.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace veilgate::simcam {
namespace {

constexpr int kTile = 8;  // pixels that share the search for the figure
constexpr int kQuad = 2;  // pixels that share occlusion and shadow

Light lobby_light() {
  Light light;
  light.key_direction = normalized(light.key_direction);
  light.fill_direction = normalized(light.fill_direction);
  return light;
}

Texel to_texel(Vec3 colour, float coverage) {
  const float r = exposed(colour.x), g = exposed(colour.y), b = exposed(colour.z);
  const auto byte = [&](float value) {
    return static_cast<std::uint8_t>(std::lround(clamp(value, 0.f, 255.f)));
  };
  return {byte(coverage * (16.f + 65.48f * r + 128.55f * g + 24.97f * b)),
          byte(coverage * (128.f - 37.80f * r - 74.20f * g + 112.f * b)),
          byte(coverage * (128.f + 112.f * r - 93.79f * g - 18.21f * b)), byte(coverage * 255.f)};
}

template <typename Figure>
class Rasterizer {
 public:
  Rasterizer(const Figure& figure, const SpriteFrame& frame, SpriteLevel& out)
      : figure_(figure),
        frame_(frame),
        out_(out),
        pixel_(1.f / frame.pixels_per_unit / frame.lens.distance),
        end_(frame.lens.distance + figure.reach()) {}

  void run() {
    for (int y = 0; y < out_.height; y += kTile)
      for (int x = 0; x < out_.width; x += kTile) tile(x, y);
  }

 private:
  Ray ray(float x, float y) const {
    return ray_through(frame_.lens, frame_.left + x / frame_.pixels_per_unit,
                       frame_.top - y / frame_.pixels_per_unit);
  }
  /// Where rays of the square of `side` pixels at (x, y) may first meet the figure; negative = nowhere.
  float start(int x, int y, int side, float from) const {
    const float half = .5f * static_cast<float>(side);
    return clear_distance(figure_, ray(static_cast<float>(x) + half, static_cast<float>(y) + half), from,
                          end_, pixel_ * (half * 1.45f + .5f));
  }

  void tile(int x, int y) {
    const float from = start(x, y, kTile, frame_.lens.distance - figure_.reach());
    if (from < 0) return;
    for (int dy = 0; dy < kTile; dy += kQuad)
      for (int dx = 0; dx < kTile; dx += kQuad) quad(x + dx, y + dy, from * .998f);
  }

  void quad(int x, int y, float tile_start) {
    const float from = start(x, y, kQuad, tile_start);
    if (from < 0) return;
    Shelter shelter;
    float sheltered_at = -1;
    for (int i = 0; i < kQuad * kQuad; ++i) {
      const int px = x + i % kQuad, py = y + i / kQuad;
      if (px >= out_.width || py >= out_.height) continue;
      const Ray r = ray(static_cast<float>(px) + .5f, static_cast<float>(py) + .5f);
      const Hit hit = trace(figure_, r, from * .999f, end_, pixel_);
      if (hit.coverage <= 0) continue;
      const Vec3 p = r.origin + r.direction * hit.distance;
      const Vec3 n = surface_normal(figure_, p);
      if (std::fabs(sheltered_at - hit.distance) > .06f) {
        shelter = shelter_at(figure_, light_, p, n);
        sheltered_at = hit.distance;
      }
      const Vec3 colour =
          illuminate(figure_.paint(p, hit.material), light_, n, r.direction, shelter.openness, shelter.lit);
      out_.texels[static_cast<std::size_t>(py) * out_.width + px] = to_texel(colour, hit.coverage);
    }
  }

  const Figure& figure_;
  const SpriteFrame& frame_;
  SpriteLevel& out_;
  const Light light_ = lobby_light();
  const float pixel_;  // a pixel's width per unit of distance
  const float end_;
};

/// The smallest part that holds everything drawn, so that drawing touches no empty rows.
void trim(Sprite& sprite) {
  SpriteLevel& level = sprite.levels.front();
  int x0 = level.width, x1 = 0, y0 = level.height, y1 = 0;
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x)
      if (level.texels[static_cast<std::size_t>(y) * level.width + x].a != 0) {
        x0 = std::min(x0, x), x1 = std::max(x1, x + 1);
        y0 = std::min(y0, y), y1 = std::max(y1, y + 1);
      }
  if (x1 <= x0) return;
  SpriteLevel kept{x1 - x0, y1 - y0, {}};
  kept.texels.reserve(static_cast<std::size_t>(kept.width) * kept.height);
  for (int y = y0; y < y1; ++y) {
    const auto row = level.texels.begin() + static_cast<std::ptrdiff_t>(y) * level.width;
    kept.texels.insert(kept.texels.end(), row + x0, row + x1);
  }
  sprite.left += static_cast<float>(x0) / sprite.pixels_per_unit;
  sprite.top -= static_cast<float>(y0) / sprite.pixels_per_unit;
  level = std::move(kept);
}

SpriteLevel halved(const SpriteLevel& from) {
  SpriteLevel half{(from.width + 1) / 2, (from.height + 1) / 2, {}};
  half.texels.resize(static_cast<std::size_t>(half.width) * half.height);
  for (int y = 0; y < half.height; ++y)
    for (int x = 0; x < half.width; ++x) {
      std::array<int, 4> sum{2, 2, 2, 2};
      for (int i = 0; i < 4; ++i) {
        const int sx = 2 * x + i % 2, sy = 2 * y + i / 2;
        if (sx >= from.width || sy >= from.height) continue;
        const Texel& t = from.texels[static_cast<std::size_t>(sy) * from.width + sx];
        sum[0] += t.y, sum[1] += t.u, sum[2] += t.v, sum[3] += t.a;
      }
      const auto quarter = [&](int channel) { return static_cast<std::uint8_t>(sum[channel] / 4); };
      half.texels[static_cast<std::size_t>(y) * half.width + x] = {quarter(0), quarter(1), quarter(2),
                                                                   quarter(3)};
    }
  return half;
}

template <typename Figure>
Sprite render(const Figure& figure, const SpriteFrame& frame) {
  Sprite sprite{frame.left, frame.top, frame.pixels_per_unit, {}};
  SpriteLevel level;
  level.width = static_cast<int>(std::ceil((frame.right - frame.left) * frame.pixels_per_unit));
  level.height = static_cast<int>(std::ceil((frame.top - frame.bottom) * frame.pixels_per_unit));
  level.texels.assign(static_cast<std::size_t>(level.width) * level.height, Texel{});
  Rasterizer<Figure>(figure, frame, level).run();
  sprite.levels.push_back(std::move(level));
  trim(sprite);
  add_smaller_levels(sprite);
  return sprite;
}

}  // namespace

void add_smaller_levels(Sprite& sprite) {
  for (int i = 0; i < 3; ++i) sprite.levels.push_back(halved(sprite.levels.back()));
}

Sprite render_sprite(const HeadFigure& figure, const SpriteFrame& frame) { return render(figure, frame); }
Sprite render_sprite(const BodyFigure& figure, const SpriteFrame& frame) { return render(figure, frame); }

}  // namespace veilgate::simcam
