#pragma once
// Random bytes from OpenSSL's private DRBG (seeded by the kernel). A generator that fails leaves nothing safe
// to do, so an error here must stop the operation that asked. Thread word: thread-safe.

#include <cstdint>
#include <span>

#include "core/result.h"
#include "crypto/secret.h"

namespace veilgate {

Result<void> fill_random(std::span<std::uint8_t> out);  ///< kInternal when the generator fails
Result<SecretBytes> random_secret(std::size_t size);

}  // namespace veilgate
