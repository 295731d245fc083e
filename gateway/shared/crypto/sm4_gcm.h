#pragma once
// SM4-GCM, the product's only authenticated encryption (GB/T 32907 SM4, GCM after NIST SP 800-38D as profiled
// by RFC 8998). OpenSSL's EVP cipher is used where the library has one (≥ 3.1); Debian 12's 3.0 does not,
// there the exported CRYPTO_gcm128_* with SM4 underneath give the same bytes. The RFC 8998 vector is a
// start-up self-test.
//
// The caller owns nonce uniqueness: a nonce used twice under one key reveals both messages. GCM does not
// commit to its key, so the envelope carries a commitment beside it.
//
// Thread word: thread-bound (one object holds cipher contexts that change with every call).

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/bytes.h"
#include "core/result.h"

namespace veilgate {

class Sm4Gcm {
 public:
  static constexpr std::size_t kKeySize = 16;
  static constexpr std::size_t kNonceSize = 12;
  static constexpr std::size_t kTagSize = 16;
  using Nonce = std::array<std::uint8_t, kNonceSize>;

  /// Which implementation runs underneath. kPortable can be asked for by tests; kBest is the default.
  enum class Implementation { kBest, kPortable };

  /// `key`: 16 bytes, copied into the cipher contexts, which wipe it.
  static Result<Sm4Gcm> create(ByteView key, Implementation implementation = Implementation::kBest);
  ~Sm4Gcm();
  Sm4Gcm(Sm4Gcm&&) noexcept;
  Sm4Gcm& operator=(Sm4Gcm&&) noexcept;

  /// Writes ciphertext and tag to `out`, whose size must be plaintext.size() + 16. `out` may not overlap
  /// `aad`.
  Result<void> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> out);
  /// `sealed` is ciphertext and tag. kUntrusted when the tag does not hold; nothing of the plaintext is given
  /// then.
  Result<Bytes> open(const Nonce& nonce, ByteView aad, ByteView sealed);

  /// "evp" or "gcm128": what kBest means with this library; for status and reports.
  static const char* implementation_name();

 private:
  class Backend;
  class EvpBackend;
  class Gcm128Backend;
  explicit Sm4Gcm(std::unique_ptr<Backend> backend);
  std::unique_ptr<Backend> backend_;
};

/// One SM4 block in ECB: for known-answer tests only (GB/T 32907 appendix A).
Result<std::array<std::uint8_t, 16>> sm4_encrypt_block(ByteView key, ByteView block);

}  // namespace veilgate
