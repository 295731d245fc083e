#include "lane/rate_limit.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, AllowsTheBurstThenTheRate) {
  RateLimit limit(10, 5);
  FakeClock clock;
  clock.advance(1s);
  int allowed = 0;
  for (int i = 0; i < 100; ++i) allowed += limit.allow(clock.monotonic());
  EXPECT_EQ(allowed, 5);
  clock.advance(99ms);
  EXPECT_FALSE(limit.allow(clock.monotonic()));
  clock.advance(2ms);
  EXPECT_TRUE(limit.allow(clock.monotonic()));
  clock.advance(1h);
  allowed = 0;
  for (int i = 0; i < 100; ++i) allowed += limit.allow(clock.monotonic());
  EXPECT_EQ(allowed, 5) << "rest does not grow beyond the burst";
}

}  // namespace
}  // namespace veilgate::surveillance
