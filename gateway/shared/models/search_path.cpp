#include "models/search_path.h"

#include <cstdlib>
#include <system_error>

namespace veilgate {

std::optional<std::filesystem::path> ModelSearchPath::find(const std::string& file_name) const {
  for (const auto& directory : directories) {
    std::error_code ignored;  // an unreadable directory holds nothing for us
    if (std::filesystem::is_regular_file(directory / file_name, ignored)) return directory / file_name;
  }
  return std::nullopt;
}

ModelSearchPath model_search_path(const std::string& option) {
  if (!option.empty()) return {{option}};
  if (const char* environment = std::getenv("VEILGATE_MODELS");
      environment != nullptr && *environment != '\0')
    return {{environment}};
  return {{"models/installed", "/var/lib/veilgate/models"}};
}

}  // namespace veilgate
