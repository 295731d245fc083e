#include "crypto/random.h"

#include <openssl/rand.h>

#include "crypto/openssl.h"

namespace veilgate {

Result<void> fill_random(std::span<std::uint8_t> out) {
  if (RAND_priv_bytes_ex(nullptr, out.data(), out.size(), 0) != 1)
    return openssl::last_error(ErrorCode::kInternal, "drawing random bytes");
  return {};
}

Result<SecretBytes> random_secret(std::size_t size) {
  SecretBytes secret(size);
  VG_CHECK(fill_random(secret.writable()));
  return secret;
}

}  // namespace veilgate
