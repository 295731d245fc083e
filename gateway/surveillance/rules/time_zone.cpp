#include "rules/time_zone.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace veilgate::surveillance {
namespace {

constexpr std::size_t kHeader = 44;

long big_endian(std::string_view bytes, std::size_t at, int size) {
  unsigned long long value = 0;
  for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return size == 4 ? static_cast<int>(value) : static_cast<long>(value);
}

struct Counts {
  std::size_t utc, standard, leap, times, types, chars;
  std::size_t block(std::size_t time_size) const {
    return times * time_size + times + types * 6 + chars + leap * (time_size + 4) + standard + utc;
  }
};

Counts counts_at(std::string_view bytes, std::size_t at) {
  const auto n = [&](std::size_t i) {
    return static_cast<std::size_t>(big_endian(bytes, at + 20 + 4 * i, 4));
  };
  return {n(0), n(1), n(2), n(3), n(4), n(5)};
}

bool is_header(std::string_view bytes, std::size_t at) {
  return bytes.size() >= at + kHeader && bytes.substr(at, 4) == "TZif" && bytes[at + 4] >= '2';
}

/// A reader over "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1" (POSIX.1-2017 8.3).
struct FooterReader {
  std::string_view rest;

  bool name() {
    std::size_t n = 0;
    if (!rest.empty() && rest[0] == '<') {
      n = rest.find('>');
      if (n == std::string_view::npos) return false;
      ++n;
    } else {
      while (n < rest.size() && std::isalpha(static_cast<unsigned char>(rest[n]))) ++n;
    }
    rest.remove_prefix(n);
    return n >= 3;
  }
  bool number(int& out) {
    std::size_t n = 0;
    out = 0;
    while (n < rest.size() && n < 4 && std::isdigit(static_cast<unsigned char>(rest[n])))
      out = out * 10 + (rest[n++] - '0');
    rest.remove_prefix(n);
    return n > 0;
  }
  bool take(char c) {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool time(long& out) {  // [+-]h[:m[:s]]
    const bool negative = take('-');
    if (!negative) take('+');
    int h = 0, m = 0, s = 0;
    if (!number(h) || (take(':') && (!number(m) || (take(':') && !number(s))))) return false;
    out = (negative ? -1L : 1L) * (h * 3600L + m * 60L + s);
    return true;
  }
};

}  // namespace

Result<TimeZone::Footer> TimeZone::parse_footer(std::string_view text) {
  const Error wrong(ErrorCode::kInvalidInput, "tz database footer not understood: " + std::string(text));
  Footer footer;
  FooterReader in{text};
  if (text.empty()) return footer;
  long west = 0;
  if (!in.name() || !in.time(west)) return wrong;
  footer.standard = -west;
  if (in.rest.empty()) return footer;
  footer.has_summer = true;
  footer.summer = footer.standard + 3600;
  if (!in.name()) return wrong;
  if (!in.rest.empty() && in.rest[0] != ',') {
    if (!in.time(west)) return wrong;
    footer.summer = -west;
  }
  for (ChangeDay* day : {&footer.to_summer, &footer.to_standard}) {
    long seconds = 7200;
    if (!in.take(',') || !in.take('M') || !in.number(day->month) || !in.take('.') || !in.number(day->week) ||
        !in.take('.') || !in.number(day->weekday) || (in.take('/') && !in.time(seconds)))
      return wrong;
    if (day->month < 1 || day->month > 12 || day->week < 1 || day->week > 5 || day->weekday > 6) return wrong;
    day->seconds = static_cast<int>(seconds);
  }
  return footer;
}

long TimeZone::change_time(const ChangeDay& day, int year) {
  using namespace std::chrono;
  const weekday wanted{static_cast<unsigned>(day.weekday)};
  const auto in_month = std::chrono::year{year} / month{static_cast<unsigned>(day.month)};
  const sys_days date = day.week == 5 ? sys_days{in_month / wanted[last]}
                                      : sys_days{in_month / wanted[static_cast<unsigned>(day.week)]};
  return date.time_since_epoch().count() * 86400L + day.seconds;
}

long TimeZone::footer_offset(long utc) const {
  if (!footer_.has_summer) return footer_.standard;
  const auto days = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds{std::chrono::seconds{utc + footer_.standard}});
  const int year = static_cast<int>(std::chrono::year_month_day{days}.year());
  // Each change is given in the local time that ends with it.
  const long summer = change_time(footer_.to_summer, year) - footer_.standard;
  const long standard = change_time(footer_.to_standard, year) - footer_.summer;
  const bool in_summer =
      summer < standard ? utc >= summer && utc < standard : utc >= summer || utc < standard;
  return in_summer ? footer_.summer : footer_.standard;
}

std::chrono::seconds TimeZone::offset_at(UtcTime time) const {
  const long utc = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const auto after = std::upper_bound(at_.begin(), at_.end(), utc);
  if (after == at_.end()) return std::chrono::seconds{footer_offset(utc)};
  if (after == at_.begin()) return std::chrono::seconds{first_offset_};
  return std::chrono::seconds{offset_[after - at_.begin() - 1]};
}

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
  const Error wrong(ErrorCode::kInvalidInput, "not a time zone file of version 2 or later (RFC 8536)");
  if (!is_header(bytes, 0)) return wrong;
  const std::size_t second = kHeader + counts_at(bytes, 0).block(4);
  if (!is_header(bytes, second)) return wrong;
  const Counts n = counts_at(bytes, second);
  const std::size_t times = second + kHeader, indices = times + n.times * 8, types = indices + n.times;
  if (n.types == 0 || n.types > 256 || n.times > 100000 || bytes.size() < times + n.block(8)) return wrong;
  TimeZone zone;
  const auto type_offset = [&](std::size_t type) { return big_endian(bytes, types + type * 6, 4); };
  zone.first_offset_ = type_offset(0);
  for (std::size_t i = 0; i < n.times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indices + i]);
    if (type >= n.types) return wrong;
    zone.at_.push_back(big_endian(bytes, times + i * 8, 8));
    zone.offset_.push_back(type_offset(type));
  }
  std::string_view tail = bytes.substr(times + n.block(8));
  if (tail.size() >= 2 && tail.front() == '\n') tail = tail.substr(1, tail.find('\n', 1) - 1);
  VG_TRY(zone.footer_, parse_footer(tail));
  return zone;
}

Result<TimeZone> TimeZone::load(const std::string& name) {
  const char* configured = std::getenv("TZDIR");
  const std::string directory = configured && *configured ? configured : "/usr/share/zoneinfo";
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos)
    return Error(ErrorCode::kInvalidInput, "not the name of a time zone: '" + name + "'");
  std::ifstream file(directory + "/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file && bytes.empty())
    return Error(ErrorCode::kNotFound,
                 "time zone '" + name + "' is not in " + directory + " (package tzdata)");
  auto zone = parse(bytes);
  if (!zone) return zone.error().with_context(directory + "/" + name);
  return zone;
}

}  // namespace veilgate::surveillance
