#include "rules/schedule.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

constexpr unsigned kMonToFri = 0x1F;

UtcTime utc(const char* text) { return *parse_utc(text); }

TimeZone zone(const char* name) {
  auto loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded) << loaded.error().message();
  return loaded ? *loaded : TimeZone::utc();
}

TEST(Schedule, EmptyIsAlwaysArmed) {
  EXPECT_TRUE(is_armed({}, TimeZone::utc(), utc("2026-03-01T00:00:00Z")));
}

TEST(Schedule, IsReadInSiteTime) {
  const Schedule day{{0x7F, 8 * 60, 18 * 60}};
  const TimeZone shanghai = zone("Asia/Shanghai");
  EXPECT_FALSE(is_armed(day, shanghai, utc("2026-03-01T23:59:59.999Z")));  // 07:59:59
  EXPECT_TRUE(is_armed(day, shanghai, utc("2026-03-02T00:00:00Z")));       // 08:00
  EXPECT_TRUE(is_armed(day, shanghai, utc("2026-03-02T09:59:59.999Z")));   // 17:59:59
  EXPECT_FALSE(is_armed(day, shanghai, utc("2026-03-02T10:00:00Z")));      // 18:00
}

TEST(Schedule, ASpanPastMidnightBelongsToTheDayItStarts) {
  const Schedule night{{kMonToFri, 22 * 60, 6 * 60}};
  const TimeZone z = TimeZone::utc();
  EXPECT_TRUE(is_armed(night, z, utc("2026-03-06T22:00:00Z")));  // Friday
  EXPECT_TRUE(is_armed(night, z, utc("2026-03-07T05:59:00Z")));  // Saturday morning, still Friday's
  EXPECT_FALSE(is_armed(night, z, utc("2026-03-07T06:00:00Z")));
  EXPECT_FALSE(is_armed(night, z, utc("2026-03-07T23:00:00Z")));  // Saturday night
  EXPECT_FALSE(is_armed(night, z, utc("2026-03-09T05:00:00Z")));  // Monday morning is Sunday's
  EXPECT_TRUE(is_armed(night, z, utc("2026-03-09T22:00:00Z")));
}

TEST(Schedule, TheWholeDayEndsAtTwentyFour) {
  const Schedule all{{0x7F, 0, 1440}};
  EXPECT_TRUE(is_armed(all, TimeZone::utc(), utc("2026-03-01T00:00:00Z")));
  EXPECT_TRUE(is_armed(all, TimeZone::utc(), utc("2026-03-01T23:59:59Z")));
}

TEST(Schedule, FollowsTheChangeToSummerTime) {
  const Schedule morning{{0x7F, 6 * 60, 7 * 60}};
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_TRUE(is_armed(morning, berlin, utc("2026-03-28T05:30:00Z")));   // 06:30 CET
  EXPECT_FALSE(is_armed(morning, berlin, utc("2026-03-29T05:30:00Z")));  // 07:30 CEST
  EXPECT_TRUE(is_armed(morning, berlin, utc("2026-03-29T04:30:00Z")));   // 06:30 CEST
}

TEST(TimeZone, KnowsTheOffsetsOnBothSidesOfAChange) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.offset_at(utc("2026-03-29T00:59:59Z")), Seconds{3600});
  EXPECT_EQ(berlin.offset_at(utc("2026-03-29T01:00:00Z")), Seconds{7200});
  EXPECT_EQ(berlin.offset_at(utc("2026-10-25T00:59:59Z")), Seconds{7200});
  EXPECT_EQ(berlin.offset_at(utc("2026-10-25T01:00:00Z")), Seconds{3600});
  EXPECT_EQ(zone("Asia/Shanghai").offset_at(utc("2026-07-01T00:00:00Z")), Seconds{8 * 3600});
  EXPECT_EQ(zone("Asia/Kolkata").offset_at(utc("2026-07-01T00:00:00Z")), Seconds{19800});
}

TEST(TimeZone, GoesOnAfterTheLastListedChange) {  // by the POSIX footer
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.offset_at(utc("2090-07-01T00:00:00Z")), Seconds{7200});
  EXPECT_EQ(berlin.offset_at(utc("2090-12-01T00:00:00Z")), Seconds{3600});
  EXPECT_EQ(berlin.offset_at(utc("2090-03-26T00:59:59Z")), Seconds{3600});  // last Sunday of March 2090
  EXPECT_EQ(berlin.offset_at(utc("2090-03-26T01:00:00Z")), Seconds{7200});
  const TimeZone sydney = zone("Australia/Sydney");  // summer over the new year
  EXPECT_EQ(sydney.offset_at(utc("2090-01-15T00:00:00Z")), Seconds{11 * 3600});
  EXPECT_EQ(sydney.offset_at(utc("2090-07-15T00:00:00Z")), Seconds{10 * 3600});
}

TEST(TimeZone, RefusesWhatIsNotAZone) {
  EXPECT_FALSE(TimeZone::load("Mars/Olympus"));
  EXPECT_FALSE(TimeZone::load("../../etc/passwd"));
  EXPECT_FALSE(TimeZone::load(""));
  EXPECT_FALSE(TimeZone::parse("TZif2 but far too short"));
  std::string cut = "TZif2";
  cut.resize(200, '\xff');
  EXPECT_FALSE(TimeZone::parse(cut));
}

}  // namespace
}  // namespace veilgate::surveillance
