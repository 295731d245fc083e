#pragma once
// The models that may be installed beside the gateway, pinned by SHA-256. A file whose hash differs is not
// the model: it is neither installed nor loaded. The table itself is data: models/catalogue.inc. Thread word:
// reentrant.

#include <cstdint>
#include <span>
#include <string_view>

namespace veilgate {

struct CatalogueModel {
  std::string_view name;       ///< what people type: "yunet"
  std::string_view file_name;  ///< in a model directory
  std::string_view sha256;     ///< 64 lower-case hex digits
  std::uint64_t bytes = 0;
  std::string_view url;  ///< the publisher's address
  std::string_view licence;
  std::string_view used_by;  ///< the lane that reads it
};

std::span<const CatalogueModel> model_catalogue();
/// nullptr when no model has that name.
const CatalogueModel* find_catalogue_model(std::string_view name);

}  // namespace veilgate
