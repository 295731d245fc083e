#include "surveillance/outline.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {
namespace {

void set_pixel(BgrImage& image, int x, int y, OutlineColor color) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
  std::uint8_t* pixel = &image.pixels[(static_cast<std::size_t>(y) * image.width + x) * 3];
  pixel[0] = color.b;
  pixel[1] = color.g;
  pixel[2] = color.r;
}

}  // namespace

void draw_segment(BgrImage& image, Point from, Point to, OutlineColor color) {
  const double x0 = from.x * (image.width - 1), y0 = from.y * (image.height - 1);
  const double dx = to.x * (image.width - 1) - x0, dy = to.y * (image.height - 1) - y0;
  const int steps = std::max(1, static_cast<int>(std::ceil(std::max(std::abs(dx), std::abs(dy)))));
  for (int i = 0; i <= steps; ++i) {
    const int x = static_cast<int>(std::lround(x0 + dx * i / steps));
    const int y = static_cast<int>(std::lround(y0 + dy * i / steps));
    set_pixel(image, x, y, color);
    set_pixel(image, x + 1, y, color);
    set_pixel(image, x, y + 1, color);
  }
}

void draw_polygon(BgrImage& image, const Polygon& polygon, OutlineColor color) {
  for (std::size_t i = 0; i < polygon.size(); ++i)
    draw_segment(image, polygon[i], polygon[(i + 1) % polygon.size()], color);
}

}  // namespace veilgate::surveillance
