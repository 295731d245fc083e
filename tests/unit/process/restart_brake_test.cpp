#include "process/restart_brake.h"

#include <gtest/gtest.h>

namespace veilgate::process {
namespace {

using namespace std::chrono_literals;

TEST(RestartBrake, WaitsLongerEachTimeThenHoldsAfterTheFifth) {
  RestartBrake brake;
  FakeClock clock;
  Millis last{0};
  for (int i = 0; i < RestartBrake::kMaxRestarts; ++i) {
    const auto decision = brake.on_exit(clock.monotonic());
    EXPECT_FALSE(decision.held);
    EXPECT_GT(decision.wait, last);
    last = decision.wait;
    clock.advance(decision.wait + 1s);
  }
  const auto held = brake.on_exit(clock.monotonic());
  EXPECT_TRUE(held.held);
  EXPECT_EQ(held.wait, RestartBrake::kHold);
  clock.advance(held.wait);
  EXPECT_FALSE(brake.on_exit(clock.monotonic()).held);
}

TEST(RestartBrake, ForgetsWhatIsOlderThanItsWindow) {
  RestartBrake brake;
  FakeClock clock;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(brake.on_exit(clock.monotonic()).held) << i;
    clock.advance(RestartBrake::kWindow / RestartBrake::kMaxRestarts + 1ms);
  }
}

TEST(RestartBrake, FifthRestartExactlyAtTheWindowsEndStillCounts) {
  RestartBrake brake;
  FakeClock clock;
  for (int i = 0; i < RestartBrake::kMaxRestarts; ++i) (void)brake.on_exit(clock.monotonic());
  clock.advance(RestartBrake::kWindow);
  EXPECT_TRUE(brake.on_exit(clock.monotonic()).held);
}

}  // namespace
}  // namespace veilgate::process
