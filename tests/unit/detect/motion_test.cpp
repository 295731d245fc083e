#include "detect/motion.h"

#include <random>

#include <gtest/gtest.h>

#include "detect/body_test.h"
#include "support/test_frame.h"

namespace veilgate::surveillance {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 180;

/// A room with some texture, sensor noise and an upright figure (head, body, legs) where it is put.
class Room {
 public:
  double light = 0;  ///< added everywhere
  double blur = 0;   ///< of the bright pole, pixels
  double noise = 2;  ///< standard deviation, grey levels

  MaskedFrame frame(double seconds, const std::vector<Box>& figures) {
    std::normal_distribution<double> grain(0, noise);
    const auto luma = [&](int x, int y) {
      double level = 110 + 25 * ((x / 40 + y / 30) % 2);
      level += 80 * std::clamp((4 + blur - std::abs(x - 250.0)) / (1 + 2 * blur), 0.0, 1.0);  // a pole
      for (const Box& box : figures)
        if (in_figure(box, x + 0.5, y + 0.5)) level = 45 + 20 * ((y / 12) % 2);
      return int(std::clamp(level + light + grain(random_), 16.0, 235.0));
    };
    return test::make_masked_frame(kWidth, kHeight, luma, UtcTime{Millis{long(seconds * 1000)}});
  }

 private:
  static bool in_figure(const Box& box, double x, double y) {
    const double u = (x - box.x) / box.w - 0.5, v = (y - box.y) / box.h;
    if (v < 0 || v > 1) return false;
    if (v < 0.18) return std::abs(u) < 0.2;
    if (v < 0.6) return std::abs(u) < 0.5;
    return std::abs(u) < 0.4;
  }
  std::mt19937 random_{7};
};

constexpr double kStep = 0.1;  // seconds

/// Walks a figure in from the left to `to` (its left edge), from `seconds` on; returns the time after.
double walk_in(Room& room, MotionObjects& motion, double seconds, double to) {
  for (double x = -30; x <= to; x += 8, seconds += kStep)
    (void)motion.observe(room.frame(seconds, {{x, 60, 30, 90}}));
  return seconds;
}

TEST(Motion, EmptyRoomWithNoiseNeitherMovesNorHasObjects) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 60; ++i) {
    const MotionReport report = motion.observe(room.frame(i * kStep, {}));
    EXPECT_FALSE(report.moved) << i;
    EXPECT_FALSE(report.scene_changed) << i;
    EXPECT_TRUE(report.objects.empty()) << i;
  }
}

TEST(Motion, WalkingFigureIsOneObjectDownToItsFeet) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 10; ++i) (void)motion.observe(room.frame(i * kStep, {}));
  int judged = 0;
  for (int i = 10; i < 40; ++i) {
    const Box truth{-30.0 + 8 * (i - 10), 60, 30, 90};
    const MotionReport report = motion.observe(room.frame(i * kStep, {truth}));
    if (truth.x < 0) continue;
    ASSERT_EQ(report.objects.size(), 1U) << i;
    EXPECT_TRUE(report.moved);
    EXPECT_GE(iou(report.objects[0].box, truth), 0.75) << i;
    EXPECT_NEAR(report.objects[0].box.bottom_center().y, truth.bottom(), 4) << i;
    ++judged;
  }
  EXPECT_GT(judged, 20);
}

TEST(Motion, WhoStandsStillForMinutesStaysAnObject) {
  Room room;
  MotionObjects motion;
  (void)motion.observe(room.frame(0, {}));
  const double arrived = walk_in(room, motion, kStep, 140);
  const Box stands{138, 60, 30, 90};
  for (double t = arrived; t < arrived + 200; t += 0.5) {
    const MotionReport report = motion.observe(room.frame(t, {stands}));
    ASSERT_EQ(report.objects.size(), 1U) << t;
    EXPECT_GE(iou(report.objects[0].box, stands), 0.75) << t;
  }
}

TEST(Motion, WhoLeavesLeavesNothingBehind) {
  Room room;
  MotionObjects motion;
  (void)motion.observe(room.frame(0, {}));
  double t = walk_in(room, motion, kStep, 140);
  for (double end = t + 20; t < end; t += kStep) (void)motion.observe(room.frame(t, {{138, 60, 30, 90}}));
  for (double x = 138; x < kWidth + 10; x += 8, t += kStep)
    (void)motion.observe(room.frame(t, {{x, 60, 30, 90}}));
  for (int i = 0; i < 10; ++i, t += kStep)
    EXPECT_TRUE(motion.observe(room.frame(t, {})).objects.empty()) << i;
}

TEST(Motion, HoleOfSomebodyWhoWasThereFromTheStartIsLearnedWithinSeconds) {
  Room room;
  MotionObjects motion;
  double t = 0;
  for (; t < 2; t += kStep)
    EXPECT_TRUE(motion.observe(room.frame(t, {{140, 60, 30, 90}})).objects.empty())
        << "belongs to the background";
  for (double x = 140; x < kWidth + 10; x += 8, t += kStep)
    (void)motion.observe(room.frame(t, {{x, 60, 30, 90}}));
  for (double end = t + 2; t < end; t += kStep) (void)motion.observe(room.frame(t, {}));
  EXPECT_TRUE(motion.observe(room.frame(t, {})).objects.empty());
}

