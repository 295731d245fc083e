#include "view/view_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace veilgate::surveillance {
namespace {

/// A room: shapes of all sizes over a gradient, with sensor noise; seen through a camera that can be moved, blurred,
/// covered or dimmed.
class Room {
 public:
  explicit Room(unsigned seed = 7) : random_(seed) {
    world_.assign(kWorld * kWorld, 0);
    for (int y = 0; y < kWorld; ++y)
      for (int x = 0; x < kWorld; ++x) world_[y * kWorld + x] = 90 + 40.0 * x / kWorld + 20.0 * y / kWorld;
    for (int i = 0; i < 260; ++i) {
      const int x0 = pick(kWorld), y0 = pick(kWorld), w = 4 + pick(60), h = 4 + pick(40);
      const double shade = 30 + pick(190);
      for (int y = y0; y < std::min(kWorld, y0 + h); ++y)
        for (int x = x0; x < std::min(kWorld, x0 + w); ++x) world_[y * kWorld + x] = shade;
    }
  }
  struct Shot {
    int dx = 0, dy = 0;
    double blur = 0;     // sigma, pixels
    double light = 1;
    double noise = 2;    // sigma
    int person_x = -1;   // a dark figure 60 × 150 from here
    bool masked = false; // privacy zones like a chess board
    int hand = -1;       // the lens is covered: this luma everywhere
  };
  LumaImage take(const Shot& shot) {
    std::vector<double> view(kViewWidth * kViewHeight);
    for (int y = 0; y < kViewHeight; ++y)
      for (int x = 0; x < kViewWidth; ++x)
        view[y * kViewWidth + x] = world_[(y + 60 + shot.dy) * kWorld + x + 60 + shot.dx] * shot.light;
    if (shot.person_x >= 0)
      for (int y = 30; y < kViewHeight; ++y)
        for (int x = shot.person_x; x < std::min(kViewWidth, shot.person_x + 60); ++x)
          view[y * kViewWidth + x] = 40 + (x + y) % 7;
    if (shot.blur > 0) blur(view, shot.blur);
    LumaImage image{kViewWidth, kViewHeight, {}};
    std::normal_distribution<double> noise(0, shot.noise);
    for (int y = 0; y < kViewHeight; ++y)
      for (int x = 0; x < kViewWidth; ++x) {
        const bool zone = shot.masked && (x / 80 + y / 60) % 2 == 0;
        const double seen = shot.hand >= 0 ? shot.hand : view[y * kViewWidth + x];
        const double value = zone ? 16 : seen + noise(random_);
        image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
      }
    return image;
  }

 private:
  static constexpr int kWorld = 520;
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  static void blur(std::vector<double>& view, double sigma) {
    const int reach = static_cast<int>(sigma * 3);
    for (const bool down : {false, true}) {
      std::vector<double> out(view.size());
      for (int y = 0; y < kViewHeight; ++y)
        for (int x = 0; x < kViewWidth; ++x) {
          double sum = 0, weights = 0;
          for (int k = -reach; k <= reach; ++k) {
            const int sx = std::clamp(x + (down ? 0 : k), 0, kViewWidth - 1);
            const int sy = std::clamp(y + (down ? k : 0), 0, kViewHeight - 1);
            const double w = std::exp(-k * k / (2 * sigma * sigma));
            sum += w * view[sy * kViewWidth + sx];
            weights += w;
          }
          out[y * kViewWidth + x] = sum / weights;
        }
      view = std::move(out);
    }
  }
  std::mt19937 random_;
  std::vector<double> world_;
};

class ViewGuardTest : public ::testing::Test {
 protected:
  /// Shows the shot for a while at 4 pictures a second; gives the last condition.
  ViewCondition show(const Room::Shot& shot, double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 4); ++i) {
      time_ += Millis{250};
      guard_.update(room_.take(shot), time_);
    }
    return guard_.verdict().condition;
  }
  Room room_;
  ViewGuard guard_;
  UtcTime time_{Millis{1000000}};
};

TEST_F(ViewGuardTest, LearnsAndThenIsGood) {
  EXPECT_EQ(show({}, 2), ViewCondition::kLearning);
  EXPECT_EQ(show({}, 3), ViewCondition::kGood);
  EXPECT_TRUE(guard_.verdict().can_judge_shift);
  EXPECT_GT(guard_.verdict().match, 0.9);
  EXPECT_NEAR(guard_.verdict().sharpness, 1, 0.1);
}

TEST_F(ViewGuardTest, PeopleLightAndNoiseAreNoAlarm) {
  show({}, 5);
  for (int x = 0; x < 260; x += 10) ASSERT_EQ(show({.person_x = x}, 0.5), ViewCondition::kGood) << x;
  EXPECT_EQ(show({.person_x = 120}, 12), ViewCondition::kGood);
  EXPECT_EQ(show({.light = 0.5}, 12), ViewCondition::kGood);
  EXPECT_EQ(show({.light = 1.3}, 12), ViewCondition::kGood);
  EXPECT_EQ(show({.light = 0.4, .noise = 6}, 12), ViewCondition::kGood);
  EXPECT_EQ(show({.dx = 1}, 12), ViewCondition::kGood) << "a camera that trembles in the wind";
}

