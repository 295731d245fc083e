#pragma once
// What `veilgate check` shows: problems one per line, a summary of a good configuration in aligned columns,
// and the same as JSON. Thread word: reentrant.

#include <string>
#include <vector>

#include "config/config.h"
#include "config/reload.h"
#include "core/language.h"
#include "core/problem.h"

namespace veilgate::cli {

std::string problems_text(const std::vector<Problem>& problems, const std::string& file, Language language);
/// The last line: "good", "good, 2 warnings", "3 errors, 1 warning".
std::string verdict_text(const std::vector<Problem>& problems, const std::string& file, Language language);
std::string summary_text(const Config& config, Language language);
std::string changes_text(const std::vector<Change>& changes, Language language);

/// {"ok", "file", "problems": [{code, severity, path, line, message, requirement}], "summary"?: {…},
/// "changes"?: […]}
std::string check_json(const std::vector<Problem>& problems, const std::string& file, const Config* config,
                       const std::vector<Change>* changes, Language language);

/// Columns on a terminal: Chinese characters take two.
int display_width(const std::string& text);

}  // namespace veilgate::cli
