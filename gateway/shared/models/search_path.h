#pragma once
// Where installed model files are looked for: `--models DIR` alone when given, else $VEILGATE_MODELS alone
// when set, else ./models/installed and then /var/lib/veilgate/models. Thread word: reentrant.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace veilgate {

struct ModelSearchPath {
  std::vector<std::filesystem::path> directories;  ///< in order; the first that holds a file wins

  /// The file's full path, or nothing when no directory holds it.
  std::optional<std::filesystem::path> find(const std::string& file_name) const;
};

/// `option` is what `--models` said; empty = not given.
ModelSearchPath model_search_path(const std::string& option = {});

}  // namespace veilgate
