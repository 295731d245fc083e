#include "core/problem.h"

#include <algorithm>

namespace veilgate {

std::string describe(const Problem& problem, const std::string& file, Language language) {
  const bool chinese = language == Language::kChinese;
  std::string out = file;
  if (problem.line > 0) out += ":" + std::to_string(problem.line);
  if (!out.empty()) out += ": ";
  if (problem.severity == Severity::kError) out += chinese ? "错误：" : "error: ";
  else out += chinese ? "警告：" : "warning: ";
  if (!problem.path.empty()) out += problem.path + (chinese ? "：" : ": ");
  out += chinese && !problem.message_zh.empty() ? problem.message_zh : problem.message;
  if (!problem.requirement.empty()) out += chinese ? "（" + problem.requirement + "）" : " (" + problem.requirement + ")";
  return out;
}

bool has_errors(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& p) { return p.severity == Severity::kError; });
}

}  // namespace veilgate
