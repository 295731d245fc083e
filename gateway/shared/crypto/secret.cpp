#include "crypto/secret.h"

#include <algorithm>
#include <utility>

#include <openssl/crypto.h>
#include <sys/mman.h>

namespace veilgate {

void wipe(std::span<std::uint8_t> bytes) {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

SecretBytes::SecretBytes(std::size_t size)
    : data_(size > 0 ? new std::uint8_t[size]() : nullptr), size_(size) {
  if (size_ == 0) return;
  (void)::mlock(data_,
                size_);  // best effort: refused where RLIMIT_MEMLOCK is small, and swap is off on gateways
}

SecretBytes SecretBytes::copy_of(ByteView bytes) {
  SecretBytes secret(bytes.size());
  std::copy(bytes.begin(), bytes.end(), secret.data_);
  return secret;
}

SecretBytes::~SecretBytes() { release(); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

// No munlock: locks do not nest, and another secret may live on the same page.
void SecretBytes::release() noexcept {
  wipe({data_, size_});
  delete[] data_;
  data_ = nullptr;
  size_ = 0;
}

}  // namespace veilgate
