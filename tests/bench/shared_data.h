#pragma once
// Where the shared test data lies. Data files only; none of it belongs to the repository. Thread word:
// reentrant.

#include <cstdlib>
#include <filesystem>

namespace veilgate::bench {

/// $VEILGATE_SHARED, else ../shared beside the source tree.
inline std::filesystem::path shared_data() {
  if (const char* given = std::getenv("VEILGATE_SHARED"); given != nullptr) return given;
  return std::filesystem::path(VEILGATE_SOURCE_DIR) / ".." / "shared";
}

}  // namespace veilgate::bench
