// What a legal basis looks like: the name of a law, and an article of it.

#include <algorithm>
#include <string>
#include <vector>

#include "config/lawfulness.h"

namespace veilgate {
namespace {

bool contains_any(std::string_view text, const std::vector<const char*>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string_view::npos; });
}

std::string lower(std::string_view text) {
  std::string out;
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "…法 第二十六条": a numbered article after a word for a law.
bool has_chinese_article(std::string_view text) {
  static const std::vector<const char*> laws{"法", "条例", "规定", "办法", "决定", "细则", "令"};
  static const std::vector<const char*> numerals{"一", "二", "三", "四", "五", "六",
                                                 "七", "八", "九", "十", "百"};
  for (auto begin = text.find("第"); begin != std::string_view::npos; begin = text.find("第", begin + 1)) {
    const auto end = text.find("条", begin);
    if (end == std::string_view::npos) return false;
    const auto number = text.substr(begin, end - begin);
    if ((has_digit(number) || contains_any(number, numerals)) && contains_any(text.substr(0, begin), laws))
      return true;
  }
  return false;
}

/// "PIPL art. 26", "条例799 art. 8": a numbered article beside a word for a law.
bool has_english_article(std::string_view text) {
  static const std::vector<const char*> laws{"law",   "act",  "pipl",   "regulation", "code",      "measures",
                                             "order", "gdpr", "decree", "rules",      "directive", "法",
                                             "条例",  "规定", "办法",   "令"};
  const std::string low = lower(text);
  for (const char* word : {"art", "§", "section", "sec."}) {
    const auto at = low.find(word);
    if (at != std::string::npos && has_digit(low.substr(at)) && contains_any(low, laws)) return true;
  }
  return false;
}

}  // namespace

bool looks_like_law_and_article(std::string_view text) {
  return has_chinese_article(text) || has_english_article(text);
}

}  // namespace veilgate
