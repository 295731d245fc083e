#pragma once
// What a ray from the camera meets in the empty lobby, and its colour. Used by room.cpp only.
// Thread word: reentrant.

#include "simcam/render/vector.h"

namespace veilgate::simcam::lobby {

struct Hit {
  float distance = 1e9f;  ///< along the ray, metres
  Vec3 point;
  Vec3 normal;
  Vec3 colour;  ///< reflectance, or emitted light where `glow` is set
  bool glow = false;
  float mirror = 0;  ///< share of reflected light at a steep view
};

/// The nearest surface; there always is one (the outside ends in the sky).
Hit look(Vec3 origin, Vec3 direction);
/// Light arriving at a point of the room from panels and doorway, already dimmed in corners.
Vec3 light_at(Vec3 point, Vec3 normal);

}  // namespace veilgate::simcam::lobby
