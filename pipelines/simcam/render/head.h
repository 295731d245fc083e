#pragma once
// The head as a signed distance field, in head space before its proportion is applied (head units, +z out of
// the face, +x to the subject's left). One function per feature; what lies behind the ears is skipped for the
// face's.

#include "simcam/render/identity.h"
#include "simcam/render/noise.h"
#include "simcam/render/pose.h"
#include "simcam/render/shapes.h"

namespace veilgate::simcam {

inline constexpr float kEyeballDepth = .555f;
inline constexpr float kEyeballRadius = .145f;

namespace head_detail {

/// The height of the mouth's line at distance `x` from the middle: corners up in a smile.
VG_DEVICE inline float mouth_line(const Identity& who, float x) {
  return who.mouth_y + who.smile * square(clamp(x / who.mouth_width, 0.f, 1.f));
}

/// How dense the beard is at a point of the skin, 0…1; the lips stay free.
VG_DEVICE inline float beard_density(const Identity& who, const HeadPose& pose, Vec3 p) {
  const Vec3 q = mirrored(p);
  const float sideburn = .30f * smoothstep(.25f, .5f, q.x);
  const float cheeks = smoothstep(-.36f, -.52f, p.y - sideburn) * smoothstep(-.35f, -.1f, p.z);
  const float lip = smoothstep(.085f, .05f, fabsf(p.y - who.mouth_y - .115f)) *
                    smoothstep(who.mouth_width + .10f, who.mouth_width - .02f, q.x) *
                    smoothstep(.2f, .4f, p.z);
  const float from_mouth = p.y - mouth_line(who, q.x);
  const float open = .06f * pose.mouth_open;
  const float lips = smoothstep(1.15f, 1.f, q.x / who.mouth_width) * smoothstep(.075f, .06f, from_mouth) *
                     smoothstep(-.10f - open, -.085f - open, from_mouth);
  return fmaxf(cheeks * who.beard, lip * who.moustache) * (1.f - lips);
}

VG_DEVICE inline float skull(const Identity& who, Vec3 p) {
  const Vec3 q = mirrored(p);
  float d = ellipsoid(p - Vec3{0, .22f, -.12f}, {who.head_width, .80f, .86f});
  d = soft_union(d, ellipsoid(p - Vec3{0, -.25f, .12f}, {who.jaw_width + .04f, .66f, .58f}), .22f);
  d = soft_union(d, ellipsoid(p - Vec3{0, who.chin_y, .26f}, {who.chin_width + .08f, .27f, .34f}), .22f);
  d = soft_union(d, ellipsoid(q - Vec3{.36f, -.18f, .42f}, {.22f, .17f, .18f + who.cheek}), .16f);
  return soft_union(d, ellipsoid(q - Vec3{who.head_width + .02f, -.02f, -.10f}, {.07f, .19f, .12f}), .05f);
}

VG_DEVICE inline float with_brow_and_sockets(const Identity& who, Vec3 q, float d) {
  d = soft_union(d, ellipsoid(q - Vec3{.26f, .22f, .56f + who.brow_ridge}, {.26f, .07f, .10f}), .10f);
  return carved(d, ellipsoid(q - Vec3{who.eye_spacing, who.eye_y + .005f, .80f}, {.19f, .105f, .16f}), .10f);
}

VG_DEVICE inline float with_nose(const Identity& who, Vec3 p, float d) {
  const Vec3 q = mirrored(p);
  const float tip_y = -.22f * who.nose_length, tip_z = .79f + who.nose_depth, w = who.nose_width;
  d = soft_union(d, limb(p, {0, .12f, .62f}, {0, tip_y + .02f, tip_z + .01f}, .055f * w, .085f * w), .07f);
  d = soft_union(d, ellipsoid(p - Vec3{0, tip_y, tip_z}, {.10f * w, .085f, .10f}), .05f);
  const Vec3 wing = {.095f * w, tip_y - .015f * who.nose_length, .72f + who.nose_depth * .8f};
  d = soft_union(d, ellipsoid(q - wing, {.065f, .06f, .08f}), .04f);
  const Vec3 nostril = {.050f * w, tip_y - .075f * who.nose_length, tip_z};
  return carved(d, ellipsoid(q - nostril, {.032f, .022f, .05f}), .02f);
}

VG_DEVICE inline float with_mouth(const Identity& who, const HeadPose& pose, Vec3 p, float d) {
  const float x = fabsf(p.x), y = p.y - mouth_line(who, x), open = pose.mouth_open, w = who.mouth_width;
  d = soft_union(d, ellipsoid({p.x, y - .035f, p.z - .67f}, {w * .85f, .040f * who.lip_thickness, .085f}),
                 .04f);
  const Vec3 lower = {p.x, y + .048f + .08f * open, p.z - .66f};
  d = soft_union(d, ellipsoid(lower, {w * .75f, .050f * who.lip_thickness, .085f}), .05f);
  const float gap = w * mix(.9f, .75f, clamp(open * 2.f, 0.f, 1.f));
  return carved(d, ellipsoid({p.x, y + .04f * open, p.z - .76f}, {gap, .008f + .085f * open, .12f}), .02f);
}

/// Lids: a shell around the eyeball, cut by an almond that closes with the blink.
VG_DEVICE inline float with_lids(const Identity& who, const HeadPose& pose, Vec3 q, float d) {
  const Vec3 from_eye = q - Vec3{who.eye_spacing, who.eye_y, kEyeballDepth};
  const float shell = length(from_eye) - (kEyeballRadius * who.eye_size + .014f);
  const float almond = 1.f - square(clamp(fabsf(from_eye.x) / .15f, 0.f, 1.f));
  const float open = (1.f - pose.blink) * who.eye_size * almond;
  const float slit = fmaxf(from_eye.y - .060f * open, -.045f * open - from_eye.y);
  return soft_union(d, soft_intersection(shell, -slit, .012f), .03f);
}

VG_DEVICE inline float skin(const Identity& who, const HeadPose& pose, Vec3 p) {
  const Vec3 q = mirrored(p);
  float d = skull(who, p);
  if (p.z <= .1f || d > .45f) return d;
  const bool at_eyes = matters(q, {who.eye_spacing, who.eye_y + .05f, .62f}, .38f, d);
  if (at_eyes) d = with_brow_and_sockets(who, q, d);
  if (matters(p, {0, -.08f, .74f}, .42f, d)) d = with_nose(who, p, d);
  if (matters(p, {0, who.mouth_y, .66f}, .38f, d)) d = with_mouth(who, pose, p, d);
  if (who.beard_depth > 0 && d < .2f)
    d -= who.beard_depth * beard_density(who, pose, p) * (.8f + .3f * noise(p * 26.f, who.seed + 31));
  return at_eyes ? with_lids(who, pose, q, d) : d;
}

/// > 0 in front of and below the hair line.
VG_DEVICE inline float beyond_hair_line(const Identity& who, Vec3 p) {
  return p.z * .95f - p.y * 1.05f - (who.hair_line + who.hair_parting * p.x - .20f * p.x * p.x);
}

VG_DEVICE inline float long_strands(const Identity& who, Vec3 p, float cap) {
  const Vec3 q = mirrored(p);
  const float l = who.hair_length, v = who.hair_volume;
  const float wave = .03f * sinf(p.y * who.hair_frequency * .9f + p.x * 2.f);
  const Vec3 side = {who.head_width - .03f + v * .5f + wave, -.15f - .25f * l, -.25f};
  cap = soft_union(cap, ellipsoid(q - side, {.17f + v, .65f + .45f * l, .42f}), .12f);
  const Vec3 back = {0, -.2f - .25f * l, -.62f};
  return soft_union(cap, ellipsoid(p - back, {who.head_width + v * .5f, .7f + .4f * l, .35f}), .1f);
}

VG_DEVICE inline float fringe(const Identity& who, Vec3 p, float cap, float ragged) {
  const float edge = who.brow_y + .03f + .3f * ragged + who.hair_parting * .3f * p.x;
  const float front =
      ellipsoid(p - Vec3{0, .42f, .42f}, {who.head_width * .92f, .32f + who.hair_volume, .46f});
  cap = soft_union(cap, fmaxf(front, edge - p.y), .05f);
  const Vec3 side = {who.head_width - .02f, -.10f - .2f * who.hair_length, -.2f};
  return soft_union(
      cap, ellipsoid(mirrored(p) - side, {.15f + who.hair_volume, .55f + .3f * who.hair_length, .42f}), .1f);
}

VG_DEVICE inline float hair(const Identity& who, Vec3 p) {
  const float v = who.hair_volume;
  float d = ellipsoid(p - Vec3{0, .24f, -.15f}, {who.head_width + .05f + v, .84f + v, .89f + v});
  const bool reaches_down = who.hair_style == HairStyle::kLong || who.hair_style == HairStyle::kFringe;
  const float smooth_line = beyond_hair_line(who, p);
  const bool close = d < .22f || (reaches_down && d < .6f);
  const bool at_edge = close && fabsf(smooth_line) < .3f;
  const float ragged = at_edge
                           ? (noise({p.x * who.hair_frequency, p.y * 3, p.z * 3}, who.seed) - .5f) * .12f +
                                 (noise(p * 3.f, who.seed + 1) - .5f) * .10f
                           : 0.f;
  float line = smooth_line - ragged;
  if (who.hair_style == HairStyle::kReceding)
    line = fmaxf(line, p.y - .42f - ragged - .9f * fmaxf(0.f, -p.z - .1f));
  if (who.hair_style == HairStyle::kCurly && close) d -= .10f * (noise(p * 7.f, who.seed + 7) - .3f);
  d = soft_intersection(d, line, .05f);
  if (who.hair_style == HairStyle::kLong) d = long_strands(who, p, d);
  if (who.hair_style == HairStyle::kFringe) d = fringe(who, p, d, ragged);
  if (who.hair_style == HairStyle::kBun) {
    const Vec3 knot = {0, .55f + who.hair_length * .5f, -.85f + who.hair_length * .4f};
    d = soft_union(d, length(p - knot) - (.22f + v), .08f);
  }
  if (d > .14f) return d - .04f;
  return d - .016f * noise({p.x * 38, p.y * 7, p.z * 9}, who.seed + 9) -
         .024f * noise({p.x * 9, p.y * 4, p.z * 5}, who.seed + 8);
}

VG_DEVICE inline float brimmed_hat(const Identity& who, Vec3 p) {
  const bool helmet = who.headgear == Headgear::kHelmet, beanie = who.headgear == Headgear::kBeanie;
  const float thick = helmet ? .12f : .07f + who.hair_volume * .5f;
  float d = ellipsoid(p - Vec3{0, .26f, -.14f}, {who.head_width + .06f + thick, .84f + thick, .88f + thick});
  const float edge = (beanie ? .36f : .44f) + who.headgear_y - .27f * fmaxf(0.f, -p.z);
  if (beanie && who.hair_length > .5f) d = soft_union(d, length(p - Vec3{0, 1.15f, -.14f}) - .17f, .03f);
  d = soft_intersection(d, edge - p.y, .02f);
  if (beanie) return d - .03f * smoothstep(.20f, .17f, fabsf(p.y - edge - .12f));
  const Vec3 from_brim = {p.x, p.y - edge - .02f + .10f * (p.z - .8f), p.z - (helmet ? .2f : .82f)};
  const Vec3 brim = helmet ? Vec3{who.head_width + .32f, .035f, 1.15f} : Vec3{.55f, .035f, .52f};
  return soft_union(d, ellipsoid(from_brim, brim), .03f);
}

VG_DEVICE inline float hood(const Identity& who, Vec3 p) {
  float d = ellipsoid(p - Vec3{0, .12f, -.22f}, {who.head_width + .30f, 1.12f, 1.12f});
  d = carved(d, ellipsoid(p - Vec3{0, -.05f + who.headgear_y, .95f}, {.66f, .90f, .85f}), .08f);
  d = fmaxf(d, -ellipsoid(p - Vec3{0, .08f, -.1f}, {who.head_width + .14f, 1.f, 1.f}));
  return d - (d < .15f ? .03f * noise(p * 4.f, who.seed + 5) : .03f);
}

VG_DEVICE inline float scarf(const Identity& who, Vec3 p) {
  float d = ellipsoid(p - Vec3{0, .10f, -.12f}, {who.head_width + .15f, 1.02f, 1.f});
  d = carved(d, ellipsoid(p - Vec3{0, -.14f + who.headgear_y * .5f, 1.f}, {.50f, .80f, .72f}), .05f);
  const float wrap = carved(ellipsoid(p - Vec3{0, -1.f, 0}, {.72f, .55f, .62f}),
                            ellipsoid(p - Vec3{0, -.2f, 1.f}, {.50f, .76f, .70f}), .05f);
  d = soft_union(d, wrap, .12f);
  return d - (d < .15f ? .03f * noise({p.x * 4 + p.y * 6, p.y * 5, p.z * 4}, who.seed + 5) : .03f);
}

VG_DEVICE inline float headgear(const Identity& who, Vec3 p) {
  switch (who.headgear) {
    case Headgear::kNone:
      return 1e3f;
    case Headgear::kHood:
      return hood(who, p);
    case Headgear::kScarf:
      return scarf(who, p);
    default:
      return brimmed_hat(who, p);
  }
}

VG_DEVICE inline Surface glasses(const Identity& who, Vec3 p) {
  const Vec3 q = mirrored(p);
  const Vec3 g = q - Vec3{who.eye_spacing + .01f, who.eye_y - .02f, .80f - .10f * q.x * q.x};
  if (fabsf(g.y) > .6f) return {.3f, Material::kGlassesFrame};
  const float n = who.frame_power;
  const float reach = powf(powf(fabsf(g.x) / who.frame_stretch, n) + powf(fabsf(g.y), n), 1.f / n);
  const float rim = reach - who.frame_radius;
  float frame = sqrtf(rim * rim + g.z * g.z) - who.frame_thickness;
  frame = fminf(frame, limb(q, {0, who.eye_y + .015f, .85f}, {.12f, who.eye_y + .015f, .82f}, .014f, .014f));
  const Vec3 hinge = {who.eye_spacing + who.frame_radius * who.frame_stretch, who.eye_y + .01f, .72f};
  frame = fminf(frame, limb(q, hinge, {who.head_width + .05f, who.eye_y + .01f, -.05f}, .015f, .015f));
  const Surface surface = {frame * .8f, Material::kGlassesFrame};
  if (who.glasses != Glasses::kDark) return surface;
  return nearer(surface, {fmaxf(rim, fabsf(g.z) - .012f) * .8f, Material::kGlassesLens});
}

VG_DEVICE inline float face_mask(const Identity& who, Vec3 p, float face) {
  const float top = who.mask_top - .30f * square(clamp(fabsf(p.x) / .62f, 0.f, 1.2f));
  const float band = fmaxf(p.y - top, -1.f - p.y);
  const float bulge = fmaxf(ellipsoid(p - Vec3{0, -.42f, .46f}, {.40f, .40f, .45f}), band);
  return fmaxf(soft_union(fmaxf(face - .035f, band), bulge, .06f), -.02f - p.z);
}

}  // namespace head_detail

/// Distance from `p` (head space, unstretched) to the head, and what is there.
VG_DEVICE_NOINLINE inline Surface head_distance(const Identity& who, const HeadPose& pose, Vec3 p) {
  using namespace head_detail;
  const float outside = length(p - Vec3{0, .05f, -.05f}) - 2.f;
  if (outside > .4f) return {outside, Material::kSkin};
  Surface s = {skin(who, pose, p), Material::kSkin};
  const float face = s.distance;
  if (p.z > .2f && matters(mirrored(p), {who.eye_spacing, who.eye_y, kEyeballDepth}, .2f, s.distance)) {
    const Vec3 eye = {who.eye_spacing, who.eye_y, kEyeballDepth};
    s = nearer(s, {length(mirrored(p) - eye) - kEyeballRadius * who.eye_size, Material::kEye});
  }
  if (who.face_mask && p.z > -.2f) s = nearer(s, {face_mask(who, p, face), Material::kFaceMask});
  if (who.hair_style != HairStyle::kBald) {
    float strands = hair(who, p);
    const bool tucked_in = who.headgear == Headgear::kHood || who.headgear == Headgear::kScarf;
    if (tucked_in) strands = fmaxf(strands, ellipsoid(p - Vec3{0, .1f, 0}, {.9f, 1.1f, 1.f}));
    s = nearer(s, {strands, Material::kHair});
  }
  s = nearer(s, {headgear(who, p), Material::kHeadgear});
  if (who.glasses != Glasses::kNone && p.z > -.3f) s = nearer(s, glasses(who, p));
  return s;
}

}  // namespace veilgate::simcam
