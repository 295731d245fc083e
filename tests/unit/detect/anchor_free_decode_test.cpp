#include "detect/anchor_free_decode.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

/// Tensors of one stride with nothing in them.
struct Grid {
  int stride, columns, rows;
  std::vector<float> cls, obj, bbox, kps;
  Grid(int s, int c, int r)
      : stride(s), columns(c), rows(r), cls(c * r), obj(c * r), bbox(4 * c * r), kps(10 * c * r) {}

  std::vector<FaceDetection> decode(double threshold) const {
    std::vector<FaceDetection> found;
    decode_stride({stride, columns, rows, cls.data(), obj.data(), bbox.data(), kps.data()}, threshold, found);
    return found;
  }
};

TEST(AnchorFreeDecode, ReadsOneCellAsThePaperSays) {
  Grid grid(16, 5, 4);
  const int cell = 2 * 5 + 3;  // row 2, column 3
  grid.cls[cell] = 0.81F;
  grid.obj[cell] = 0.64F;
  const float box[] = {0.5F, 0.25F, std::log(2.0F), std::log(3.0F)};
  std::copy(box, box + 4, &grid.bbox[4 * cell]);
  grid.kps[10 * cell + 4] = 1;     // nose, x
  grid.kps[10 * cell + 5] = -0.5;  // nose, y
  const auto found = grid.decode(0.5);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, 0.72, 1e-6);
  EXPECT_NEAR(found[0].box.x, 3.5 * 16 - 16, 1e-4);
  EXPECT_NEAR(found[0].box.y, 2.25 * 16 - 24, 1e-4);
  EXPECT_NEAR(found[0].box.w, 32, 1e-4);
  EXPECT_NEAR(found[0].box.h, 48, 1e-4);
  ASSERT_TRUE(found[0].has_landmarks);
  EXPECT_NEAR(found[0].landmarks[2].x, 4 * 16, 1e-4);
  EXPECT_NEAR(found[0].landmarks[2].y, 1.5 * 16, 1e-4);
}

TEST(AnchorFreeDecode, ScoreBelowTheThresholdIsPassedOver) {
  Grid grid(8, 4, 4);
  grid.cls[5] = 0.81F;
  grid.obj[5] = 0.64F;
  EXPECT_EQ(grid.decode(0.71).size(), 1U);
  EXPECT_TRUE(grid.decode(0.73).empty());
}

TEST(AnchorFreeDecode, ProbabilitiesBeyondOneDoNotPushTheScoreBeyondOne) {
  Grid grid(8, 4, 4);
  grid.cls[0] = 1.5F;
  grid.obj[0] = 1.0F;
  ASSERT_EQ(grid.decode(0.5).size(), 1U);
  EXPECT_LE(grid.decode(0.5)[0].score, 1.0);
}

TEST(AnchorFreeDecode, NumbersThatAreNoBoxArePassedOver) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 80.0F}) {
    Grid grid(8, 4, 4);
    grid.cls[0] = grid.obj[0] = 1;
    grid.bbox[2] = bad;
    EXPECT_TRUE(grid.decode(0.5).empty()) << bad;
  }
  Grid grid(8, 4, 4);
  grid.cls[0] = std::numeric_limits<float>::quiet_NaN();
  grid.obj[0] = 1;
  EXPECT_TRUE(grid.decode(0.0001).empty());
}

}  // namespace
}  // namespace veilgate::surveillance