TEST(Motion, WhatStaysLongerThanHoldBelongsToTheBackground) {
  Room room;
  MotionSettings settings;
  settings.hold = Millis{20'000};
  MotionObjects motion(settings);
  (void)motion.observe(room.frame(0, {}));
  double t = walk_in(room, motion, kStep, 140);
  const Box stands{138, 60, 30, 90};
  for (double end = t + 15; t < end; t += kStep)
    ASSERT_EQ(motion.observe(room.frame(t, {stands})).objects.size(), 1U);
  for (double end = t + 10; t < end; t += kStep) (void)motion.observe(room.frame(t, {stands}));
  EXPECT_TRUE(motion.observe(room.frame(t, {stands})).objects.empty());
}

TEST(Motion, LightThatChangesSlowlyIsNoObject) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 300; ++i) {
    room.light = 40 * std::sin(i / 60.0);
    EXPECT_TRUE(motion.observe(room.frame(i * kStep, {})).objects.empty()) << i;
  }
}

TEST(Motion, LightThatStepsALittleIsNoObject) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 20; ++i) (void)motion.observe(room.frame(i * kStep, {}));
  room.light = 40;  // the camera's exposure follows something
  for (int i = 20; i < 40; ++i) {
    const MotionReport report = motion.observe(room.frame(i * kStep, {}));
    EXPECT_FALSE(report.scene_changed) << i;
    EXPECT_TRUE(report.objects.empty()) << i;
  }
}

TEST(Motion, EdgeThatTheCodecDrawsSoftForAWhileIsNoObject) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 20; ++i) (void)motion.observe(room.frame(i * kStep, {}));
  room.blur = 2;
  for (int i = 20; i < 30; ++i) EXPECT_TRUE(motion.observe(room.frame(i * kStep, {})).objects.empty()) << i;
}

TEST(Motion, LightThatIsSwitchedIsAChangedSceneAndThenQuiet) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 20; ++i) (void)motion.observe(room.frame(i * kStep, {}));
  room.light = -95;
  const MotionReport report = motion.observe(room.frame(2, {}));
  EXPECT_TRUE(report.scene_changed);
  EXPECT_TRUE(report.objects.empty());
  for (int i = 21; i < 40; ++i) {
    const MotionReport after = motion.observe(room.frame(i * kStep, {}));
    EXPECT_FALSE(after.scene_changed);
    EXPECT_TRUE(after.objects.empty());
  }
}

TEST(Motion, SameFramesGiveTheSameObjects) {
  const auto run = [] {
    Room room;
    MotionObjects motion;
    std::vector<Box> boxes;
    for (int i = 0; i < 40; ++i)
      for (const auto& object : motion.observe(room.frame(i * kStep, {{-30.0 + 6 * i, 60, 30, 90}})).objects)
        boxes.push_back(object.box);
    return boxes;
  };
  const auto first = run();
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, run());
}

TEST(Motion, ClockThatJumpsBackDoesNoHarm) {
  Room room;
  MotionObjects motion;
  (void)motion.observe(room.frame(1000, {}));
  const double t = walk_in(room, motion, 10, 140);
  EXPECT_EQ(motion.observe(room.frame(t, {{138, 60, 30, 90}})).objects.size(), 1U);
}

TEST(Motion, ChangeOfPictureSizeStartsAnew) {
  Room room;
  MotionObjects motion;
  for (int i = 0; i < 5; ++i) (void)motion.observe(room.frame(i * kStep, {}));
  const MotionReport report = motion.observe(test::make_masked_frame(
      640, 360, [](int, int) { return 200; }, UtcTime{Millis{600}}));
  EXPECT_FALSE(report.moved);
  EXPECT_TRUE(report.objects.empty());
}

MotionObject sighting(Box box, double head_width) {
  MotionObject object;
  object.box = box;
  object.silhouette.fill = 0.6;
  object.silhouette.head_width = head_width;
  return object;
}

TEST(BodyTest, UprightAndNarrowAtTheTopPassesAfterFiveSightings) {
  BodyTest test;
  for (int i = 0; i < 4; ++i) test.add(sighting({100, 20, 40, 100}, 0.4), 320, 180);
  EXPECT_FALSE(test.passed());
  test.add(sighting({100, 20, 40, 100}, 0.4), 320, 180);
  EXPECT_TRUE(test.passed());
}

TEST(BodyTest, WideOrSquareTopOrCutByTheEdgeDoesNotSpeakForAPerson) {
  EXPECT_EQ(judge_body(sighting({100, 50, 100, 60}, 0.4), 320, 180), BodyVote::kOther);
  EXPECT_EQ(judge_body(sighting({100, 20, 40, 100}, 0.8), 320, 180), BodyVote::kOther);
  EXPECT_EQ(judge_body(sighting({0, 20, 40, 100}, 0.4), 320, 180), BodyVote::kNothing);
  EXPECT_EQ(judge_body(sighting({100, 80, 40, 100}, 0.4), 320, 180), BodyVote::kNothing);
}

TEST(BodyTest, MajorityAgainstTakesThePassBack) {
  BodyTest test;
  for (int i = 0; i < 6; ++i) test.add(sighting({100, 20, 40, 100}, 0.4), 320, 180);
  EXPECT_TRUE(test.passed());
  for (int i = 0; i < 6; ++i) test.add(sighting({100, 50, 100, 60}, 0.4), 320, 180);
  EXPECT_FALSE(test.passed());
}

}  // namespace
}  // namespace veilgate::surveillance
