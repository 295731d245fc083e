#include "config/text_forms.h"

#include <gtest/gtest.h>

#include "config/nearest.h"

namespace veilgate {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("300ms"), 300ms);
  EXPECT_EQ(parse_duration("0s"), 0ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("60m"), 3600s);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("180d"), 180 * 24h);
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "15", "s", "15 s", "15sec", "-5s", "+5s", "1e3s", "1h30m", "0x10s", ".5s",
                           "5.s", "1.2.3s", "0.3ms", "99999999d", "15S", "nan", "15s "})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, WritesTheShortestEqualText) {
  for (const char* text : {"0s", "300ms", "15s", "90s", "60d", "36h", "1m", "1500ms"})
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
  EXPECT_EQ(duration_text(3600s), "1h");
}

ScheduleSpan one_span(const char* text) {
  const auto schedule = parse_schedule(text);
  EXPECT_TRUE(schedule && schedule->size() == 1) << text;
  return schedule && schedule->size() == 1 ? schedule->front() : ScheduleSpan{};
}

TEST(ScheduleText, ASpanPastMidnightKeepsItsOrder) {
  const auto span = one_span("Mon-Fri 22:00-06:00");
  EXPECT_EQ(span.days, 0x1Fu);
  EXPECT_EQ(span.start_minute, 1320);
  EXPECT_EQ(span.end_minute, 360);
}

TEST(ScheduleText, DaysWrapAndListAndMayBeLeftOut) {
  EXPECT_EQ(one_span("Sat-Mon 10:00-11:00").days, 0x61u);
  EXPECT_EQ(one_span("mon,WED 08:00-12:00").days, 0x05u);
  EXPECT_EQ(one_span("Mon-Tue,Sun 08:00-12:00").days, 0x43u);
  EXPECT_EQ(one_span("22:00-06:00").days, 0x7Fu);
}

TEST(ScheduleText, MidnightAsAnEndIsTheEndOfTheDay) {
  EXPECT_EQ(one_span("Mon 22:00-00:00").end_minute, 1440);
  EXPECT_EQ(one_span("Mon 00:00-24:00").end_minute, 1440);
}

TEST(ScheduleText, SeveralSpansAreSeparatedByCommas) {
  const auto schedule = parse_schedule("Mon-Fri 22:00-06:00, Sat 10:00-24:00,Sun 00:00-24:00");
  ASSERT_TRUE(schedule);
  ASSERT_EQ(schedule->size(), 3u);
  EXPECT_EQ((*schedule)[1].days, 0x20u);
  EXPECT_EQ(schedule_text(*schedule), "Mon-Fri 22:00-06:00, Sat 10:00-24:00, Sun 00:00-24:00");
  EXPECT_EQ(schedule_text(*parse_schedule("Mon,Wed,Thu 08:00-09:30")), "Mon,Wed-Thu 08:00-09:30");
}

TEST(ScheduleText, RefusesWhatIsNoSchedule) {
  for (const char* text :
       {"", "Mon", "Mon-Fri", "always", "Mon 8:00-12:00", "Mon 08:00", "Mon 08:00-08:00", "Mon 24:00-06:00",
        "Mon 08:60-09:00", "Mon 08:00-25:00", "Mon 08:00-24:01", "Mo 08:00-09:00", "Mon-Fri-Sun 08:00-09:00",
        "Mon 08:00-09:00,", "Mon, 08:00-09:00", ",Mon 08:00-09:00", "Mon 08:00-09:00-10:00",
        "Mon 0a:00-09:00"})
    EXPECT_FALSE(parse_schedule(text)) << text;
}

TEST(Numbers, OnlyPlainDecimals) {
  EXPECT_EQ(parse_number("0.62"), 0.62);
  EXPECT_EQ(parse_number("-3"), -3.0);
  for (const char* text :
       {"", "-", "nan", ".inf", "inf", "0x1p3", "1e5", "+1", ".5", "1.", "1,5", "1_000", "--1"})
    EXPECT_FALSE(parse_number(text)) << text;
  EXPECT_EQ(parse_integer("24"), 24);
  for (const char* text : {"", "24.0", "010", "0x10", "1_000", "9999999999999999999", "-", "٣"})
    EXPECT_FALSE(parse_integer(text)) << text;
}

TEST(Ids, AreSafeInTopics) {
  for (const char* text : {"gate-east", "a", "0", "A.b_c-9"}) EXPECT_TRUE(is_valid_id(text)) << text;
  for (const char* text : {"", "a+b", "a#", "a/b", "$SYS", "-a", ".a", "a b", "东门", "a\n", "a\"b"})
    EXPECT_FALSE(is_valid_id(text)) << text;
  EXPECT_TRUE(is_valid_id(std::string(64, 'a')));
  EXPECT_FALSE(is_valid_id(std::string(65, 'a')));
}

TEST(Ids, TopicPrefixesAreLevelsOfIds) {
  for (const char* text : {"veilgate/v1", "a", "a/b/c"}) EXPECT_TRUE(is_valid_topic_prefix(text)) << text;
  for (const char* text : {"", "/a", "a/", "a//b", "a/+/b", "a/#", "$share/x"})
    EXPECT_FALSE(is_valid_topic_prefix(text)) << text;
}

TEST(TimeZones, MustBeInTheDatabase) {
  EXPECT_EQ(look_up_timezone("Asia/Shanghai"), ZoneLookup::kKnown);
  for (const char* name :
       {"Asia/Shanhai", "", "Asia", "../../etc/passwd", "/etc/localtime", "posix/Asia/Shanghai", "zone.tab",
        "Asia/../Asia/Shanghai", "UTC+8", "asia shanghai"})
    EXPECT_EQ(look_up_timezone(name), ZoneLookup::kUnknown) << name;
}

TEST(Nearest, FindsTheMistypedWordAndNothingFarAway) {
  const std::vector<std::string> keys{"privacy_masks", "zones", "lines", "rules", "purpose"};
  EXPECT_EQ(nearest("privacy_mask", keys), "privacy_masks");
  EXPECT_EQ(nearest("Privacy-Masks", keys), "privacy_masks");
  EXPECT_EQ(nearest("zoens", keys), "zones");
  EXPECT_EQ(nearest("porpose", keys), "purpose");
  EXPECT_EQ(nearest("bananas", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest(std::string(100000, 'z'), keys), "");
  EXPECT_EQ(edit_distance("ab", "ba"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

}  // namespace
}  // namespace veilgate
