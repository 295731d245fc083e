#include "detect/candidates.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "detect/face_network.h"
#include "detect/scan_plan.h"
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

bool inside(const Box& inner, const Box& outer) {
  return inner.x >= outer.x - 1e-6 && inner.y >= outer.y - 1e-6 && inner.right() <= outer.right() + 1e-6 &&
         inner.bottom() <= outer.bottom() + 1e-6;
}

TEST(ScanPlan, WhatFitsIsOneLook) {
  const auto tiles = plan_scan({10, 20, 1280, 720}, 0.75, {});
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles[0].window, (Box{10, 20, 1280, 720}));
  EXPECT_EQ(tiles[0].scale, 0.75);
}

TEST(ScanPlan, NoLookIsLargerThanAllowedWhateverTheArea) {
  const ScanLimits limits;
  for (const Box& area :
       {Box{0, 0, 1920, 1080}, Box{0, 0, 3840, 2160}, Box{0, 0, 1080, 1920}, Box{5, 5, 4000, 100}})
    for (const auto& tile : plan_scan(area, 1, limits)) {
      const int pixels = network_size(scaled_pixels(tile.window.w, tile.scale)) *
                         network_size(scaled_pixels(tile.window.h, tile.scale));
      EXPECT_LE(pixels, limits.max_input_pixels) << area.w << "x" << area.h;
      EXPECT_TRUE(inside(tile.window, area));
    }
}

TEST(ScanPlan, EveryFaceUpToTheOverlapLiesWhollyInATile) {
  const ScanLimits limits;
  const Box area{0, 0, 1920, 1080};
  const double scale = 0.75, side = limits.overlap / scale;
  auto tiles = plan_scan(area, scale, limits);
  ASSERT_GT(tiles.size(), 2U);
  EXPECT_EQ(tiles.back().window, area) << "and larger ones in a look at everything";
  EXPECT_NEAR(tiles.back().scale * side, limits.visible_px, 1e-6);
  tiles.pop_back();
  for (double y = 0; y + side <= area.h; y += 7)
    for (double x = 0; x + side <= area.w; x += 7)
      ASSERT_TRUE(std::any_of(tiles.begin(), tiles.end(),
                              [&](const ScanTile& tile) {
                                return inside({x, y, side, side}, tile.window);
                              }))
          << x << " " << y;
}

}  // namespace
}  // namespace veilgate::surveillance
