#pragma once
// The kinds of values a configuration key can have. Each factory gives a Leaf: what is allowed in words, its
// JSON Schema, how it is read and how it is written. Thread word: reentrant.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/nearest.h"
#include "config/table.h"

namespace veilgate::values {

Leaf<std::string> text(int max_characters = 200);
Leaf<std::string> id();
Leaf<std::string> topic_prefix();
Leaf<std::string> pattern(Words allowed, std::string regex);  ///< whole value; ECMAScript, ASCII only
Leaf<std::string> timezone();
Leaf<std::string> date();
Leaf<std::string> ip_address();
Leaf<std::string> rtsp_url();
Leaf<std::string> file_path();
Leaf<std::string> absolute_path();
Leaf<std::vector<std::string>> broker_urls();
Leaf<std::int64_t> integer(std::int64_t min, std::int64_t max);
Leaf<double> number(double min, double max);
Leaf<bool> on_off();
Leaf<std::int64_t> bytes(std::int64_t min, std::int64_t max);  ///< "512MiB", "2GiB"
Leaf<std::chrono::milliseconds> duration(std::chrono::milliseconds min, std::chrono::milliseconds max);
Leaf<Seconds> seconds(Seconds min, Seconds max);  ///< the same, whole seconds only
Leaf<Polygon> polygon();
Leaf<Segment> line_points();
Leaf<Schedule> schedule();
Leaf<CaptureConfig> capture();       ///< on_leave | { after: 2s }
Leaf<std::string> location_class();  ///< also takes the forbidden ones: R-003 answers those

/// One word of a fixed list, with what each means.
template <class E>
struct Option {
  const char* word;
  E value;
  const char* zh;
  const char* en;
};

/// The scalar's text; reports a map, a list or an empty value as the wrong type.
std::optional<std::string> scalar(const Node& node, const Words& allowed, const std::string& path,
                                  Findings& findings);
/// "`999` is not allowed; expected …"
void report_value(const char* code, const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings, const Words& hint = {});
Words options_in_words(const std::vector<std::string>& words);
std::string options_schema(const std::vector<std::string>& words);

template <class E>
Leaf<E> choice(std::vector<Option<E>> options) {
  std::vector<std::string> words;
  for (const auto& option : options) words.emplace_back(option.word);
  Leaf<E> leaf;
  leaf.allowed = options_in_words(words);
  leaf.schema = options_schema(words);
  leaf.parse = [options, words](const Node& node, const Words& allowed, const std::string& path,
                                Findings& findings) -> std::optional<E> {
    const auto value = scalar(node, allowed, path, findings);
    if (!value) return std::nullopt;
    for (const auto& option : options)
      if (*value == option.word) return option.value;
    Words hint;
    if (const auto near = nearest(*value, words); !near.empty())
      hint = {"；是否应为“" + near + "”？", "; did you mean `" + near + "`?"};
    report_value("unknown_value", node, allowed, path, findings, hint);
    return std::nullopt;
  };
  leaf.show = [options](const E& value) {
    for (const auto& option : options)
      if (option.value == value) return std::string(option.word);
    return std::string();
  };
  return leaf;
}

}  // namespace veilgate::values
