#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "config/text_forms.h"

namespace veilgate {
namespace {

constexpr std::array<const char*, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<const char*, 7> kShownDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr unsigned kEveryDay = 0x7F;
constexpr int kMinutesPerDay = 24 * 60;
constexpr std::size_t kMostSpans = 64;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto cut = text.find(at);
    parts.push_back(text.substr(0, cut));
    if (cut == std::string_view::npos) return parts;
    text.remove_prefix(cut + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int> day_index(std::string_view text) {
  std::string lower;
  for (char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto found = std::find(kDays.begin(), kDays.end(), lower);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<int>(found - kDays.begin());
}

/// "Mon" or "Sat-Mon" as bits.
std::optional<unsigned> parse_days(std::string_view text) {
  const auto ends = split(text, '-');
  if (ends.size() > 2) return std::nullopt;
  const auto first = day_index(ends.front()), last = day_index(ends.back());
  if (!first || !last) return std::nullopt;
  unsigned days = 0;
  for (int day = *first;; day = (day + 1) % 7) {
    days |= 1u << day;
    if (day == *last) return days;
  }
}

std::optional<int> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  int value[4];
  for (int k = 0; k < 4; ++k) {
    const char c = text[static_cast<std::size_t>(k < 2 ? k : k + 1)];
    if (c < '0' || c > '9') return std::nullopt;
    value[k] = c - '0';
  }
  const int hour = value[0] * 10 + value[1], minute = value[2] * 10 + value[3];
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

bool parse_hours(std::string_view text, ScheduleSpan& span) {
  const auto ends = split(text, '-');
  if (ends.size() != 2) return false;
  const auto begin = parse_minute(ends[0]), end = parse_minute(ends[1]);
  if (!begin || !end || *begin >= kMinutesPerDay || *begin == *end) return false;
  span.start_minute = *begin;
  span.end_minute = *end == 0 ? kMinutesPerDay : *end;  // "22:00-00:00" ends with the day
  return true;
}

std::string days_text(unsigned days) {
  std::string out;
  for (int day = 0; day < 7; ++day) {
    if ((days >> day & 1) == 0) continue;
    int last = day;
    while (last < 6 && (days >> (last + 1) & 1) != 0) ++last;
    out += out.empty() ? "" : ",";
    out += kShownDays[static_cast<std::size_t>(day)];
    if (last > day) out += std::string("-") + kShownDays[static_cast<std::size_t>(last)];
    day = last;
  }
  return out;
}

}  // namespace

std::optional<Schedule> parse_schedule(std::string_view text) {
  Schedule schedule;
  unsigned waiting = 0;  // "Mon,Wed 08:00-12:00": days named before the part that has the hours
  for (const auto part : split(text, ',')) {
    const auto span_text = trimmed(part);
    const auto space = span_text.find(' ');
    const auto first_word = span_text.substr(0, space);
    const auto days = parse_days(first_word);
    if (days && space == std::string_view::npos) {
      waiting |= *days;
      continue;
    }
    ScheduleSpan span;
    const auto hours = days ? trimmed(span_text.substr(space)) : span_text;
    if (!parse_hours(hours, span) || (!days && waiting != 0)) return std::nullopt;
    span.days = days ? *days | waiting : kEveryDay;
    waiting = 0;
    schedule.push_back(span);
    if (schedule.size() > kMostSpans) return std::nullopt;
  }
  if (schedule.empty() || waiting != 0) return std::nullopt;
  return schedule;
}

std::string schedule_text(const Schedule& schedule) {
  std::string out;
  for (const auto& span : schedule) {
    char hours[32];
    std::snprintf(hours, sizeof hours, " %02d:%02d-%02d:%02d", span.start_minute / 60, span.start_minute % 60,
                  span.end_minute / 60, span.end_minute % 60);
    out += (out.empty() ? "" : ", ") + days_text(span.days) + hours;
  }
  return out;
}

}  // namespace veilgate
