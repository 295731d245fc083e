#pragma once
// A configuration that passes, and small edits to it: a test changes one thing and sees what is found.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "config/load.h"

namespace veilgate {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "missing test data: " << path << "\n";
    std::abort();
  }
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// tests/unit/config/data/sample.yaml: one camera with everything, judged good.
inline std::string sample() { return read_text(std::filesystem::path(VG_TEST_DATA) / "sample.yaml"); }

/// `from` must be there exactly once: a test that edits nothing would prove nothing.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    std::cerr << "not exactly once in the text: " << from << "\n";
    std::abort();
  }
  return text.replace(at, from.size(), to);
}

/// Removes the whole line that holds `part`.
inline std::string without_line(std::string text, const std::string& part) {
  const auto at = text.find(part);
  if (at == std::string::npos) {
    std::cerr << "not in the text: " << part << "\n";
    std::abort();
  }
  const auto begin = text.rfind('\n', at) + 1;
  return text.erase(begin, text.find('\n', at) + 1 - begin);
}

inline int line_of(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  return at == std::string::npos
             ? -1
             : 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

inline std::string listed(const LoadedConfig& loaded) {
  std::string out;
  for (const auto& p : loaded.problems)
    out += std::to_string(p.line) + " " + p.code + " " + p.path + ": " + p.message + "\n";
  return out;
}

}  // namespace veilgate
