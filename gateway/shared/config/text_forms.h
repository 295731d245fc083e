#pragma once
// The small notations used in the configuration: durations, weekly schedules, time zones, ids. Each parser
// takes the whole text or nothing, and has a writer that gives the shortest equal text. Thread word:
// reentrant.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace veilgate {

/// "15s", "1.5s", "300ms", "60m", "24h", "180d"; up to 100 years. Fractions only down to whole milliseconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string duration_text(std::chrono::milliseconds value);

/// "Mon-Fri 22:00-06:00", "Mon,Wed 08:00-12:00, Sat 10:00-24:00", "22:00-06:00" (every day). Day ranges may
/// wrap (Sat-Mon); an end at or before the begin lies on the following day; begin and end alike are refused:
/// a whole day is 00:00-24:00.
std::optional<Schedule> parse_schedule(std::string_view text);
std::string schedule_text(const Schedule& schedule);  ///< "" for always

/// A plain decimal number: no hexadecimal, no "nan", no "inf", no leading '+'.
std::optional<double> parse_number(std::string_view text);
std::string number_text(double value);
std::optional<std::int64_t> parse_integer(std::string_view text);

/// 1…64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit: safe in topics, file names and
/// reports.
bool is_valid_id(std::string_view text);
/// Levels of ids joined by '/': no '+', '#', '$', no empty level.
bool is_valid_topic_prefix(std::string_view text);

enum class ZoneLookup { kKnown, kUnknown, kNoDatabase };
/// Looks a zone name up in the tz database of the machine (/usr/share/zoneinfo, package tzdata).
ZoneLookup look_up_timezone(const std::string& name);

}  // namespace veilgate
