#pragma once
// A finding about something examined (a configuration, an installation, a capture), in the form every query command
// prints with --json: {"ok": bool, "problems": [{code, path, line, message}]}. Thread word: reentrant.

#include <string>
#include <vector>

#include "core/language.h"

namespace veilgate {

enum class Severity { kError, kWarning };

struct Problem {
  std::string code;       ///< stable, snake_case: "unknown_key", "below_minimum_resolution"
  Severity severity = Severity::kError;
  std::string path;       ///< where: a key path ("surveillance.cameras[0].rules"), a topic, a file
  int line = 0;           ///< 1-based line in the examined file, 0 when there is none
  std::string message;    ///< what is wrong, what is allowed, what to do (English)
  std::string message_zh; ///< the same in Chinese
  std::string requirement;///< "R-004", empty when none
};

/// One line for people: `site.yaml:12: error: site.kind: message (R-002)`.
std::string describe(const Problem& problem, const std::string& file, Language language);

bool has_errors(const std::vector<Problem>& problems);

}  // namespace veilgate
