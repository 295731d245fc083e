#pragma once
// Collecting every problem of a file instead of stopping at the first. A finding is named by its key path;
// its line comes from the document that was read. Thread word: thread-bound.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"

namespace veilgate {

/// One sentence in both languages.
struct Words {
  std::string zh;
  std::string en;
};

class Findings {
 public:
  /// Where a key path is written in the file (1-based).
  void remember(const std::string& path, int line) { lines_.emplace(path, line); }
  /// True when the file has this key path.
  bool has(const std::string& path) const { return lines_.count(path) != 0; }
  /// The line of the path, or of the nearest part of the file that encloses it; 0 for an empty file.
  int line_of(std::string_view path) const;

  void error(const std::string& code, const std::string& path, Words message,
             const std::string& requirement = "");
  void warning(const std::string& code, const std::string& path, Words message,
               const std::string& requirement = "");
  /// When the path alone does not tell the line (a second key of the same name).
  void error_at(int line, const std::string& code, const std::string& path, Words message,
                const std::string& requirement = "");

  /// True when an error was found at this path or below it: a later check may then hold its peace.
  bool has_error_at(std::string_view path) const;
  /// An error already found explains whatever is wrong at `path` (a mistyped key, reported under its own
  /// name).
  void explain(const std::string& path) { explained_.insert(path); }

  /// Everything found, in file order. At most kMaxProblems, the last one saying how many more there were.
  std::vector<Problem> take();

  static constexpr std::size_t kMaxProblems = 200;

 private:
  void add(Severity severity, int line, const std::string& code, const std::string& path, Words message,
           const std::string& requirement);

  std::map<std::string, int, std::less<>> lines_;
  std::set<std::string, std::less<>> explained_;
  std::vector<Problem> problems_;
};

/// A value from the file as it may be shown in a message: shortened, control characters made visible, and
/// every password in a URL taken out.
std::string shown(std::string_view value);

/// "surveillance.cameras[0]" + "id" → "surveillance.cameras[0].id"
std::string child_path(const std::string& parent, const std::string& key);
std::string child_path(const std::string& parent, std::size_t index);

}  // namespace veilgate
