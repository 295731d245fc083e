#include "core/clock.h"

#include <cstdio>
#include <ctime>

#include <sys/timex.h>

namespace veilgate {

const char* to_string(ClockState state) {
  switch (state) {
    case ClockState::kSynced: return "synced";
    case ClockState::kHoldover: return "holdover";
    case ClockState::kUnsynced: return "unsynced";
  }
  return "unsynced";
}

UtcTime SystemClock::now() const {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

MonoTime SystemClock::monotonic() const {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return MonoTime{std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec}};
}

ClockState SystemClock::state() const {
  // STA_UNSYNC is set by the kernel when nobody has disciplined the clock, or not for long; a known maximum error
  // below a second then still means that it was right not long ago.
  static std::atomic<std::int64_t> asked_at{-1};
  static std::atomic<ClockState> last{ClockState::kUnsynced};
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(monotonic().time_since_epoch()).count();
  if (asked_at.exchange(second) == second) return last;
  timex t{};
  const int rc = adjtimex(&t);
  ClockState state = ClockState::kUnsynced;
  if (rc >= 0 && !(t.status & STA_UNSYNC)) state = ClockState::kSynced;
  else if (rc >= 0 && t.maxerror < 1'000'000) state = ClockState::kHoldover;
  last = state;
  return state;
}

std::string format_utc(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

Result<UtcTime> parse_utc(const std::string& text) {
  int year = 0, hour = 0, minute = 0, second = 0, ms = 0, end = 0;
  unsigned month = 0, day = 0;
  const auto bad = [&] {
    return Error(ErrorCode::kInvalidInput, "'" + text + "' is not a UTC time like 2026-03-01T08:15:30.123Z");
  };
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &end) != 6)
    return bad();
  std::string rest = text.substr(static_cast<std::size_t>(end));
  if (rest.size() == 5 && rest[0] == '.' && std::sscanf(rest.c_str(), ".%3dZ", &ms) == 1) rest = "Z";
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (rest != "Z" || !date.ok() || hour > 23 || minute > 59 || second > 59) return bad();
  const UtcTime time = std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                       std::chrono::seconds{second} + Millis{ms};
  return time;
}

}  // namespace veilgate
