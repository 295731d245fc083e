#include "lane/accepted_config.h"

#include <fstream>
#include <iterator>

#include "config/load.h"
#include "crypto/hash.h"

namespace veilgate::surveillance {

ConfigCandidate accept_config(const std::string& file) {
  ConfigCandidate out;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) {
    out.unreadable = true;
    out.problems.push_back({"unreadable", Severity::kError, file, 0, "the file cannot be read", "文件无法读取", ""});
    return out;
  }
  auto loaded = parse_config(text, file);
  out.problems = std::move(loaded.problems);
  if (!loaded.config) return out;
  loaded.config->sm3 = to_hex(sm3(as_bytes(text)));
  out.accepted = AcceptedConfig{std::move(*loaded.config), text};
  return out;
}

}  // namespace veilgate::surveillance
