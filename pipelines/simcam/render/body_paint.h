#pragma once
// Colours of clothes, bare limbs and shoes.

#include "simcam/render/body.h"
#include "simcam/render/paint.h"

namespace veilgate::simcam {

namespace body_detail {

VG_DEVICE inline float print_on_chest(const Identity& who, Vec3 p) {
  const bool inside = fabsf(p.x) < .62f && fabsf(p.y + 3.2f) < .5f && p.z > 0;
  return inside ? smoothstep(.46f, .54f, noise({p.x * 5, p.y * 4, 0}, who.seed + 53)) : 0.f;
}

/// A face drawn on a shirt: something a detector should not report. Training only.
VG_DEVICE inline float face_print(const Identity& who, Vec3 p) {
  const float radius = .5f + .15f * hash_unit(who.seed + 54), y = p.y + 3.2f;
  if (p.z < 0 || square(p.x / radius) + square(y / (radius * 1.25f)) > 1) return 0;
  const bool eye =
      square((fabsf(p.x) - radius * .42f) / (radius * .28f)) + square((y - radius * .15f) / (radius * .25f)) <
      1;
  const bool mouth = square(p.x / (radius * .5f)) + square((y + radius * .65f) / (radius * .12f)) < 1;
  return eye || mouth ? .2f : 1.f;
}

VG_DEVICE inline float accent_share(const Identity& who, Vec3 p) {
  const float f = who.clothes.pattern_frequency;
  switch (who.clothes.pattern) {
    case Pattern::kPlain:
      return 0;
    case Pattern::kHoops:
      return smoothstep(.1f, .3f, sinf(p.y * f));
    case Pattern::kStripes:
      return smoothstep(.1f, .3f, sinf(p.x * f));
    case Pattern::kChecks:
      return .5f * (sinf(p.x * f) > .2f) + .5f * (sinf(p.y * f) > .2f);
    case Pattern::kBlotches:
      return smoothstep(.45f, .55f, noise(p * (f * .25f), who.seed + 52));
    case Pattern::kPrint:
      return print_on_chest(who, p);
    case Pattern::kZip:
      return fabsf(p.x) < .05f && p.z > 0 ? 1.f : 0.f;
    case Pattern::kFacePrint:
      return face_print(who, p);
  }
  return 0;
}

}  // namespace body_detail

VG_DEVICE inline Paint body_paint(const Identity& who, Vec3 p, Material material) {
  using namespace body_detail;
  const float weave = .92f + .16f * noise({p.x * 2.5f, p.y * 1.2f, p.z * 2.5f}, who.seed + 9);
  switch (material) {
    case Material::kTop:
      return {mix(who.clothes.top, who.clothes.accent, accent_share(who, p)) * weave, .02f, 10, 0};
    case Material::kTrousers:
      return {who.clothes.trousers * weave, .02f, 10, 0};
    case Material::kShoe:
      return {who.clothes.shoes, .15f, 20, 0};
    case Material::kBag:
      return {who.clothes.bag * weave, .06f, 14, 0};
    default:
      return {who.skin * (.94f + .1f * noise(p * 5.f, who.seed + 5)), .05f, 16, 1};
  }
}

}  // namespace veilgate::simcam
