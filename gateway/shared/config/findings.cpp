#include "config/findings.h"

#include <algorithm>

namespace veilgate {
namespace {

std::string_view parent_of(std::string_view path) {
  const auto cut = path.find_last_of(".[");
  return cut == std::string_view::npos ? std::string_view{} : path.substr(0, cut);
}

bool is_at_or_below(std::string_view path, std::string_view top) {
  if (path.substr(0, top.size()) != top) return false;
  return path.size() == top.size() || path[top.size()] == '.' || path[top.size()] == '[';
}

/// Everything between "://" (or the start) and the last '@' is taken for user and password: a password may
/// hold any character, also '/' and '?'. What follows '?' may hold one too.
std::string without_passwords(std::string text) {
  const auto scheme = text.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = text.rfind('@');
  if (at != std::string::npos && at >= begin && text.find(':', begin) < at)
    text.replace(begin, at - begin, "***");
  if (const auto query = text.find('?'); scheme != std::string::npos && query != std::string::npos)
    text.replace(query + 1, std::string::npos, "…");
  return text;
}

}  // namespace

int Findings::line_of(std::string_view path) const {
  for (; !path.empty(); path = parent_of(path))
    if (const auto found = lines_.find(path); found != lines_.end()) return found->second;
  const auto root = lines_.find(std::string_view{});
  return root == lines_.end() ? 0 : root->second;
}

void Findings::error(const std::string& code, const std::string& path, Words message,
                     const std::string& requirement) {
  add(Severity::kError, line_of(path), code, path, std::move(message), requirement);
}

void Findings::warning(const std::string& code, const std::string& path, Words message,
                       const std::string& requirement) {
  add(Severity::kWarning, line_of(path), code, path, std::move(message), requirement);
}

void Findings::error_at(int line, const std::string& code, const std::string& path, Words message,
                        const std::string& requirement) {
  add(Severity::kError, line, code, path, std::move(message), requirement);
}

bool Findings::has_error_at(std::string_view path) const {
  if (explained_.count(path) != 0) return true;
  return std::any_of(problems_.begin(), problems_.end(), [&](const Problem& p) {
    return p.severity == Severity::kError && is_at_or_below(p.path, path);
  });
}

std::vector<Problem> Findings::take() {
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
  if (problems_.size() > kMaxProblems) {
    // Errors first, so that what is cut can never turn a refused file into an accepted one.
    std::stable_partition(problems_.begin(), problems_.end(),
                          [](const Problem& p) { return p.severity == Severity::kError; });
    const std::string rest = std::to_string(problems_.size() - kMaxProblems + 1);
    const bool error = problems_[kMaxProblems - 1].severity == Severity::kError;
    problems_.resize(kMaxProblems - 1);
    problems_.push_back({"more_problems", error ? Severity::kError : Severity::kWarning, "", 0,
                         rest + " more problems are not shown; remove these first",
                         "另有 " + rest + " 个问题未列出，请先处理以上问题", ""});
  }
  return std::move(problems_);
}

void Findings::add(Severity severity, int line, const std::string& code, const std::string& path,
                   Words message, const std::string& requirement) {
  problems_.push_back(
      {code, severity, path, line, std::move(message.en), std::move(message.zh), requirement});
}

std::string shown(std::string_view value) {
  constexpr std::size_t kMaxBytes = 80;
  std::string out;
  for (const char c : without_passwords(std::string(value))) {
    if (out.size() >= kMaxBytes && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return out + "…";
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return out;
}

std::string child_path(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string child_path(const std::string& parent, std::size_t index) {
  return parent + "[" + std::to_string(index) + "]";
}

}  // namespace veilgate
