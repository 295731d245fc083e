#include "mqtt/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace veilgate::uplink {
namespace {

TEST(Backoff, DoublesUpToTheLongestAndNeverEnds) {
  Backoff backoff(Millis{1000}, Millis{60'000}, 7);
  Millis step{1000};
  for (int i = 0; i < 200; ++i) {
    const Millis wait = backoff.next();
    EXPECT_GE(wait, step / 2);
    EXPECT_LE(wait, step);
    step = std::min(step * 2, Millis{60'000});
  }
}

TEST(Backoff, IsShortAgainAfterASuccess) {
  Backoff backoff(Millis{1000}, Millis{60'000}, 7);
  for (int i = 0; i < 10; ++i) backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), Millis{1000});
}

TEST(Backoff, SpreadsAFleet) {
  std::set<std::int64_t> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    waits.insert(Backoff(Millis{1000}, Millis{60'000}, seed).next().count());
  EXPECT_GT(waits.size(), 60u);
}

}  // namespace
}  // namespace veilgate::uplink
