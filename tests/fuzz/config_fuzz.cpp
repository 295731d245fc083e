// Any bytes as a configuration file: it is answered with a configuration or with errors, never both, never a
// crash.

#include <cstdint>
#include <string>

#include "config/load.h"
#include "config/reload.h"
#include "core/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate;
  const auto loaded = parse_config(std::string(reinterpret_cast<const char*>(data), size), "fuzz.yaml");
  VG_ASSERT(loaded.config.has_value() != has_errors(loaded.problems));
  for (const auto& problem : loaded.problems)
    VG_ASSERT(!problem.message.empty() && !problem.message_zh.empty());
  if (loaded.config) VG_ASSERT(compare(*loaded.config, *loaded.config).empty());
  return 0;
}
