#include "detect/candidates.h"

#include <gtest/gtest.h>

#include "detect/window.h"

namespace veilgate::surveillance {
namespace {

FaceDetection face(double x, double y, double w, double h, double score) {
  FaceDetection one;
  one.box = {x, y, w, h};
  one.score = score;
  return one;
}

TEST(MergeOverlapping, KeepsTheBestOfOverlappingBoxes) {
  const auto kept =
      merge_overlapping({face(0, 0, 10, 10, 0.6), face(1, 0, 10, 10, 0.9), face(50, 0, 10, 10, 0.5)}, 0.3);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].score, 0.9);
  EXPECT_EQ(kept[1].score, 0.5);
}

TEST(MergeOverlapping, NeighboursThatTouchStay) {
  EXPECT_EQ(merge_overlapping({face(0, 0, 10, 10, 0.6), face(8, 0, 10, 10, 0.9)}, 0.3).size(), 2U);
}

TEST(MergeOverlapping, ResultDoesNotDependOnTheOrderOfEqualScores) {
  const auto a = face(0, 0, 10, 10, 0.7), b = face(1, 0, 10, 10, 0.7);
  EXPECT_EQ(merge_overlapping({a, b}, 0.3)[0].box, merge_overlapping({b, a}, 0.3)[0].box);
}

TEST(ToFramePixels, UndoesScaleAndOrigin) {
  std::vector<FaceDetection> faces{face(10, 20, 30, 40, 1)};
  faces[0].landmarks[0] = {10, 20};
  to_frame_pixels(faces, {100, 200}, 0.5, 2);
  EXPECT_EQ(faces[0].box, (Box{120, 210, 60, 20}));
  EXPECT_EQ(faces[0].landmarks[0], (Point{120, 210}));
}

TEST(Window, IsMovedIntoTheFrameInsteadOfCut) {
  EXPECT_EQ(window_around({10, 10}, 100, 640, 360), (Box{0, 0, 100, 100}));
  EXPECT_EQ(window_around({630, 350}, 100, 640, 360), (Box{540, 260, 100, 100}));
}

TEST(Window, IsCutOnlyWhereTheFrameIsSmaller) {
  EXPECT_EQ(window_around({320, 180}, 500, 640, 360), (Box{70, 0, 500, 360}));
}

TEST(GrownRegion, IsClippedAndEmptyOutside) {
  EXPECT_EQ(grown_region({5, 5, 10, 10}, 8, 640, 360), (Box{0, 0, 23, 23}));
  EXPECT_EQ(grown_region({-50, 0, 40, 40}, 20, 640, 360).area(), 0);  // the margin alone does not count
  EXPECT_EQ(grown_region({700, 0, 40, 40}, 8, 640, 360).area(), 0);
}

}  // namespace
}  // namespace veilgate::surveillance
