#include "dedup/face_shot.h"

#include <gtest/gtest.h>

#include "drawn_face.h"

namespace veilgate::surveillance {
namespace {

ShotQuality judge(const DrawnFace& face, FaceDetection detection, const std::vector<Box>& others = {}) {
  const MaskedFrame frame = frame_of({face});
  return judge_shot(detection, AlignedChip::cut(frame, detection), frame.width(), frame.height(), others);
}

TEST(FaceShot, MeasuresEyeDistanceAndPose) {
  const DrawnFace face{1, 100, 80, 100};
  const ShotQuality shot = judge(face, detection_of(face));
  EXPECT_NEAR(shot.eye_distance_px, 40, 1e-6);
  EXPECT_NEAR(shot.yaw_deg, 0, 1e-6);
  EXPECT_NEAR(shot.roll_deg, 0, 1e-6);
}

TEST(FaceShot, ATurnedHeadHasItsNoseToTheSideAndScoresLess) {
  const DrawnFace face{1, 100, 80, 100};
  FaceDetection turned = detection_of(face);
  turned.landmarks[2].x += 0.55 * 40 * std::tan(30 * 3.14159265 / 180);
  const ShotQuality shot = judge(face, turned);
  EXPECT_NEAR(shot.yaw_deg, 30, 0.5);
  EXPECT_LT(shot.score, judge(face, detection_of(face)).score);
  QualityGate gate;
  gate.max_yaw_deg = 25;
  EXPECT_FALSE(passes(gate, shot));
  gate.max_yaw_deg = 35;
  EXPECT_TRUE(passes(gate, shot));
}

TEST(FaceShot, CutByTheEdgeOrCoveredByAnotherScoresLess) {
  const DrawnFace face{1, 100, 80, 100};
  const double clear = judge(face, detection_of(face)).score;
  EXPECT_LT(judge(face, detection_of(face), {{150, 80, 100, 125}}).score, 0.5 * clear);
  const DrawnFace cut{1, -50, 80, 100};
  EXPECT_NEAR(judge(cut, detection_of(cut)).visible, 0.5, 0.01);
}

}  // namespace
}  // namespace veilgate::surveillance
