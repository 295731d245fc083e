#include "detect/window.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {

Box window_around(Point center, double side, int frame_width, int frame_height) {
  const double w = std::min<double>(side, frame_width), h = std::min<double>(side, frame_height);
  return {std::clamp(center.x - w / 2, 0.0, frame_width - w),
          std::clamp(center.y - h / 2, 0.0, frame_height - h), w, h};
}

Box grown_region(const Box& region, double margin, int frame_width, int frame_height) {
  const Box frame{0, 0, static_cast<double>(frame_width), static_cast<double>(frame_height)};
  if (intersect(region, frame).area() <= 0) return {};
  return intersect({region.x - margin, region.y - margin, region.w + 2 * margin, region.h + 2 * margin},
                   frame);
}

int scaled_pixels(double length, double scale) {
  return std::max(1, static_cast<int>(std::lround(length * scale)));
}

}  // namespace veilgate::surveillance
