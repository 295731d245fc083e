#pragma once
// Signed distances to simple solids and soft ways to join them. Distances are never larger than the true ones
// by more than the marcher's safety factor allows (march.h). Source: I. Quilez, "distance functions",
// formulas only.

#include "simcam/render/vector.h"

namespace veilgate::simcam {

enum class Material : unsigned char {
  kSkin,
  kEye,
  kHair,
  kGlassesFrame,
  kGlassesLens,
  kHeadgear,
  kFaceMask,
  kTop,
  kTrousers,
  kShoe,
  kBag,
};

struct Surface {
  float distance = 1e3f;
  Material material = Material::kSkin;
};
VG_DEVICE inline Surface nearer(Surface a, Surface b) { return b.distance < a.distance ? b : a; }

/// Union with a fillet of about `radius`.
VG_DEVICE inline float soft_union(float a, float b, float radius) {
  const float h = clamp(.5f + .5f * (b - a) / radius, 0.f, 1.f);
  return mix(b, a, h) - radius * h * (1.f - h);
}
VG_DEVICE inline float soft_intersection(float a, float b, float radius) {
  return -soft_union(-a, -b, radius);
}
VG_DEVICE inline float carved(float solid, float hole, float radius) {
  return soft_intersection(solid, -hole, radius);
}

VG_DEVICE inline float ellipsoid(Vec3 p, Vec3 radii) {
  const Vec3 inverse = {1.f / radii.x, 1.f / radii.y, 1.f / radii.z};
  const Vec3 a = p * inverse, b = a * inverse;
  const float k0 = length(a), k1 = length(b);
  return k1 < 1e-6f ? -fminf(radii.x, fminf(radii.y, radii.z)) : k0 * (k0 - 1.f) / k1;
}

/// A limb: a capsule whose radius goes from `radius_a` at a to `radius_b` at b.
VG_DEVICE inline float limb(Vec3 p, Vec3 a, Vec3 b, float radius_a, float radius_b) {
  const Vec3 pa = p - a, ba = b - a;
  const float along = clamp(dot(pa, ba) / dot(ba, ba), 0.f, 1.f);
  return length(pa - ba * along) - mix(radius_a, radius_b, along);
}

/// Whether something within `radius` of `centre` can still matter to a field that is already at `distance`;
/// joins reach over at most 0.1.
VG_DEVICE inline bool matters(Vec3 p, Vec3 centre, float radius, float distance) {
  const Vec3 from = p - centre;
  return dot(from, from) < square(fmaxf(distance, 0.f) + radius + .1f);
}

VG_DEVICE inline Vec3 mirrored(Vec3 p) { return {fabsf(p.x), p.y, p.z}; }

}  // namespace veilgate::simcam
