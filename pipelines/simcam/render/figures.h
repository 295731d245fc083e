#pragma once
// The two figures a person is drawn as, placed in view space, and where points of the face appear on the
// picture.

#include "simcam/render/body_paint.h"
#include "simcam/render/head_paint.h"
#include "simcam/render/march.h"

namespace veilgate::simcam {

struct HeadFigure {
  const Identity* who;  ///< outlives the figure
  HeadPose pose;
  Mat3 to_view, from_view;
  float smallest_stretch;

  VG_DEVICE HeadFigure(const Identity& identity, const HeadPose& head_pose)
      : who(&identity), pose(head_pose), to_view(head_rotation(head_pose)), from_view(transposed(to_view)) {
    const Vec3 s = identity.proportion;
    smallest_stretch = fminf(s.x, fminf(s.y, s.z));
  }

  VG_DEVICE Vec3 head_space(Vec3 view) const {
    const Vec3 p = from_view * (view - head_pivot()) + head_pivot();
    return {p.x / who->proportion.x, p.y / who->proportion.y, p.z / who->proportion.z};
  }
  VG_DEVICE Vec3 view_space(Vec3 head) const {
    return to_view * (head * who->proportion - head_pivot()) + head_pivot();
  }
  VG_DEVICE Surface distance(Vec3 view) const {
    Surface s = head_distance(*who, pose, head_space(view));
    s.distance *= smallest_stretch;
    return s;
  }
  VG_DEVICE Paint paint(Vec3 view, Material material) const {
    return head_paint(*who, pose, head_space(view), material);
  }
  VG_DEVICE float reach() const { return 2.1f; }
};

/// How much of the neck the head covers: the body is raised by this towards the head's origin.
inline constexpr float kNeckTuck = .42f;
/// The soles of a standing figure, view units below the middle of its head.
inline constexpr float kSolesY = kFloorY + kNeckTuck;

struct BodyFigure {
  const Identity* who;  ///< outlives the figure
  Skeleton skeleton;
  Mat3 to_view, from_view;

  /// `yaw` turns the body like a head's yaw; `elevation` is the angle from which the camera looks down.
  VG_DEVICE BodyFigure(const Identity& identity, const Gait& gait, float yaw, float elevation)
      : who(&identity),
        skeleton(make_skeleton(gait, identity.shoulder_width, identity.build)),
        to_view(rotation_x(elevation) * rotation_y(yaw)),
        from_view(transposed(to_view)) {}

  VG_DEVICE Vec3 body_space(Vec3 view) const {
    return from_view * view + Vec3{0, skeleton.sink - kNeckTuck, 0};
  }
  VG_DEVICE Surface distance(Vec3 view) const { return body_distance(*who, skeleton, body_space(view)); }
  VG_DEVICE Paint paint(Vec3 view, Material material) const {
    return body_paint(*who, body_space(view), material);
  }
  VG_DEVICE float reach() const { return 5.2f; }
};

/// Where a point of view space appears on the plane z = 0.
VG_DEVICE inline Vec3 projected(const Lens& lens, Vec3 view) {
  const float k = lens.distance / (lens.distance - view.z);
  return {view.x * k, view.y * k, view.z};
}

/// What can be known of a face exactly, on the plane z = 0 (head units, y up).
struct FaceTruth {
  float left, right, bottom, top;  ///< of the face: hair line to chin, cheek to cheek
  Vec3 landmarks[5];               ///< subject's right eye, left eye, nose tip, right and left mouth corner
  float facing;  ///< cosine between the face's normal and the view axis; ≤ 0 = from behind
};

VG_DEVICE inline FaceTruth face_truth(const HeadFigure& head, const Lens& lens) {
  const Identity& who = *head.who;
  const float tip = -.22f * who.nose_length, jaw = who.jaw_width, cheek = who.head_width - .06f;
  const Vec3 outline[20] = {{0, .66f, .55f},
                            {.35f, .60f, .45f},
                            {-.35f, .60f, .45f},
                            {.62f, .30f, .20f},
                            {-.62f, .30f, .20f},
                            {cheek, .05f, .10f},
                            {-cheek, .05f, .10f},
                            {jaw + .05f, -.20f, .15f},
                            {-jaw - .05f, -.20f, .15f},
                            {jaw - .02f, -.50f, .12f},
                            {-jaw + .02f, -.50f, .12f},
                            {.25f, who.chin_y - .22f, .30f},
                            {-.25f, who.chin_y - .22f, .30f},
                            {0, who.chin_y - .27f, .32f},
                            {0, who.chin_y - .20f, .50f},
                            {0, tip, .87f + who.nose_depth},
                            {0, .30f, .66f},
                            {.25f, .25f, .62f},
                            {-.25f, .25f, .62f},
                            {0, .5f, .62f}};
  FaceTruth truth{1e9f, -1e9f, 1e9f, -1e9f, {}, (head.to_view * Vec3{0, 0, 1}).z};
  for (const Vec3& point : outline) {
    const Vec3 p = projected(lens, head.view_space(point));
    truth.left = fminf(truth.left, p.x);
    truth.right = fmaxf(truth.right, p.x);
    truth.bottom = fminf(truth.bottom, p.y);
    truth.top = fmaxf(truth.top, p.y);
  }
  const float corner = who.mouth_y + who.smile;
  const Vec3 points[5] = {{-who.eye_spacing, who.eye_y, .70f},
                          {who.eye_spacing, who.eye_y, .70f},
                          {0, tip, .87f + who.nose_depth},
                          {-who.mouth_width, corner, .60f},
                          {who.mouth_width, corner, .60f}};
  for (int i = 0; i < 5; ++i) truth.landmarks[i] = projected(lens, head.view_space(points[i]));
  return truth;
}

}  // namespace veilgate::simcam
