#pragma once
// Reading a configuration file. One table (config/sections.h) describes every key; parser, JSON Schema and
// config/reference.md come from it. All problems are reported at once, each with file line, key path, value,
// what is allowed and the nearest known key. A hostile file (too large, too deep, aliases, bad bytes) gives a
// problem, never a crash. No message ever repeats a password. Thread word: reentrant.

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/problem.h"

namespace veilgate {

struct LoadedConfig {
  std::optional<Config> config;   ///< absent when any problem is an error
  std::vector<Problem> problems;  ///< in file order
  bool unreadable = false;        ///< the file could not be opened or read (exit 66), not: is wrong (exit 78)
};

/// Parses and judges (structure, ranges, cross-checks, lawfulness rules R-001… ). A
/// relative source.file or source.pipeline counts from the folder of the configuration file.
LoadedConfig load_config(const std::string& path);
/// The same on text; `name` stands for the file in messages.
LoadedConfig parse_config(const std::string& text, const std::string& name);

}  // namespace veilgate
