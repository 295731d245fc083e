#pragma once
// Local time of one IANA zone, read from the system's tz database (TZif, RFC 8536: 64-bit transitions and the
// POSIX TZ footer for the time after the last one). Reads the file once; no process-wide TZ variable, so
// several zones can live side by side. Thread word: thread-safe once loaded.

#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace veilgate::surveillance {

class TimeZone {
 public:
  /// "Asia/Shanghai". Looks in $TZDIR, else /usr/share/zoneinfo.
  static Result<TimeZone> load(const std::string& name);
  static Result<TimeZone> parse(std::string_view tzif);
  static TimeZone utc() { return TimeZone{}; }

  /// Local time minus UTC at that moment.
  std::chrono::seconds offset_at(UtcTime time) const;

 private:
  /// "M3.2.0/2": month, week (5 = last), weekday (0 = Sunday), seconds after local midnight.
  struct ChangeDay {
    int month = 0, week = 0, weekday = 0, seconds = 7200;
  };
  struct Footer {
    long standard = 0, summer = 0;  ///< offsets east of Greenwich, seconds
    bool has_summer = false;
    ChangeDay to_summer, to_standard;
  };
  static Result<Footer> parse_footer(std::string_view text);
  static long change_time(const ChangeDay& day, int year);
  long footer_offset(long utc_seconds) const;

  std::vector<long> at_;      // UTC seconds, ascending
  std::vector<long> offset_;  // offset from at_[i] on
  long first_offset_ = 0;     // before at_[0]
  Footer footer_;
};

}  // namespace veilgate::surveillance
