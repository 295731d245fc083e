// A platform command as it comes from the broker: whatever is parsed must be within its bounds.

#include <cstdint>
#include <cstdlib>

#include "commands/command.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate::uplink;
  static const auto key = veilgate::SigningKey::generate().value().verifying_key();
  const auto command = UnverifiedCommand::parse({data, size});
  if (command && size > kMaxCommandBytes) std::abort();
  if (command && size % 64 == 0 && command->signed_by(key)) std::abort();  // no input holds this key's signature
  return 0;
}
