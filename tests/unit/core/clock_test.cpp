#include "core/clock.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

using namespace std::chrono_literals;

TEST(Clock, FormatsUtcWithMilliseconds) {
  EXPECT_EQ(format_utc(UtcTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(UtcTime{1772352930123ms}), "2026-03-01T08:15:30.123Z");
}

TEST(Clock, ParsesWhatItFormats) {
  const UtcTime time{1772352930123ms};
  EXPECT_EQ(*parse_utc(format_utc(time)), time);
  EXPECT_EQ(*parse_utc("1970-01-01T00:00:01Z"), UtcTime{1s});
}

TEST(Clock, RefusesOtherTimes) {
  for (const char* text : {"", "2026-03-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z",
                           "2026-03-01T08:15:30.123", "2026-03-01T08:15:30.123Zx", "2026-03-01T08:15:30+08:00"})
    EXPECT_FALSE(parse_utc(text)) << text;
}

TEST(Clock, FakeClockJumpsOnlyTheWallClock) {
  FakeClock clock;
  clock.advance(5s);
  clock.jump_to(UtcTime{1h});
  EXPECT_EQ(clock.now(), UtcTime{1h});
  EXPECT_EQ(clock.monotonic(), MonoTime{5s});
}

}  // namespace
}  // namespace veilgate
