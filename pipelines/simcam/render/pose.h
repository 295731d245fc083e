#pragma once
// How a person is held: where the head points, what the face does, and where the joints are in a stride.
// Angles in radians; yaw > 0 turns the nose to the picture's right, pitch > 0 downwards, roll > 0
// counter-clockwise.

#include "simcam/render/vector.h"

namespace veilgate::simcam {

struct HeadPose {
  float yaw = 0;
  float pitch = 0;
  float roll = 0;
  float blink = 0;       ///< 0 open … 1 shut
  float mouth_open = 0;  ///< 0 … 1
  float gaze_x = 0;      ///< of the irises, head units
  float gaze_y = 0;
};

/// Head space → view space, about the neck.
VG_DEVICE inline Mat3 head_rotation(const HeadPose& pose) {
  return rotation_z(pose.roll) * rotation_x(pose.pitch) * rotation_y(pose.yaw);
}
VG_DEVICE inline Vec3 head_pivot() { return {0, -.62f, -.15f}; }

/// A stride. `phase` runs 0…2π over two steps; `effort` 0 = standing, 1 = walking.
struct Gait {
  float phase = 0;
  float effort = 0;
};

/// Joints in body space (head units, origin in the middle of the head, facing +z). Index 0 = the person's
/// right side, which is the picture's left when seen from the front.
struct Skeleton {
  Vec3 shoulder[2], elbow[2], wrist[2];
  Vec3 hip[2], knee[2], ankle[2], toe[2];
  float sink = 0;  ///< how far the stride lowers the whole figure; > 0 is down
};

inline constexpr float kFloorY = -13.1f;  ///< where a standing person's soles are
inline constexpr float kHipY = -6.75f;
inline constexpr float kThigh = 3.05f;
inline constexpr float kShin = 2.85f;
inline constexpr float kUpperArm = 2.45f;
inline constexpr float kForearm = 2.15f;
inline constexpr float kAnkleHeight = .45f;  ///< above the sole

VG_DEVICE inline Vec3 swung(Vec3 from, float length_units, float angle, float outward) {
  return from + Vec3{outward * length_units, -cosf(angle) * length_units, sinf(angle) * length_units};
}

VG_DEVICE inline Skeleton make_skeleton(const Gait& gait, float shoulder_width, float build) {
  Skeleton s;
  float lowest = 0;
  for (int side = 0; side < 2; ++side) {
    const float sign = side == 0 ? -1.f : 1.f;
    const float phase = gait.phase + (side == 0 ? 0.f : 3.14159265f);
    const float thigh = .42f * gait.effort * sinf(phase);
    // The knee bends while its leg swings forward, and gives a little when the heel strikes.
    const float bend = gait.effort * (.10f + .75f * square(fmaxf(0.f, cosf(phase)))) + .03f;
    s.hip[side] = {sign * .60f * build, kHipY, -.15f};
    s.knee[side] = swung(s.hip[side], kThigh, thigh, sign * .02f);
    s.ankle[side] = swung(s.knee[side], kShin, thigh - bend, 0.f);
    const float foot = .35f * gait.effort * sinf(phase) - .35f * bend * gait.effort;
    s.toe[side] = s.ankle[side] + Vec3{sign * .16f, -.26f + foot * .7f, .78f};
    lowest = fminf(lowest, fminf(s.ankle[side].y - kAnkleHeight, s.toe[side].y - .20f));

    const float arm = -.40f * gait.effort * sinf(phase) + .04f;
    s.shoulder[side] = {sign * 1.52f * shoulder_width, -2.12f, -.28f};
    s.elbow[side] = swung(s.shoulder[side], kUpperArm, arm, sign * .10f);
    s.wrist[side] = swung(s.elbow[side], kForearm, arm + .22f + .25f * gait.effort, sign * -.02f);
  }
  s.sink = lowest - kFloorY;
  return s;
}

}  // namespace veilgate::simcam
