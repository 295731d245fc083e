#pragma once
// Putting a catalogued model into a model directory. Thread word: reentrant; two installers of the same file
// end with one whole file, never with a mixture.

#include <filesystem>

#include "core/bytes.h"
#include "core/result.h"
#include "models/catalogue.h"

namespace veilgate {

/// Refuses bytes that are not what the catalogue pins (kUntrusted, naming both hashes); else writes them to
/// `directory` (made when absent) under the catalogue's name: first beside it, then renamed, so that a reader
/// sees the old file or the new one. Returns the installed file. kPermission when the directory cannot be
/// written.
Result<std::filesystem::path> install_model(const CatalogueModel& model, ByteView bytes,
                                            const std::filesystem::path& directory,
                                            const std::string& origin);

}  // namespace veilgate
