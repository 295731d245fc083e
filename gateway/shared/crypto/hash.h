#pragma once
// Digests, keyed digests and key derivation: SM3 (GM/T 0004-2012, GB/T 32905) and SHA-256 (FIPS 180-4), HMAC
// (RFC 2104) and HKDF (RFC 5869) over SM3. Nothing here fails for a reason a caller could handle: out of
// memory inside the library ends the process.
//
// Thread word: the functions are reentrant, a running digest is thread-bound.

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/bytes.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace veilgate {

using Digest = std::array<std::uint8_t, 32>;

enum class DigestAlgorithm { kSm3, kSha256 };

/// A digest fed in pieces. finish() may be called once; after that only destruction is allowed.
class RunningDigest {
 public:
  explicit RunningDigest(DigestAlgorithm algorithm = DigestAlgorithm::kSm3);
  ~RunningDigest();
  RunningDigest(RunningDigest&&) noexcept;
  RunningDigest& operator=(RunningDigest&&) noexcept;

  void update(ByteView bytes);
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest sm3(ByteView bytes);
Digest sha256(ByteView bytes);

Digest hmac_sm3(ByteView key, ByteView message);
/// HKDF with extract and expand; `out` is filled, at most 255 · 32 bytes.
void hkdf_sm3(ByteView secret, ByteView salt, ByteView info, std::span<std::uint8_t> out);

/// False for different lengths; otherwise takes the same time wherever the first difference is.
bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace veilgate
