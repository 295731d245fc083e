#pragma once
// SecretBytes: key material and passphrases. Move-only, wiped when it dies, kept out of swap and core dumps
// where the system allows it (best effort: mlock may be refused by RLIMIT_MEMLOCK). There is no way to print
// or serialise one.
//
// Thread word: thread-bound.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>

#include "core/bytes.h"

namespace veilgate {

/// Overwrites memory in a way the compiler keeps.
void wipe(std::span<std::uint8_t> bytes);

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);      ///< zeros
  static SecretBytes copy_of(ByteView bytes);  ///< the original stays with its owner, who wipes it
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  ByteView view() const { return {data_, size_}; }  ///< valid as long as this object, at the same place
  std::span<std::uint8_t> writable() { return {data_, size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  void release() noexcept;

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

std::ostream& operator<<(std::ostream&, const SecretBytes&) = delete;

}  // namespace veilgate
