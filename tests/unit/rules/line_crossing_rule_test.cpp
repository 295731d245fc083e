#include "rule_fixture.h"

namespace veilgate::surveillance {
namespace {

// The gate of the fixture runs from (0.5, 0.9) up to (0.5, 0.2): walking up, the left hand is the picture's
// left.
RuleConfig crossing(CrossingDirection direction) {
  RuleConfig rule = rule_of(RuleType::kLineCrossing);
  rule.direction = direction;
  return rule;
}

TEST_F(RuleTest, LeftToRightIsAsSeenOnThePictureWalkingAlongTheLine) {
  arm(crossing(CrossingDirection::kLeftToRight));
  walk({0.3, 0.5}, {0.7, 0.5}, 20);
  ASSERT_EQ(count(EventPhase::kNew), 1);
  EXPECT_EQ(count(EventPhase::kEnd), 1);
  EXPECT_EQ(events_[0].line, "gate");
  walk({0.7, 0.5}, {0.3, 0.5}, 20);
  EXPECT_EQ(count(EventPhase::kNew), 1);
}

TEST_F(RuleTest, RightToLeftIsTheOtherWay) {
  arm(crossing(CrossingDirection::kRightToLeft));
  walk({0.3, 0.5}, {0.7, 0.5}, 20);
  EXPECT_EQ(count(EventPhase::kNew), 0);
  walk({0.7, 0.5}, {0.3, 0.5}, 20);
  EXPECT_EQ(count(EventPhase::kNew), 1);
}

TEST_F(RuleTest, BothCountsEveryCrossing) {
  arm(crossing(CrossingDirection::kBoth));
  for (int i = 0; i < 3; ++i) {
    walk({0.3, 0.5}, {0.7, 0.5}, 20);
    walk({0.7, 0.5}, {0.3, 0.5}, 20);
  }
  EXPECT_EQ(count(EventPhase::kNew), 6);
}

TEST_F(RuleTest, WalkingRoundTheEndOfTheLineIsNoCrossing) {
  arm(crossing(CrossingDirection::kBoth));
  walk({0.3, 0.5}, {0.3, 0.1}, 10);
  walk({0.3, 0.1}, {0.7, 0.1}, 10);
  walk({0.7, 0.1}, {0.7, 0.5}, 10);
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, TremblingOnTheLineIsNoCrossing) {
  arm(crossing(CrossingDirection::kBoth));
  see_at({0.45, 0.5}, 3);
  for (int i = 0; i < 50; ++i) {
    see_at({0.52, 0.5}, 1);
    see_at({0.48, 0.5}, 1);
  }
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, ACrossingCountsAfterInertiaAndNotOneFrameBefore) {
  arm(crossing(CrossingDirection::kBoth));
  see_at({0.4, 0.5}, 1);
  const UtcTime crossed = now_;
  see_at({0.6, 0.5}, 3);
  EXPECT_EQ(events_.size(), 0U);
  see_at({0.6, 0.5}, 1);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[0].begin, crossed);
  EXPECT_EQ(events_[1].end, crossed);
}

TEST_F(RuleTest, ACrossingWhileDisarmedIsNotMadeUpForLater) {
  RuleConfig rule = crossing(CrossingDirection::kBoth);
  rule.schedule = {{0x7F, 60, 120}};
  arm(rule);
  now_ = UtcTime{std::chrono::minutes{59} + std::chrono::seconds{59}};
  see_at({0.4, 0.5}, 5);
  see_at({0.6, 0.5}, 30);
  EXPECT_EQ(events_.size(), 0U);
}

}  // namespace
}  // namespace veilgate::surveillance
