#include "config/text_forms.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace veilgate {
namespace {

using std::chrono::milliseconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Unit {
  const char* name;
  std::int64_t ms;
};
constexpr std::array<Unit, 5> kUnits{{{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}}};
constexpr std::int64_t kLongestMs = 36525LL * 86400000;

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const auto digits = static_cast<std::size_t>(
      std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; }) - text.begin());
  const auto amount = parse_number(text.substr(0, digits));
  if (!amount || digits == 0) return std::nullopt;
  for (const auto& unit : kUnits) {
    if (text.substr(digits) != unit.name) continue;
    const double ms = *amount * static_cast<double>(unit.ms);
    if (ms > static_cast<double>(kLongestMs)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(ms + 0.5);
    const double rest = ms - static_cast<double>(whole);
    if (rest > 1e-6 || rest < -1e-6) return std::nullopt;
    return milliseconds(whole);
  }
  return std::nullopt;
}

std::string duration_text(milliseconds value) {
  if (value.count() == 0) return "0s";
  for (const auto& unit : kUnits)
    if (value.count() % unit.ms == 0) return std::to_string(value.count() / unit.ms) + unit.name;
  return std::to_string(value.count()) + "ms";
}

std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  std::size_t i = text[0] == '-' ? 1 : 0;
  std::size_t digits = 0, dots = 0;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i]))
      ++digits;
    else if (text[i] == '.' && dots++ == 0 && digits > 0)
      continue;
    else
      return std::nullopt;
  }
  if (digits == 0 || !is_digit(text.back())) return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr);  // LC_NUMERIC stays "C": nobody calls setlocale
}

std::string number_text(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.6g", value);
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const auto digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;  // 010 is 8 to some and 10 to others
  const auto value = std::strtoll(std::string(digits).c_str(), nullptr, 10);
  return negative ? -value : value;
}

bool is_valid_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_alphanumeric(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_valid_topic_prefix(std::string_view text) {
  if (text.size() > 128) return false;
  for (;;) {
    const auto slash = text.find('/');
    if (!is_valid_id(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

ZoneLookup look_up_timezone(const std::string& name) {
  static const std::filesystem::path database = "/usr/share/zoneinfo";
  std::error_code ignored;
  if (!std::filesystem::is_directory(database, ignored)) return ZoneLookup::kNoDatabase;
  const bool plain = !name.empty() && name.size() <= 64 && is_alphanumeric(name[0]) &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return is_alphanumeric(c) || c == '/' || c == '_' || c == '-' || c == '+';
                     });
  const bool variant = name.rfind("posix/", 0) == 0 || name.rfind("right/", 0) == 0;
  if (!plain || variant || !std::filesystem::is_regular_file(database / name, ignored))
    return ZoneLookup::kUnknown;
  char magic[4] = {};
  std::ifstream(database / name, std::ios::binary).read(magic, sizeof magic);
  return std::string_view(magic, sizeof magic) == "TZif" ? ZoneLookup::kKnown : ZoneLookup::kUnknown;
}

}  // namespace veilgate
