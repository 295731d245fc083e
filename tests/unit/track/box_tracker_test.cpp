#include "track/box_tracker.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

const std::vector<Box> kEverywhere{{0, 0, 1280, 720}};

class BoxTrackerTest : public ::testing::Test {
 protected:
  void step(const std::vector<Box>& boxes, Millis by = Millis{100}) {
    std::vector<Observation> observations;
    for (const Box& box : boxes) observations.push_back({box, 0.9});
    tracker_.update(now_, observations, kEverywhere);
    now_ += by;
  }
  /// The id of the confirmed track nearest to a box; 0 = none within half its width.
  std::uint64_t id_at(const Box& box) const {
    for (const Track& track : tracker_.tracks())
      if (track.confirmed() && iou(track.box, box) > 0.3) return track.id.get();
    return 0;
  }

  BoxTracker tracker_{TrackerSettings{}};
  UtcTime now_{Millis{1000}};
};

Box at(double x, double y = 300) { return {x, y, 80, 100}; }

TEST_F(BoxTrackerTest, CountsATrackAfterThreeHits) {
  step({at(100)});
  step({at(105)});
  EXPECT_EQ(id_at(at(105)), 0U);
  step({at(110)});
  EXPECT_EQ(id_at(at(110)), 1U);
}

TEST_F(BoxTrackerTest, SingleFalseBoxesNeverCount) {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i)
    step({at(static_cast<double>(random() % 1200), static_cast<double>(random() % 600))}, Millis{600});
  for (const Track& track : tracker_.tracks()) EXPECT_FALSE(track.confirmed());
}

TEST_F(BoxTrackerTest, AFlickerThatIsMostlyMissedIsNotConfirmed) {
  for (int i = 0; i < 12; ++i) step(i % 4 == 0 ? std::vector<Box>{at(200)} : std::vector<Box>{});
  EXPECT_EQ(id_at(at(200)), 0U);
}

TEST_F(BoxTrackerTest, KeepsIdAcrossOneMissedFrame) {
  for (int i = 0; i < 5; ++i) step({at(100 + 10 * i)});
  step({});
  step({at(160)});
  EXPECT_EQ(id_at(at(160)), 1U);
}

TEST_F(BoxTrackerTest, KeepsIdAcrossAnOcclusionOfOneSecond) {
  for (int i = 0; i < 15; ++i) step({at(100 + 12 * i)});
  for (int i = 15; i < 25; ++i) step({});
  step({at(100 + 12 * 25)});
  EXPECT_EQ(id_at(at(400)), 1U);
  EXPECT_EQ(tracker_.tracks().size(), 1U);
}

TEST_F(BoxTrackerTest, PredictsWithTheSpeedItSaw) {
  for (int i = 0; i < 15; ++i) step({at(100 + 12 * i)});
  step({});
  ASSERT_EQ(tracker_.tracks().size(), 1U);
  EXPECT_NEAR(tracker_.tracks()[0].box.x, 100 + 12 * 15, 4);
  EXPECT_FALSE(tracker_.tracks()[0].seen);
}

TEST_F(BoxTrackerTest, TwoWhoCrossKeepTheirIds) {
  std::uint64_t left = 0, right = 0;
  for (int i = 0; i <= 60; ++i) {
    const Box a = at(100 + 12 * i), b = at(820 - 12 * i, 306);
    const bool hidden = iou(a, b) > 0.35;  // the detector sees only the one in front
    step(hidden ? std::vector<Box>{a} : std::vector<Box>{a, b});
    if (i == 10) {
      left = id_at(a);
      right = id_at(b);
      ASSERT_NE(left, right);
    }
    if (i == 60) {
      EXPECT_EQ(id_at(a), left);
      EXPECT_EQ(id_at(b), right);
    }
  }
  EXPECT_EQ(tracker_.tracks().size(), 2U);
}

TEST_F(BoxTrackerTest, EndsAfterItsTimeAndNotBefore) {
  for (int i = 0; i < 5; ++i) step({at(100)});
  for (int i = 0; i < 13; ++i) step({});  // last seen 1300 ms ago at the end
  EXPECT_TRUE(tracker_.ended().empty());
  step({});
  ASSERT_EQ(tracker_.ended().size(), 1U);
  EXPECT_EQ(tracker_.ended()[0].id, TrackId{1});
  EXPECT_EQ(tracker_.ended()[0].last_box, at(100));
}

TEST_F(BoxTrackerTest, NeverUsesAnIdTwice) {
  std::set<std::uint64_t> ids;
  for (int visit = 0; visit < 20; ++visit) {
    for (int i = 0; i < 5; ++i) step({at(100)});
    const auto id = id_at(at(100));
    EXPECT_TRUE(ids.insert(id).second);
    for (int i = 0; i < 20; ++i) step({});
  }
}

TEST_F(BoxTrackerTest, IsBoundedAndCountsWhatItRefuses) {
  std::vector<Box> crowd;
  for (int i = 0; i < 150; ++i) crowd.push_back({i % 15 * 85.0, i / 15 * 70.0, 40, 40});
  for (int i = 0; i < 5; ++i) step(crowd);
  EXPECT_EQ(tracker_.tracks().size(), 100U);
  EXPECT_EQ(tracker_.refused(), 5U * 50);
}

TEST_F(BoxTrackerTest, WhereNobodyLookedNothingWasMissed) {
  step({at(100)});
  for (int i = 0; i < 3; ++i) {
    tracker_.update(now_, {}, {{600, 0, 200, 200}});
    now_ += Millis{100};
  }
  ASSERT_EQ(tracker_.tracks().size(), 1U);
  EXPECT_EQ(tracker_.tracks()[0].looks, 1);
}

TEST_F(BoxTrackerTest, TimeMayStandStillButNotGoBack) {
  for (int i = 0; i < 5; ++i) step({at(100)}, Millis{0});
  now_ -= Millis{500};
  step({at(100)});
  EXPECT_EQ(id_at(at(100)), 1U);
}

}  // namespace
}  // namespace veilgate::surveillance
