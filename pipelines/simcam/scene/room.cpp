#include "simcam/scene/room.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "simcam/render/march.h"
#include "simcam/render/noise.h"
#include "simcam/scene/lobby_surfaces.h"

namespace veilgate::simcam {
namespace {

/// Colour of a ray without further reflection.
Vec3 seen(const lobby::Hit& hit) {
  return hit.glow ? hit.colour : hit.colour * lobby::light_at(hit.point, hit.normal);
}

/// Polished stone mirrors more the flatter one looks at it (Schlick), and a little blurred.
Vec3 with_mirror(const lobby::Hit& hit, Vec3 direction, Dice& dice) {
  const Vec3 own = seen(hit);
  if (hit.mirror <= 0) return own;
  const float facing = clamp(-dot(hit.normal, direction), 0.f, 1.f);
  const float share = hit.mirror + (.75f - hit.mirror) * std::pow(1.f - facing, 4.f);
  Vec3 sum;
  constexpr int kRays = 2;
  for (int i = 0; i < kRays; ++i) {
    const float rough = .018f;
    const Vec3 n =
        normalized(hit.normal + Vec3{dice.normal() * rough, dice.normal() * rough, dice.normal() * rough});
    const Vec3 mirrored_ray = direction - n * (2.f * dot(direction, n));
    sum = sum + seen(lobby::look(hit.point + hit.normal * .002f, mirrored_ray)) * (1.f / kRays);
  }
  return mix(own, sum, share);
}

struct Canvas {
  PictureSize size;
  std::vector<Vec3> light;  // linear
};

Vec3 sampled(const View& view, float x, float y, Dice& dice) {
  const Vec3 direction = view.ray(x, y);
  return with_mirror(lobby::look(view.eye(), direction), direction, dice);
}

void paint_rows(const View& view, int from, int to, Canvas& canvas, Backdrop& out) {
  for (int y = from; y < to; ++y)
    for (int x = 0; x < canvas.size.width; ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * canvas.size.width + x;
      Dice dice(static_cast<std::uint32_t>(at));
      const Vec3 direction = view.ray(static_cast<float>(x) + .5f, static_cast<float>(y) + .5f);
      const lobby::Hit hit = lobby::look(view.eye(), direction);
      canvas.light[at] = with_mirror(hit, direction, dice);
      const bool floor = hit.normal.y > .9f && hit.point.y < .01f;
      out.floor[at] = floor ? 255 : 0;
      out.depth[at] = floor ? 1e6f : hit.point.z;  // one stands on the floor, never behind it
    }
}

float brightness(Vec3 c) { return exposed(.3f * c.x + .6f * c.y + .1f * c.z); }

/// Three more samples where the picture changes from one pixel to the next: smooth edges for a quarter of the
/// cost.
void smooth_edges(const View& view, int from, int to, const std::vector<Vec3>& before, Canvas& canvas) {
  const int w = canvas.size.width;
  for (int y = std::max(from, 1); y < std::min(to, canvas.size.height - 1); ++y)
    for (int x = 1; x < w - 1; ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * w + x;
      const float here = brightness(before[at]);
      float change = 0;
      for (const std::ptrdiff_t step : {-1, 1, -w, w})
        change = std::max(change, std::fabs(here - brightness(before[at + static_cast<std::size_t>(step)])));
      if (change < .045f) continue;
      Dice dice(static_cast<std::uint32_t>(at) + 1);
      const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
      const Vec3 more = sampled(view, fx + .2f, fy + .3f, dice) + sampled(view, fx + .8f, fy + .2f, dice) +
                        sampled(view, fx + .4f, fy + .85f, dice);
      canvas.light[at] = (before[at] + more) * .25f;
    }
}

std::uint8_t byte(float value) { return static_cast<std::uint8_t>(std::lround(clamp(value, 0.f, 255.f))); }

/// BT.601, limited range; chroma is the mean of its four pixels.
void convert(const Canvas& canvas, Backdrop& out) {
  const int w = canvas.size.width, h = canvas.size.height;
  out.i420.resize(static_cast<std::size_t>(w) * h * 3 / 2);
  std::uint8_t* luma = out.i420.data();
  std::uint8_t* u = luma + static_cast<std::size_t>(w) * h;
  std::uint8_t* v = u + static_cast<std::size_t>(w) * h / 4;
  const auto picture = [&](int x, int y) {
    const Vec3 c = canvas.light[static_cast<std::size_t>(y) * w + x];
    return Vec3{exposed(c.x), exposed(c.y), exposed(c.z)};
  };
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const Vec3 c = picture(x, y);
      luma[static_cast<std::size_t>(y) * w + x] = byte(16.f + 65.48f * c.x + 128.55f * c.y + 24.97f * c.z);
      if (x % 2 || y % 2) continue;
      const Vec3 m = (c + picture(x + 1, y) + picture(x, y + 1) + picture(x + 1, y + 1)) * .25f;
      const std::size_t at = static_cast<std::size_t>(y / 2) * (w / 2) + x / 2;
      u[at] = byte(128.f - 37.80f * m.x - 74.20f * m.y + 112.f * m.z);
      v[at] = byte(128.f + 112.f * m.x - 93.79f * m.y - 18.21f * m.z);
    }
}

}  // namespace

Backdrop paint_lobby(const View& view) {
  const PictureSize size = view.size();
  const std::size_t pixels = static_cast<std::size_t>(size.width) * size.height;
  Backdrop out{size, {}, std::vector<float>(pixels), std::vector<std::uint8_t>(pixels)};
  Canvas canvas{size, std::vector<Vec3>(pixels)};
  const auto in_two_threads = [&size](auto&& work) {
    const int middle = size.height / 2;
    std::thread upper([&] { work(0, middle); });
    work(middle, size.height);
    upper.join();
  };
  in_two_threads([&](int from, int to) { paint_rows(view, from, to, canvas, out); });
  const std::vector<Vec3> before = canvas.light;
  in_two_threads([&](int from, int to) { smooth_edges(view, from, to, before, canvas); });
  convert(canvas, out);
  return out;
}

}  // namespace veilgate::simcam