TEST_F(ViewGuardTest, CoveredWhenDarkOrFlatAndGoodAgain) {
  show({}, 5);
  EXPECT_EQ(show({.light = 0.02}, 1), ViewCondition::kGood) << "too early";
  EXPECT_EQ(show({.light = 0.02}, 1), ViewCondition::kCovered);
  EXPECT_EQ(show({}, 0.5), ViewCondition::kCovered) << "a glimpse is not enough";
  EXPECT_EQ(show({}, 2), ViewCondition::kGood);
  EXPECT_EQ(show({.hand = 120}, 3), ViewCondition::kCovered) << "a hand or a sheet of paper before the lens";
  EXPECT_EQ(show({}, 2), ViewCondition::kGood);
}

TEST_F(ViewGuardTest, DefocusedWhenFineDetailIsGone) {
  show({}, 5);
  EXPECT_EQ(show({.blur = 3}, 4), ViewCondition::kGood) << "too early";
  EXPECT_EQ(show({.blur = 3}, 3), ViewCondition::kDefocused);
  EXPECT_EQ(show({}, 3), ViewCondition::kGood);
}

TEST_F(ViewGuardTest, ShiftedWhenTheCameraPointsElsewhereUntilAPersonConfirms) {
  for (const Room::Shot moved : {Room::Shot{.dx = 4}, {.dx = 8}, {.dy = -5}, {.dx = 6, .dy = 6}, {.dx = 50, .dy = 30}, {.dx = 120}}) {
    guard_ = ViewGuard();
    ASSERT_EQ(show({}, 5), ViewCondition::kGood);
    ASSERT_EQ(show(moved, 3), ViewCondition::kGood) << "too early " << moved.dx;
    ASSERT_EQ(show(moved, 3), ViewCondition::kShifted) << moved.dx << "," << moved.dy;
    ASSERT_EQ(show({}, 30), ViewCondition::kShifted) << "only a person ends it";
    guard_.accept_view();
    ASSERT_EQ(show(moved, 5), ViewCondition::kGood) << "the new view is learned";
  }
}

TEST_F(ViewGuardTest, AShiftOutOfFocusIsAShift) {
  show({}, 5);
  EXPECT_EQ(show({.dx = 100, .dy = 40, .blur = 2.5}, 8), ViewCondition::kShifted);
}

TEST_F(ViewGuardTest, TheOutlineOfAZoneDoesNotHideAShift) {
  show({.masked = true}, 5);
  EXPECT_EQ(show({.masked = true}, 10), ViewCondition::kGood);
  EXPECT_EQ(show({.dx = 12, .masked = true}, 6), ViewCondition::kShifted);
}

TEST_F(ViewGuardTest, FrozenWhenTheStreamRunsButNothingChanges) {
  show({}, 5);
  const LumaImage still = room_.take({});
  for (int i = 0; i < 79; ++i) guard_.update(still, time_ += Millis{250});
  EXPECT_EQ(guard_.verdict().condition, ViewCondition::kGood);
  for (int i = 0; i < 4; ++i) guard_.update(still, time_ += Millis{250});
  EXPECT_EQ(guard_.verdict().condition, ViewCondition::kFrozen);
  EXPECT_EQ(show({}, 2), ViewCondition::kGood);
}

TEST_F(ViewGuardTest, StaysShiftedOverARestart) {
  guard_.begin_shifted(time_);
  EXPECT_EQ(show({}, 10), ViewCondition::kShifted);
  guard_.accept_view();
  EXPECT_EQ(show({}, 5), ViewCondition::kGood);
}

TEST_F(ViewGuardTest, AViewWithoutTextureSaysThatItCannotJudge) {
  const LumaImage wall = room_.take({.blur = 25});
  for (int i = 0; i < 40; ++i) guard_.update(wall, time_ += Millis{250});
  EXPECT_FALSE(guard_.verdict().can_judge_shift);
  EXPECT_NE(guard_.verdict().condition, ViewCondition::kShifted);
}

TEST_F(ViewGuardTest, StartingInTheDarkIsCoveredAndLearnsWhenThereIsLight) {
  EXPECT_EQ(show({.light = 0.01}, 10), ViewCondition::kCovered);
  EXPECT_EQ(show({}, 6), ViewCondition::kGood);
  EXPECT_EQ(show({.dx = 40}, 6), ViewCondition::kShifted);
}

TEST_F(ViewGuardTest, SurvivesAClockThatJumpsAndASizeThatChanges) {
  show({}, 5);
  time_ -= Millis{500000};
  EXPECT_EQ(show({}, 2), ViewCondition::kGood);
  LumaImage small{64, 36, std::vector<std::uint8_t>(64 * 36, 90)};
  for (int i = 0; i < 10; ++i) guard_.update(small, time_ += Millis{250});
  EXPECT_EQ(show({}, 6), ViewCondition::kGood);
}

}  // namespace
}  // namespace veilgate::surveillance
