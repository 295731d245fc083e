#pragma once
// Reading an installed model: found on the search path, and exactly the file that the catalogue pins.
//
// Errors: kMissingPart when no directory holds it, with the command that installs it (exit 69); kUntrusted
// when the file's hash is another one, naming both; kNotFound when it cannot be read. Thread word: reentrant.

#include "core/bytes.h"
#include "core/result.h"
#include "models/catalogue.h"
#include "models/search_path.h"

namespace veilgate {

Result<Bytes> load_model(const CatalogueModel& model, const ModelSearchPath& path);

/// The whole file; kNotFound when it cannot be read, kInvalidInput when it is larger than any model (64 MiB).
Result<Bytes> read_whole_file(const std::filesystem::path& file);

/// Refuses bytes that are not what the catalogue pins, naming both hashes and `place`.
Result<void> check_model(const CatalogueModel& model, ByteView bytes, const std::string& place);

}  // namespace veilgate
