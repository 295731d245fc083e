#pragma once
// Neck, torso, arms and legs as a signed distance field in body space (head units, facing +z, origin in the
// middle of the head). The head itself is a figure of its own, so that it turns freely on its neck.

#include "simcam/render/identity.h"
#include "simcam/render/pose.h"
#include "simcam/render/shapes.h"

namespace veilgate::simcam {

namespace body_detail {

/// Where the top ends and trousers begin.
VG_DEVICE inline float hem(const Identity& who) { return kHipY + .15f - who.clothes.hem_y; }

VG_DEVICE inline Surface torso(const Identity& who, Vec3 p) {
  const Vec3 q = mirrored(p);
  const float w = who.shoulder_width, b = who.build;
  float d = ellipsoid(p - Vec3{0, -3.35f, -.22f}, {1.32f * w, 1.65f, .80f * b});
  d = soft_union(d, limb(q, {0, -1.72f, -.28f}, {1.34f * w, -2.10f, -.28f}, .34f, .42f), .45f);
  d = soft_union(d, ellipsoid(p - Vec3{0, -5.2f, -.18f}, {1.06f * b, 1.7f, .72f * b}), .6f);
  d = soft_union(d, ellipsoid(p - Vec3{0, -6.55f, -.22f}, {1.16f * b, .95f, .80f * b}), .4f);
  if (who.clothes.collar > 0) {
    const float ring = fabsf(limb(p, {0, -1.2f, -.24f}, {0, -1.7f, -.28f}, .47f, .58f)) - .05f;
    d = soft_union(d, fmaxf(ring, p.y + 1.35f - .25f * who.clothes.collar), .06f);
  }
  const bool above_waist = p.y > hem(who);
  const bool bare = who.clothes.neckline > 0 && p.z > -.3f && p.y > -2.9f &&
                    fabsf(p.x) < .5f * (p.y + 1.6f + who.clothes.neckline * 1.6f);
  return {d, bare ? Material::kSkin : above_waist ? Material::kTop : Material::kTrousers};
}

VG_DEVICE inline float hand(Vec3 p, Vec3 wrist, Vec3 elbow, float side) {
  const Vec3 along = normalized(wrist - elbow);
  const float palm = ellipsoid(p - (wrist + along * .42f), {.17f, .40f, .24f});
  const Vec3 thumb = wrist + along * .22f + Vec3{side * -.05f, 0, .20f};
  return soft_union(palm, limb(p, thumb, thumb + along * .30f, .08f, .06f), .06f);
}

VG_DEVICE inline Surface arm(const Identity& who, const Skeleton& s, int side, Vec3 p, float nearest_so_far) {
  const Clothing& c = who.clothes;
  const float b = .5f + .5f * who.build;
  const float upper = limb(p, s.shoulder[side], s.elbow[side], .42f * b, .31f * b);
  const bool long_sleeve = c.sleeves == Sleeves::kLong;
  const float cuff = long_sleeve ? .03f : 0.f;
  const float fore = limb(p, s.elbow[side], s.wrist[side], .29f * b + cuff, .19f * b + cuff);
  if (fminf(upper, fore) > nearest_so_far + 1.2f) return {fminf(upper, fore) - .9f, Material::kTop};
  const float from_shoulder = dot(p - s.shoulder[side], normalized(s.elbow[side] - s.shoulder[side]));
  const bool covered = long_sleeve || from_shoulder < kUpperArm * .72f;
  const Surface sleeve = {soft_union(upper, fore, .08f) - (covered ? .02f : 0.f),
                          covered ? Material::kTop : Material::kSkin};
  if (!matters(p, s.wrist[side], .9f, fminf(sleeve.distance, nearest_so_far))) return sleeve;
  return nearer(sleeve, {hand(p, s.wrist[side], s.elbow[side], side == 0 ? -1.f : 1.f), Material::kSkin});
}

VG_DEVICE inline Surface leg(const Identity& who, const Skeleton& s, int side, Vec3 p) {
  const float b = .45f + .55f * who.build;
  const bool bare = who.clothes.bottom != Bottom::kTrousers;
  const float thigh = limb(p, s.hip[side], s.knee[side], .68f * b, .45f * b);
  const float slim = bare ? .10f : 0.f;
  const float shin = limb(p, s.knee[side], s.ankle[side], .43f * b - slim, .28f * b - slim * .7f);
  const float below_hip = dot(p - s.hip[side], normalized(s.knee[side] - s.hip[side]));
  const bool covered = !bare || below_hip < kThigh * .75f;
  const Surface cloth = {soft_union(thigh, shin, .15f), p.y > hem(who) ? Material::kTop
                                                        : covered      ? Material::kTrousers
                                                                       : Material::kSkin};
  if (!matters(p, s.ankle[side], 1.3f, cloth.distance)) return cloth;
  const Vec3 heel = s.ankle[side] + Vec3{0, -.22f, -.12f};
  const float shoe =
      soft_union(limb(p, heel, s.toe[side], .26f, .20f), length(p - s.ankle[side]) - .28f, .10f);
  return nearer(cloth, {shoe, Material::kShoe});
}

VG_DEVICE inline Surface skirt(const Identity& who, const Skeleton& s, Vec3 p) {
  const float lower_edge = kHipY - 2.7f, t = clamp((kHipY - p.y) / 2.7f, 0.f, 1.f);
  const Vec3 sway = (s.knee[0] + s.knee[1]) * .5f;
  const Vec3 middle = {0, 0, mix(-.2f, sway.z, t * .6f)};
  const float spread = fabsf(s.knee[0].z - s.knee[1].z) * .62f;
  const Vec3 radii = {1.12f * who.build + .25f * t, 1.f, .80f + (.30f + spread) * t};
  const Vec3 q = {(p.x - middle.x) / radii.x, 0, (p.z - middle.z) / radii.z};
  const float cone = (length(q) - 1.f) * fminf(radii.x, radii.z);
  const float d = soft_intersection(soft_intersection(cone, p.y - kHipY - .5f, .1f), lower_edge - p.y, .05f);
  return {d * .85f, p.y > hem(who) ? Material::kTop : Material::kTrousers};
}

VG_DEVICE inline float backpack(const Identity& who, Vec3 p) {
  const Vec3 q = mirrored(p);
  float d = ellipsoid(p - Vec3{0, -3.7f, -1.20f}, {.98f * who.shoulder_width, 1.55f, .55f});
  d = soft_intersection(d, fabsf(p.y + 3.7f) - 1.25f, .3f);
  const float strap = limb(q, {.78f, -1.75f, .05f}, {.95f, -3.6f, .42f}, .11f, .11f);
  return fminf(d, strap);
}

/// Beyond its bounding ball a part counts with the distance to the ball.
VG_DEVICE inline bool too_far(Vec3 p, Vec3 centre, float radius, float nearest_so_far) {
  return length(p - centre) - radius > nearest_so_far + .5f;
}

}  // namespace body_detail

/// `p` in body space, after the figure has sunk by skeleton.sink (march.h does that).
VG_DEVICE_NOINLINE inline Surface body_distance(const Identity& who, const Skeleton& s, Vec3 p) {
  using namespace body_detail;
  Surface best = {limb(p, {0, -.55f, -.20f}, {0, -1.75f, -.30f}, .36f, .44f), Material::kSkin};
  if (!too_far(p, {0, -4.4f, -.2f}, 3.6f, best.distance)) {
    const Surface chest = torso(who, p);
    best = {soft_union(best.distance, chest.distance, .08f),
            chest.distance < best.distance ? chest.material : best.material};
    if (who.clothes.backpack) best = nearer(best, {backpack(who, p), Material::kBag});
  }
  for (int side = 0; side < 2; ++side) {
    if (!too_far(p, s.elbow[side], 3.0f, best.distance)) {
      const Surface limb_surface = arm(who, s, side, p, best.distance);
      const bool cloth_on_cloth = limb_surface.material == Material::kTop && best.material == Material::kTop;
      const Surface joined = nearer(best, limb_surface);
      best = cloth_on_cloth ? Surface{soft_union(best.distance, limb_surface.distance, .12f), joined.material}
                            : joined;
    }
    if (!too_far(p, s.knee[side], 4.1f, best.distance)) {
      const Surface l = leg(who, s, side, p);
      best = {soft_union(best.distance, l.distance, .10f), nearer(best, l).material};
    }
  }
  if (who.clothes.bottom == Bottom::kSkirt) best = nearer(best, skirt(who, s, p));
  return best;
}

}  // namespace veilgate::simcam
