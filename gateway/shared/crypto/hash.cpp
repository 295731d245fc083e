#include "crypto/hash.h"

#include <algorithm>

#include <openssl/crypto.h>

#include "core/assert.h"
#include "crypto/openssl.h"

namespace veilgate {
namespace {

// Fetched once: a fetch per message costs more than hashing a short one.
const EVP_MD* algorithm_of(DigestAlgorithm algorithm) {
  static const EVP_MD* const sm3_algorithm = EVP_MD_fetch(nullptr, "SM3", nullptr);
  static const EVP_MD* const sha256_algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm == DigestAlgorithm::kSm3 ? sm3_algorithm : sha256_algorithm;
}

Digest digest_of(DigestAlgorithm algorithm, ByteView bytes) {
  RunningDigest running(algorithm);
  running.update(bytes);
  return running.finish();
}

}  // namespace

void RunningDigest::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

RunningDigest::RunningDigest(DigestAlgorithm algorithm) : context_(EVP_MD_CTX_new()) {
  VG_ASSERT(context_ && EVP_DigestInit_ex2(context_.get(), algorithm_of(algorithm), nullptr) == 1);
}
RunningDigest::~RunningDigest() = default;
RunningDigest::RunningDigest(RunningDigest&&) noexcept = default;
RunningDigest& RunningDigest::operator=(RunningDigest&&) noexcept = default;

void RunningDigest::update(ByteView bytes) {
  VG_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Digest RunningDigest::finish() {
  Digest digest{};
  unsigned size = 0;
  VG_ASSERT(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

Digest sm3(ByteView bytes) { return digest_of(DigestAlgorithm::kSm3, bytes); }
Digest sha256(ByteView bytes) { return digest_of(DigestAlgorithm::kSha256, bytes); }

// Written out over SM3 (64-byte blocks): OpenSSL's one-shot HMAC() would look the digest up again for every
// call.
Digest hmac_sm3(ByteView key, ByteView message) {
  std::array<std::uint8_t, 64> block{};
  if (key.size() > block.size()) {
    const Digest short_key = sm3(key);
    std::copy(short_key.begin(), short_key.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  const auto keyed = [&block](std::uint8_t pad, ByteView bytes) {
    auto padded = block;
    for (auto& b : padded) b ^= pad;
    RunningDigest running;
    running.update(padded);
    running.update(bytes);
    OPENSSL_cleanse(padded.data(), padded.size());
    return running.finish();
  };
  const Digest inner = keyed(0x36, message);
  const Digest mac = keyed(0x5c, inner);
  OPENSSL_cleanse(block.data(), block.size());
  return mac;
}

void hkdf_sm3(ByteView secret, ByteView salt, ByteView info, std::span<std::uint8_t> out) {
  VG_ASSERT(out.size() <= 255 * sizeof(Digest));
  Digest pseudo_random_key = hmac_sm3(salt, secret);
  Bytes block;
  std::uint8_t counter = 1;
  for (std::size_t done = 0; done < out.size(); ++counter) {
    block.insert(block.end(), info.begin(), info.end());
    block.push_back(counter);
    const Digest next = hmac_sm3(pseudo_random_key, block);
    const std::size_t take = std::min(next.size(), out.size() - done);
    std::copy_n(next.begin(), take, out.begin() + static_cast<std::ptrdiff_t>(done));
    OPENSSL_cleanse(block.data(), block.size());
    block.assign(next.begin(), next.end());
    done += take;
  }
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(pseudo_random_key.data(), pseudo_random_key.size());
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace veilgate
