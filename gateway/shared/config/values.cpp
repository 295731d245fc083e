#include "config/values.h"

#include <algorithm>
#include <regex>

#include <arpa/inet.h>

#include "config/text_forms.h"
#include "config/url.h"

namespace veilgate::values {
namespace {

using std::chrono::milliseconds;

std::string quoted_json(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string string_schema(const std::string& regex) {
  return regex.empty() ? R"({"type":"string"})" : R"({"type":"string","pattern":)" + quoted_json(regex) + "}";
}

/// A leaf of text that must satisfy `valid`.
Leaf<std::string> text_leaf(Words allowed, std::string schema, const char* code,
                            std::function<bool(const std::string&)> valid) {
  Leaf<std::string> leaf;
  leaf.allowed = std::move(allowed);
  leaf.schema = std::move(schema);
  leaf.parse = [code, valid = std::move(valid)](const Node& node, const Words& words, const std::string& path,
                                                Findings& findings) -> std::optional<std::string> {
    auto value = scalar(node, words, path, findings);
    if (!value || valid(*value)) return value;
    report_value(code, node, words, path, findings);
    return std::nullopt;
  };
  leaf.show = [](const std::string& value) { return value; };
  return leaf;
}

/// A scalar outside quotes that `parse` turns into a value within [min, max].
template <class V, class Parse, class Show>
Leaf<V> ranged_leaf(Words allowed, std::string schema, V min, V max, const char* code, Parse parse,
                    Show show) {
  Leaf<V> leaf;
  leaf.allowed = std::move(allowed);
  leaf.schema = std::move(schema);
  leaf.show = show;
  leaf.parse = [=](const Node& node, const Words& words, const std::string& path,
                   Findings& findings) -> std::optional<V> {
    const auto text = scalar(node, words, path, findings);
    if (!text) return std::nullopt;
    const std::optional<V> value = parse(node, *text);
    if (value && *value >= min && *value <= max) return value;
    report_value(value ? "out_of_range" : code, node, words, path, findings);
    return std::nullopt;
  };
  return leaf;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

const std::vector<std::pair<const char*, std::int64_t>>& byte_units() {
  static const std::vector<std::pair<const char*, std::int64_t>> units{
      {"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}};
  return units;
}

}  // namespace

std::optional<std::string> scalar(const Node& node, const Words& allowed, const std::string& path,
                                  Findings& findings) {
  if (node.kind == Node::Kind::kScalar && !node.text.empty()) return node.text;
  const bool empty = node.kind == Node::Kind::kNull || node.kind == Node::Kind::kScalar;
  if (empty)
    findings.error("empty_value", path,
                   {"值为空；应为：" + allowed.zh, "the value is empty; expected " + allowed.en});
  else
    findings.error("wrong_type", path,
                   {"应为单个值：" + allowed.zh, "expected a single value: " + allowed.en});
  return std::nullopt;
}

void report_value(const char* code, const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings, const Words& hint) {
  const std::string value = shown(node.text);
  findings.error(code, path,
                 {"值“" + value + "”不符合要求；应为：" + allowed.zh + hint.zh,
                  "`" + value + "` is not allowed; expected " + allowed.en + hint.en});
}

Words options_in_words(const std::vector<std::string>& words) {
  std::string zh, en;
  for (const auto& word : words) {
    zh += (zh.empty() ? "" : "、") + word;
    en += (en.empty() ? "" : " | ") + word;
  }
  return {zh + " 之一", "one of " + en};
}

std::string options_schema(const std::vector<std::string>& words) {
  std::string list;
  for (const auto& word : words) list += (list.empty() ? "" : ",") + quoted_json(word);
  return R"({"enum":[)" + list + "]}";
}

Leaf<std::string> text(int max_characters) {
  const std::string max = std::to_string(max_characters);
  return text_leaf({"文本，最多 " + max + " 个字符", "text of at most " + max + " characters"},
                   R"({"type":"string","minLength":1,"maxLength":)" + max + "}", "too_long",
                   [max_characters](const std::string& value) {
                     return characters(value) <= static_cast<std::size_t>(max_characters);
                   });
}

Leaf<std::string> id() {
  return text_leaf(
      {"由字母、数字、点、下划线、连字符组成的标识，1 到 64 个字符，以字母或数字开头（不得含 + # /）",
       "an id: 1 to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or digit "
       "(never + # /)"},
      string_schema("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"), "bad_id",
      [](const std::string& value) { return is_valid_id(value); });
}

Leaf<std::string> topic_prefix() {
  return text_leaf({"用 / 连接的标识，如 veilgate/v1（不得含 + # $）",
                    "ids joined by /, such as veilgate/v1 (never + # $)"},
                   string_schema("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"), "bad_topic",
                   [](const std::string& value) { return is_valid_topic_prefix(value); });
}

Leaf<std::string> pattern(Words allowed, std::string regex) {
  const std::regex compiled(regex);
  return text_leaf(std::move(allowed), string_schema("^(" + regex + ")$"), "bad_form",
                   [compiled](const std::string& value) {
                     return value.size() <= 256 && std::regex_match(value, compiled);
                   });
}

Leaf<std::string> timezone() {
  auto leaf =
      text_leaf({"时区数据库中的名称，如 Asia/Shanghai", "a name of the tz database, such as Asia/Shanghai"},
                string_schema(""), "unknown_timezone", [](const std::string&) { return true; });
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<std::string> {
    const auto value = scalar(node, allowed, path, findings);
    if (!value) return std::nullopt;
    switch (look_up_timezone(*value)) {
      case ZoneLookup::kKnown:
        return value;
      case ZoneLookup::kUnknown:
        report_value("unknown_timezone", node, allowed, path, findings);
        break;
      case ZoneLookup::kNoDatabase:
        findings.error(
            "no_timezone_database", path,
            {"本机没有时区数据库：请安装 tzdata", "this machine has no tz database: install tzdata"});
    }
    return std::nullopt;
  };
  return leaf;
}

Leaf<std::string> date() {
  return text_leaf({"日期，如 2026-03-01", "a date such as 2026-03-01"},
                   R"({"type":"string","format":"date"})", "bad_date", [](const std::string& value) {
                     if (value.size() != 10 || value[4] != '-' || value[7] != '-') return false;
                     int part[3] = {0, 0, 0};
                     for (std::size_t i = 0; i < value.size(); ++i) {
                       if (i == 4 || i == 7) continue;
                       if (value[i] < '0' || value[i] > '9') return false;
                       int& into = part[i < 4 ? 0 : i < 7 ? 1 : 2];
                       into = into * 10 + (value[i] - '0');
                     }
                     return std::chrono::year_month_day(std::chrono::year(part[0]),
                                                        std::chrono::month(static_cast<unsigned>(part[1])),
                                                        std::chrono::day(static_cast<unsigned>(part[2])))
                         .ok();
                   });
}

Leaf<std::string> ip_address() {
  return text_leaf({"IPv4 或 IPv6 地址", "an IPv4 or IPv6 address"}, string_schema(""), "bad_address",
                   [](const std::string& value) {
                     unsigned char address[16];
                     return inet_pton(AF_INET, value.c_str(), address) == 1 ||
                            inet_pton(AF_INET6, value.c_str(), address) == 1;
                   });
}

Leaf<std::string> file_path() {
  return text_leaf({"文件路径（相对路径以配置文件所在目录为准）",
                    "a path of a file (a relative one counts from the folder of this file)"},
                   R"({"type":"string","minLength":1,"maxLength":1024})", "bad_path",
                   [](const std::string& value) { return value.size() <= 1024 && !holds_secret(value); });
}

Leaf<std::string> absolute_path() {
  return text_leaf({"绝对路径（以 / 开头）", "an absolute path (beginning with /)"}, string_schema("^/"),
                   "path_not_absolute",
                   [](const std::string& value) { return value[0] == '/' && value.size() <= 1024; });
}

Leaf<std::int64_t> integer(std::int64_t min, std::int64_t max) {
  const std::string a = std::to_string(min), b = std::to_string(max);
  return ranged_leaf<std::int64_t>(
      min == max ? Words{a, a} : Words{a + " 到 " + b + " 的整数", "a whole number from " + a + " to " + b},
      R"({"type":"integer","minimum":)" + a + R"(,"maximum":)" + b + "}", min, max, "wrong_type",
      [](const Node& node, const std::string& t) { return node.quoted ? std::nullopt : parse_integer(t); },
      [](const std::int64_t& value) { return std::to_string(value); });
}

Leaf<double> number(double min, double max) {
  const std::string a = number_text(min), b = number_text(max);
  return ranged_leaf<double>(
      {a + " 到 " + b + " 的数", "a number from " + a + " to " + b},
      R"({"type":"number","minimum":)" + a + R"(,"maximum":)" + b + "}", min, max, "wrong_type",
      [](const Node& node, const std::string& t) { return node.quoted ? std::nullopt : parse_number(t); },
      [](const double& value) { return number_text(value); });
}

Leaf<bool> on_off() {
  return ranged_leaf<bool>(
      {"true 或 false", "true or false"}, R"({"type":"boolean"})", false, true, "wrong_type",
      [](const Node& node, const std::string& t) -> std::optional<bool> {
        if (node.quoted || (t != "true" && t != "false")) return std::nullopt;
        return t == "true";
      },
      [](const bool& value) { return std::string(value ? "true" : "false"); });
}

Leaf<std::int64_t> bytes(std::int64_t min, std::int64_t max) {
  const auto show = [](const std::int64_t& value) {
    for (const auto& [name, size] : byte_units())
      if (value % size == 0) return std::to_string(value / size) + name;
    return std::to_string(value);
  };
  const std::string a = show(min), b = show(max);
  return ranged_leaf<std::int64_t>(
      {"容量，" + a + " 到 " + b + "，如 512MiB", "a size from " + a + " to " + b + ", such as 512MiB"},
      string_schema("^[0-9]+(KiB|MiB|GiB)$"), min, max, "bad_size",
      [](const Node&, const std::string& t) -> std::optional<std::int64_t> {
        if (t.size() < 4 || t.size() > 12) return std::nullopt;
        const auto amount = parse_integer(std::string_view(t).substr(0, t.size() - 3));
        for (const auto& [name, size] : byte_units())
          if (amount && *amount >= 0 && t.substr(t.size() - 3) == name) return *amount * size;
        return std::nullopt;
      },
      show);
}

Leaf<milliseconds> duration(milliseconds min, milliseconds max) {
  const std::string a = duration_text(min), b = duration_text(max);
  return ranged_leaf<milliseconds>(
      {"时长，" + a + " 到 " + b + "，如 500ms、15s、60m、24h、180d",
       "a duration from " + a + " to " + b + ", such as 500ms, 15s, 60m, 24h or 180d"},
      string_schema("^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$"), min, max, "bad_duration",
      [](const Node&, const std::string& t) { return parse_duration(t); },
      [](const milliseconds& value) { return duration_text(value); });
}

Leaf<Seconds> seconds(Seconds min, Seconds max) {
  const std::string a = duration_text(min), b = duration_text(max);
  return ranged_leaf<Seconds>(
      {"时长（整秒），" + a + " 到 " + b + "，如 15s、60m、24h、180d",
       "a duration in whole seconds from " + a + " to " + b + ", such as 15s, 60m, 24h or 180d"},
      string_schema("^[0-9]+(\\.[0-9]+)?(s|m|h|d)$"), min, max, "bad_duration",
      [](const Node&, const std::string& t) -> std::optional<Seconds> {
        const auto value = parse_duration(t);
        if (!value || value->count() % 1000 != 0) return std::nullopt;
        return std::chrono::duration_cast<Seconds>(*value);
      },
      [](const Seconds& value) { return duration_text(value); });
}

}  // namespace veilgate::values
