#include "rule_fixture.h"

namespace veilgate::surveillance {
namespace {

constexpr Point kInside{0.2, 0.5}, kOutside{0.8, 0.5};

TEST_F(RuleTest, IntrusionFiresAfterInertiaAndEndsAfterHysteresis) {
  arm(rule_of(RuleType::kIntrusion));
  see_at(kOutside, 5);
  const UtcTime entry = now_;
  see_at(kInside, 3);  // 0, 100, 200 ms: one frame short of 300 ms
  EXPECT_EQ(events_.size(), 0U);
  see_at(kInside, 1);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].phase, EventPhase::kNew);
  EXPECT_EQ(events_[0].begin, entry);
  EXPECT_EQ(events_[0].zone, "lobby");
  EXPECT_FALSE(events_[0].end);
  const UtcTime last_inside = now_ - kFrame;
  see_at(kOutside, 10);  // exactly 1000 ms out: still the same visit
  EXPECT_EQ(events_.size(), 1U);
  see_at(kOutside, 1);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[1].phase, EventPhase::kEnd);
  EXPECT_EQ(events_[1].end, last_inside);
  EXPECT_EQ(events_[1].serial, events_[0].serial);
}

TEST_F(RuleTest, ABriefStepOutDoesNotMakeASecondIntrusion) {
  arm(rule_of(RuleType::kIntrusion));
  for (int i = 0; i < 5; ++i) {
    see_at(kInside, 5);
    see_at(kOutside, 5);
  }
  EXPECT_EQ(count(EventPhase::kNew), 1);
  EXPECT_EQ(count(EventPhase::kEnd), 0);
}

TEST_F(RuleTest, StayFiresAtTheThresholdAndNotOneFrameBefore) {
  arm(rule_of(RuleType::kStay, Seconds{15}));
  see_at(kInside, 150);  // 0 … 14.9 s
  EXPECT_EQ(events_.size(), 0U);
  see_at(kInside, 1);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].type, RuleType::kStay);
}

TEST_F(RuleTest, StayOneSecondBelowTheThresholdGivesNothing) {
  arm(rule_of(RuleType::kStay, Seconds{15}));
  see_at(kInside, 140);
  see_nothing(50);
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, StayCountsTheTimeOfEachObjectByItself) {
  arm(rule_of(RuleType::kStay, Seconds{15}));
  for (std::uint64_t object = 1; object <= 4; ++object) see_at(kInside, 100, object);
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, PredictedSightingsDoNotProlongAStay) {
  arm(rule_of(RuleType::kStay, Seconds{15}));
  see_at(kInside, 145);
  for (int i = 0; i < 10; ++i) see({{1, kInside, false, false, 1}});
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, AppliesToPersonWaitsUntilTheObjectIsOne) {
  RuleConfig rule = rule_of(RuleType::kIntrusion);
  rule.applies_to = AppliesTo::kPerson;
  arm(rule);
  const UtcTime entry = now_;
  see_at(kInside, 20);
  EXPECT_EQ(events_.size(), 0U);
  see_at(kInside, 1, 1, true);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_TRUE(events_[0].person);
  EXPECT_EQ(events_[0].begin, entry);
}

TEST_F(RuleTest, AnObjectThatTurnsOutToBeAPersonIsUpdated) {
  arm(rule_of(RuleType::kIntrusion));
  see_at(kInside, 10);
  see_at(kInside, 1, 1, true);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[1].phase, EventPhase::kUpdate);
  EXPECT_TRUE(events_[1].person);
}

TEST_F(RuleTest, AnEventThatLastsIsUpdatedEveryMinute) {
  arm(rule_of(RuleType::kIntrusion));
  see_at(kInside, 4 + 599);
  EXPECT_EQ(count(EventPhase::kUpdate), 0);
  see_at(kInside, 1);
  EXPECT_EQ(count(EventPhase::kUpdate), 1);
}

TEST_F(RuleTest, AppearanceFiresOnlyWhileArmed) {
  RuleConfig rule = rule_of(RuleType::kAbnormalAppearance);
  rule.zone.clear();
  rule.schedule = {{0x7F, 22 * 60, 6 * 60}};
  arm(rule);
  now_ = UtcTime{std::chrono::hours{12}};
  see_at(kInside, 20);
  see_nothing(20);
  EXPECT_EQ(events_.size(), 0U);
  now_ = UtcTime{std::chrono::hours{23}};
  see_at(kOutside, 20);
  see_nothing(20);
  EXPECT_EQ(count(EventPhase::kNew), 1);
  EXPECT_EQ(count(EventPhase::kEnd), 1);
}

TEST_F(RuleTest, DisarmingEndsARunningEvent) {
  RuleConfig rule = rule_of(RuleType::kIntrusion);
  rule.schedule = {{0x7F, 0, 60}};
  arm(rule);
  now_ = UtcTime{std::chrono::minutes{59} + std::chrono::seconds{58}};
  see_at(kInside, 40);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[1].phase, EventPhase::kEnd);
  EXPECT_LT(*events_[1].end, UtcTime{std::chrono::minutes{60}});
}

TEST_F(RuleTest, PacingIsLoiteringAStraightPassIsNot) {
  RuleConfig rule = rule_of(RuleType::kLoitering, Seconds{10});
  rule.min_passes = 3;
  arm(rule);
  walk({0.05, 0.5}, {0.45, 0.5}, 150);  // 15 s, but straight on
  see_nothing(30);
  EXPECT_EQ(events_.size(), 0U);
  for (int i = 0; i < 3; ++i) {
    walk({0.1, 0.5}, {0.4, 0.5}, 25, 2);
    walk({0.4, 0.5}, {0.1, 0.5}, 25, 2);
  }
  EXPECT_EQ(count(EventPhase::kNew), 1);
}

TEST_F(RuleTest, SwayingOnTheSpotIsNotPacing) {
  RuleConfig rule = rule_of(RuleType::kLoitering, Seconds{10});
  rule.min_passes = 3;
  arm(rule);
  for (int i = 0; i < 40; ++i) {
    see_at({0.20, 0.5}, 5);
    see_at({0.24, 0.5}, 5);
  }
  EXPECT_EQ(events_.size(), 0U);
}

TEST_F(RuleTest, ComingBackIntoTheZoneCountsAsAPass) {
  RuleConfig rule = rule_of(RuleType::kLoitering, Seconds{10});
  rule.min_passes = 2;
  arm(rule);
  const UtcTime first = now_;
  for (int i = 0; i < 3; ++i) {
    see_at(kInside, 40);
    see_at({0.55, 0.5}, 20);
  }
  ASSERT_GE(events_.size(), 1U);
  EXPECT_EQ(count(EventPhase::kNew), 1);
  EXPECT_EQ(events_[0].begin, first);
}

TEST_F(RuleTest, FinishEndsWhatIsOpen) {
  arm(rule_of(RuleType::kIntrusion));
  see_at(kInside, 10);
  const auto last = engine_->finish();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_EQ(last[0].phase, EventPhase::kEnd);
  EXPECT_EQ(last[0].end, now_ - kFrame);
  EXPECT_TRUE(engine_->finish().empty());
}

TEST_F(RuleTest, ARuleWithoutItsZoneIsRefused) {
  CameraConfig camera;
  camera.rules = {rule_of(RuleType::kIntrusion)};
  auto made = RuleEngine::create(camera, TimeZone::utc());
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find("lobby"), std::string::npos);
}

}  // namespace
}  // namespace veilgate::surveillance
