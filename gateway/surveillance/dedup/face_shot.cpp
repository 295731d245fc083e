#include "dedup/face_shot.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veilgate::surveillance {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;
/// The nose tip stands out by about this many eye distances (anthropometric mean: 25 mm of 63 mm, plus the
/// depth of the eyes behind the face), so it moves sideways by that times the sine of the yaw.
constexpr double kNoseDepth = 0.55;
constexpr double kFullSizePx = 160;  // wider boxes are no better

void judge_pose(const FaceDetection& face, ShotQuality& shot) {
  const Point right_eye = face.landmarks[0], left_eye = face.landmarks[1], nose = face.landmarks[2];
  const double dx = left_eye.x - right_eye.x, dy = left_eye.y - right_eye.y;
  const double distance = std::hypot(dx, dy);
  shot.eye_distance_px = distance;
  if (distance < 1e-6) return;
  shot.roll_deg = std::atan2(dy, dx) * kDegrees;
  const double mid_x = (left_eye.x + right_eye.x) / 2, mid_y = (left_eye.y + right_eye.y) / 2;
  const double sideways = ((nose.x - mid_x) * dx + (nose.y - mid_y) * dy) / distance;
  // Eye distance shrinks with the cosine while the nose moves with the sine: their quotient is the tangent.
  shot.yaw_deg = std::atan(sideways / (kNoseDepth * distance)) * kDegrees;
}

}  // namespace

ShotQuality judge_shot(const FaceDetection& face, const AlignedChip& chip, int frame_width, int frame_height,
                       const std::vector<Box>& others) {
  ShotQuality shot;
  shot.width_px = face.box.w;
  shot.sharpness = chip.sharpness();
  if (face.has_landmarks) judge_pose(face, shot);
  const Box frame{0, 0, static_cast<double>(frame_width), static_cast<double>(frame_height)};
  double clear = intersect(face.box, frame).area();
  for (const Box& other : others) clear -= intersect(face.box, other).area();
  shot.visible = face.box.area() > 0 ? std::clamp(clear / face.box.area(), 0.0, 1.0) : 0;
  const double size = std::min(1.0, shot.width_px / kFullSizePx);
  const double frontality =
      std::cos(shot.yaw_deg / kDegrees) * std::max(0.0, std::cos(shot.roll_deg / kDegrees));
  const double sharpness = shot.sharpness / (shot.sharpness + 0.05);
  shot.score = size * frontality * sharpness * shot.visible * shot.visible;
  return shot;
}

bool passes(const QualityGate& gate, const ShotQuality& shot) {
  if (shot.width_px < gate.min_face_px) return false;
  if (gate.min_eye_distance_px > 0 && shot.eye_distance_px < gate.min_eye_distance_px) return false;
  return std::abs(shot.yaw_deg) <= gate.max_yaw_deg && std::abs(shot.roll_deg) <= gate.max_roll_deg;
}

}  // namespace veilgate::surveillance
