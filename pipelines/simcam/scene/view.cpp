#include "simcam/scene/view.h"

#include <algorithm>

namespace veilgate::simcam {

// A lens of about 62° across, a usual one for entrances.
View::View(PictureSize size)
    : size_(size),
      focal_(.83f * std::max(static_cast<float>(size.width), 16.f / 9.f * static_cast<float>(size.height))) {}

View::Projected View::project(Vec3 world) const {
  const Vec3 p = rotation_x(-kTilt) * (world - eye());
  if (p.z <= .05f) return {};
  const float scale = focal_ / p.z;
  return {{.5 * size_.width + p.x * scale, .5 * size_.height - p.y * scale}, scale};
}

Vec3 View::ray(float x, float y) const {
  const Vec3 in_camera = {(x - .5f * static_cast<float>(size_.width)) / focal_,
                          (.5f * static_cast<float>(size_.height) - y) / focal_, 1};
  return normalized(rotation_x(kTilt) * in_camera);
}

}  // namespace veilgate::simcam
