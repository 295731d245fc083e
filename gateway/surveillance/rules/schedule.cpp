#include "rules/schedule.h"

#include <algorithm>

namespace veilgate::surveillance {

bool is_armed(const Schedule& schedule, const TimeZone& zone, UtcTime time) {
  if (schedule.empty()) return true;
  const auto local = std::chrono::floor<std::chrono::minutes>(time + zone.offset_at(time));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const int minute = static_cast<int>((local - day).count());
  const unsigned today = std::chrono::weekday{day}.iso_encoding() - 1;  // 0 = Monday
  const unsigned yesterday = (today + 6) % 7;
  return std::any_of(schedule.begin(), schedule.end(), [&](const ScheduleSpan& span) {
    const bool starts_today = (span.days >> today & 1U) != 0,
               started_yesterday = (span.days >> yesterday & 1U) != 0;
    if (span.end_minute > span.start_minute)
      return starts_today && minute >= span.start_minute && minute < span.end_minute;
    return (starts_today && minute >= span.start_minute) || (started_yesterday && minute < span.end_minute);
  });
}

}  // namespace veilgate::surveillance
