#pragma once
// Colours of the head: skin with its features, eyes, hair, and what is worn.

#include "simcam/render/head.h"
#include "simcam/render/paint.h"

namespace veilgate::simcam {

namespace head_detail {

VG_DEVICE inline Vec3 darker(Vec3 colour, float by) { return colour * (1.f - by); }

VG_DEVICE inline Vec3 complexion(const Identity& who, Vec3 p) {
  const float patches = who.skin_texture * (noise(p * 13.f, who.seed) - .5f) +
                        .6f * who.skin_texture * (noise(p * 37.f, who.seed + 2) - .5f);
  Vec3 c = who.skin * (1.f + patches);
  const Vec3 flush = c * Vec3{1.08f, .86f, .82f};
  c = mix(c, flush, .7f * bell((fabsf(p.x) - .36f) / .18f) * bell((p.y + .2f) / .14f));
  c = mix(c, flush, .5f * bell(p.x / .13f) * bell((p.y + .22f) / .10f));
  if (who.freckles > 0) c = darker(c, who.freckles * smoothstep(.72f, .85f, noise(p * 30.f, who.seed + 77)));
  return c;
}

VG_DEVICE inline Vec3 with_brows(const Identity& who, Vec3 p, Vec3 c) {
  const float x = (fabsf(p.x) - who.eye_spacing) / .20f;
  const float y = p.y - (who.brow_y + .03f - .042f * x * x + who.brow_slope * x);
  const float density = smoothstep(1.15f, .85f, fabsf(x)) *
                        smoothstep(.052f * who.brow_thickness, .022f * who.brow_thickness, fabsf(y)) *
                        (.65f + .35f * noise({p.x * 60, p.y * 25, 0}, who.seed + 3));
  return mix(c, who.hair * .9f, .92f * density);
}

VG_DEVICE inline Vec3 with_eye_shadows(const Identity& who, const HeadPose& pose, Vec3 p, Vec3 c) {
  const float x = (fabsf(p.x) - who.eye_spacing) / .17f, y = p.y - who.eye_y;
  const float open = who.eye_size * (1.f - pose.blink) * (1.f - x * x);
  c = darker(c, (.16f + .16f * who.age) * bell(x * 1.05f) * bell((y - .02f) / .10f));
  c = darker(
      c, .80f * smoothstep(1.05f, .8f, fabsf(x)) * smoothstep(.022f, .006f, fabsf(y - .062f * open - .002f)));
  c = darker(c, .35f * smoothstep(1.f, .7f, fabsf(x)) * smoothstep(.016f, .004f, fabsf(y + .047f * open)));
  return darker(c, .22f * who.age * smoothstep(.02f, 0.f, fabsf(y + .12f + .05f * x * x)) *
                       smoothstep(1.f, .5f, fabsf(x)));
}

VG_DEVICE inline Vec3 with_lips(const Identity& who, const HeadPose& pose, Vec3 p, Vec3 c) {
  const float x = fabsf(p.x) / who.mouth_width, y = p.y - mouth_line(who, fabsf(p.x)), open = pose.mouth_open;
  const float upper = .062f * who.lip_thickness * (1 - x * x) - .012f * expf(-x * x * 40);
  const float lower = -.088f * who.lip_thickness * (1 - x * x) - .10f * open;
  const float lips =
      x < 1 ? smoothstep(.012f, -.006f, y - upper) * smoothstep(-.012f, .006f, y - lower) : 0.f;
  c = mix(c, who.lip, .85f * lips);
  if (open <= .12f) return darker(c, .70f * smoothstep(1.1f, .9f, x) * smoothstep(.020f, .006f, fabsf(y)));
  const float middle = y + .04f * open;
  const float inside =
      smoothstep(1.f, .9f, x / .8f) * smoothstep(0.f, -.015f, fabsf(middle) - .085f * open * (1 - x * x));
  const Vec3 teeth = {.80f, .78f, .73f}, throat = {.20f, .06f, .06f};
  return mix(c, middle > .02f * open ? teeth : throat, inside);
}

VG_DEVICE inline Vec3 with_nose_shadows(const Identity& who, Vec3 p, Vec3 c) {
  const float nostril_x = (fabsf(p.x) - .055f * who.nose_width) / .040f;
  c = darker(c, .72f * bell(nostril_x) * bell((p.y + .285f * who.nose_length) / .026f));
  return darker(c,
                .25f * bell(p.x / (.13f * who.nose_width)) * bell((p.y + .325f * who.nose_length) / .035f));
}

VG_DEVICE inline Vec3 with_wrinkles(const Identity& who, Vec3 p, Vec3 c) {
  const float x = fabsf(p.x);
  c = darker(c, .28f * who.age * smoothstep(.025f, 0.f, fabsf(x - .17f + .35f * (p.y + .25f))) *
                    smoothstep(-.20f, -.27f, p.y) * smoothstep(-.60f, -.5f, p.y));
  if (p.y < .38f) return c;
  return darker(c, .14f * who.age * smoothstep(.3f, .9f, sinf(p.y * 70 + 3 * noise(p * 5.f, who.seed + 4))) *
                       smoothstep(.5f, .3f, x));
}

VG_DEVICE inline Paint skin_paint(const Identity& who, const HeadPose& pose, Vec3 p) {
  Vec3 c = complexion(who, p);
  if (p.z > .3f) {
    c = with_brows(who, p, c);
    c = with_eye_shadows(who, pose, p, c);
    c = with_lips(who, pose, p, c);
    c = with_nose_shadows(who, p, c);
    c = with_wrinkles(who, p, c);
  }
  if (who.beard > 0 || who.moustache > 0) {
    const Vec3 whiskers = who.hair * (.7f + .6f * noise({p.x * 45, p.y * 20, p.z * 30}, who.seed + 11));
    c = mix(c, whiskers,
            clamp(1.1f * beard_density(who, pose, p), 0.f, 1.f) * (who.beard_depth > 0 ? 1.f : .75f));
  }
  if (who.hair_style == HairStyle::kReceding) {
    const float shaved = smoothstep(.02f, -.05f, beyond_hair_line(who, p)) * .35f;
    c = mix(c, who.hair, shaved);
  }
  return {c, .05f + .10f * who.gloss, 16, 1};
}

VG_DEVICE inline Paint eye_paint(const Identity& who, const HeadPose& pose, Vec3 p) {
  const float x = fabsf(p.x) - who.eye_spacing, y = p.y - who.eye_y;
  const float outward = p.x > 0 ? pose.gaze_x : -pose.gaze_x;
  const float from_pupil = sqrtf(square(x - outward) + square(y - pose.gaze_y));
  Vec3 c = mix(Vec3{.80f, .78f, .76f}, who.skin, .12f);
  const float iris = .066f * who.eye_size;
  c = mix(c, who.iris, smoothstep(iris + .008f, iris - .004f, from_pupil));
  c = mix(c, Vec3{.03f, .03f, .03f}, smoothstep(.034f, .026f, from_pupil));
  return {darker(c, .42f * smoothstep(.01f, .06f, y)), .6f, 90, 0};
}

VG_DEVICE inline Paint hair_paint(const Identity& who, Vec3 p) {
  const float strands = .70f + .55f * noise({p.x * 46 + p.z * 20, p.y * 7, p.z * 8}, who.seed + 5);
  const float locks = .70f + .60f * noise(p * 5.f, who.seed + 6);
  return {who.hair * (strands * locks), .08f + .10f * who.gloss, 12, 0};
}

VG_DEVICE inline Paint headgear_paint(const Identity& who, Vec3 p) {
  const float rib = who.headgear == Headgear::kBeanie ? 40.f : 6.f;
  Vec3 c = who.headgear_colour * (.85f + .3f * noise({p.x * 6, p.y * rib, p.z * 6}, who.seed + 13));
  const bool striped = who.headgear == Headgear::kBeanie && hash_unit(who.seed + 60) < .4f;
  if (striped && sinf(p.y * 18) > .3f) c = mix(c, who.clothes.accent, .8f);
  return {c, who.headgear == Headgear::kHelmet ? .35f : .03f, 30, 0};
}

}  // namespace head_detail

VG_DEVICE inline Paint head_paint(const Identity& who, const HeadPose& pose, Vec3 p, Material material) {
  using namespace head_detail;
  switch (material) {
    case Material::kEye:
      return eye_paint(who, pose, p);
    case Material::kHair:
      return hair_paint(who, p);
    case Material::kGlassesFrame:
      return {who.frame_colour, .35f, 40, 0};
    case Material::kGlassesLens:
      return {who.frame_colour * .3f + Vec3{.02f, .02f, .02f}, .6f, 60, 0};
    case Material::kHeadgear:
      return headgear_paint(who, p);
    case Material::kFaceMask:
      return {who.mask_colour * (.92f + .08f * sinf(p.y * 38)), .03f, 18, 0};
    default:
      return skin_paint(who, pose, p);
  }
}

}  // namespace veilgate::simcam
