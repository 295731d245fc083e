#include "core/geometry.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

TEST(Geometry, IouOfHalfOverlap) { EXPECT_DOUBLE_EQ(iou({0, 0, 2, 2}, {1, 0, 2, 2}), 1.0 / 3); }

TEST(Geometry, IouOfDisjointOrEmptyIsZero) {
  EXPECT_EQ(iou({0, 0, 1, 1}, {2, 2, 1, 1}), 0);
  EXPECT_EQ(iou({0, 0, 0, 0}, {0, 0, 0, 0}), 0);
}

TEST(Geometry, PointOnAnEdgeIsInside) {
  const Polygon square{{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  EXPECT_TRUE(contains(square, {0.5, 0.5}));
  EXPECT_TRUE(contains(square, {1, 0.5}));
  EXPECT_TRUE(contains(square, {0, 0}));
  EXPECT_FALSE(contains(square, {1.0001, 0.5}));
}

TEST(Geometry, ConcavePolygon) {
  const Polygon hook{{0, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 1}, {0, 1}};
  EXPECT_TRUE(contains(hook, {2.5, 2}));
  EXPECT_FALSE(contains(hook, {1, 2}));
}

TEST(Geometry, RightOfALineIsPositiveAsSeenOnThePicture) {
  const Segment upward{{0.5, 0.9}, {0.5, 0.2}};  // y grows downward
  EXPECT_GT(side_of(upward, {0.7, 0.5}), 0);
  EXPECT_LT(side_of(upward, {0.3, 0.5}), 0);
}

TEST(Geometry, CrossingAndTouchingSegmentsIntersect) {
  EXPECT_TRUE(intersects({{0, 0}, {2, 2}}, {{0, 2}, {2, 0}}));
  EXPECT_TRUE(intersects({{0, 0}, {2, 0}}, {{1, 0}, {1, 5}}));
  EXPECT_FALSE(intersects({{0, 0}, {1, 0}}, {{0, 1}, {1, 1}}));
}

}  // namespace
}  // namespace veilgate
