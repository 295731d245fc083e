#include "lane/track_recorder.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

TEST(TrackRecorder, WritesPredictedBoxesOnlyWhenTheTrackIsSeenAgain) {
  std::vector<TrackedBox> written;
  TrackRecorder recorder([&](const TrackedBox& box) { written.push_back(box); });
  const auto frame = [&](std::uint64_t number, std::uint64_t id, bool seen) {
    recorder.add(1, {number, id, {static_cast<double>(number), 0, 10, 10}, 0.9}, seen);
    recorder.end_frame();
  };
  frame(0, 0, true);  // not confirmed yet
  frame(1, 0, true);
  EXPECT_TRUE(written.empty());
  frame(2, 7, true);
  ASSERT_EQ(written.size(), 3U);
  EXPECT_EQ(written[0].id, 7U);
  frame(3, 7, false);
  frame(4, 7, false);
  EXPECT_EQ(written.size(), 3U);
  frame(5, 7, true);
  EXPECT_EQ(written.size(), 6U);
  frame(6, 7, false);
  recorder.end_frame();  // ended unseen
  EXPECT_EQ(written.size(), 6U);
}

TEST(TrackRecorder, FillsFramesThatWereNotAnalysed) {
  std::vector<TrackedBox> written;
  TrackRecorder recorder([&](const TrackedBox& box) { written.push_back(box); });
  for (const std::uint64_t number : {0, 4}) {
    recorder.add(1, {number, 3, {10.0 * static_cast<double>(number), 0, 10, 10}, 0.9}, true);
    recorder.end_frame();
  }
  ASSERT_EQ(written.size(), 5U);
  EXPECT_EQ(written[2].frame, 2U);
  EXPECT_DOUBLE_EQ(written[2].box.x, 20);
}

}  // namespace
}  // namespace veilgate::surveillance
