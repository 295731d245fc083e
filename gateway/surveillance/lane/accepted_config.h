#pragma once
// A configuration that was judged good, and the very text that it was read from: workers get that text, so that a file
// which broke meanwhile cannot reach a worker that starts again. Thread word: reentrant.

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/problem.h"

namespace veilgate::surveillance {

struct AcceptedConfig {
  Config config;  ///< with sm3 of the text
  std::string text;
};

struct ConfigCandidate {
  std::optional<AcceptedConfig> accepted;  ///< absent: `problems` holds at least one error
  std::vector<Problem> problems;
  bool unreadable = false;                 ///< the file cannot be read (exit 66), not: is wrong (exit 78)
};

ConfigCandidate accept_config(const std::string& file);

}  // namespace veilgate::surveillance
