#include "crypto/sm4_gcm.h"

#include <utility>

#include <openssl/modes.h>

#include "crypto/openssl.h"

namespace veilgate {
namespace {

using CipherHandle = openssl::Handle<EVP_CIPHER, EVP_CIPHER_free>;
using GcmHandle = openssl::Handle<GCM128_CONTEXT, CRYPTO_gcm128_release>;

EVP_CIPHER* fetched_gcm() {
  static const CipherHandle cipher(EVP_CIPHER_fetch(nullptr, "SM4-GCM", nullptr));
  ERR_clear_error();  // absence is an answer, not an error
  return cipher.get();
}
EVP_CIPHER* sm4_ecb() {
  static const CipherHandle cipher(EVP_CIPHER_fetch(nullptr, "SM4-ECB", nullptr));
  return cipher.get();
}
EVP_CIPHER* sm4_ctr() {
  static const CipherHandle cipher(EVP_CIPHER_fetch(nullptr, "SM4-CTR", nullptr));
  return cipher.get();
}

int length_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

Error tag_mismatch() { return Error(ErrorCode::kUntrusted, "the SM4-GCM tag does not hold"); }

constexpr std::size_t kMaxMessage = 16U << 20;  // far above any envelope; keeps lengths inside int

}  // namespace

class Sm4Gcm::Backend {
 public:
  virtual ~Backend() = default;
  virtual Result<void> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, std::uint8_t* out) = 0;
  virtual Result<Bytes> open(const Nonce& nonce, ByteView aad, ByteView ciphertext, ByteView tag) = 0;
};

/// OpenSSL ≥ 3.1, Tongsuo.
class Sm4Gcm::EvpBackend final : public Sm4Gcm::Backend {
 public:
  static Result<std::unique_ptr<Backend>> create(ByteView key) {
    auto backend = std::make_unique<EvpBackend>();
    backend->context_.reset(EVP_CIPHER_CTX_new());
    if (!backend->context_ ||
        EVP_CipherInit_ex2(backend->context_.get(), fetched_gcm(), key.data(), nullptr, 1, nullptr) != 1)
      return openssl::last_error(ErrorCode::kInternal, "setting the SM4-GCM key");
    return std::unique_ptr<Backend>(std::move(backend));
  }

  Result<void> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, std::uint8_t* out) override {
    if (!run(1, nonce, aad, plaintext, out, nullptr) ||
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, out + plaintext.size()) != 1)
      return openssl::last_error(ErrorCode::kInternal, "sealing with SM4-GCM");
    return {};
  }

  Result<Bytes> open(const Nonce& nonce, ByteView aad, ByteView ciphertext, ByteView tag) override {
    Bytes plaintext(ciphertext.size());
    if (!run(0, nonce, aad, ciphertext, plaintext.data(), tag.data())) {
      ERR_clear_error();
      wipe(plaintext);
      return tag_mismatch();
    }
    return plaintext;
  }

 private:
  static void wipe(Bytes& bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

  bool run(int encrypt, const Nonce& nonce, ByteView aad, ByteView in, std::uint8_t* out,
           const std::uint8_t* tag) {
    auto* const c = context_.get();
    int n = 0;
    std::uint8_t none[16];
    if (EVP_CipherInit_ex2(c, nullptr, nullptr, nonce.data(), encrypt, nullptr) != 1) return false;
    if (!aad.empty() && EVP_CipherUpdate(c, nullptr, &n, aad.data(), length_of(aad)) != 1) return false;
    if (!in.empty() && EVP_CipherUpdate(c, out, &n, in.data(), length_of(in)) != 1) return false;
    if (tag && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTagSize, const_cast<std::uint8_t*>(tag)) != 1)
      return false;
    return EVP_CipherFinal_ex(c, none, &n) == 1;
  }

  openssl::CipherContext context_;
};

/// OpenSSL 3.0: GCM from modes.h over the SM4 block cipher, with SM4-CTR for whole runs of blocks.
class Sm4Gcm::Gcm128Backend final : public Sm4Gcm::Backend {
 public:
  static Result<std::unique_ptr<Backend>> create(ByteView key) {
    auto backend = std::make_unique<Gcm128Backend>();
    backend->block_.reset(EVP_CIPHER_CTX_new());
    backend->stream_.reset(EVP_CIPHER_CTX_new());
    if (!backend->block_ || !backend->stream_ ||
        EVP_EncryptInit_ex2(backend->block_.get(), sm4_ecb(), key.data(), nullptr, nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(backend->block_.get(), 0) != 1 ||
        EVP_EncryptInit_ex2(backend->stream_.get(), sm4_ctr(), key.data(), nullptr, nullptr) != 1)
      return openssl::last_error(ErrorCode::kInternal, "setting the SM4 key");
    backend->gcm_.reset(CRYPTO_gcm128_new(backend.get(), &Gcm128Backend::encrypt_block));
    if (!backend->gcm_) return openssl::last_error(ErrorCode::kInternal, "allocating GCM");
    return std::unique_ptr<Backend>(std::move(backend));
  }

  Result<void> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, std::uint8_t* out) override {
    if (!begin(nonce, aad) ||
        CRYPTO_gcm128_encrypt_ctr32(gcm_.get(), plaintext.data(), out, plaintext.size(), &encrypt_stream) !=
            0 ||
        failed_)
      return openssl::last_error(ErrorCode::kInternal, "sealing with SM4-GCM");
    CRYPTO_gcm128_tag(gcm_.get(), out + plaintext.size(), kTagSize);
    return {};
  }

  Result<Bytes> open(const Nonce& nonce, ByteView aad, ByteView ciphertext, ByteView tag) override {
    Bytes plaintext(ciphertext.size());
    if (begin(nonce, aad) &&
        CRYPTO_gcm128_decrypt_ctr32(gcm_.get(), ciphertext.data(), plaintext.data(), ciphertext.size(),
                                    &encrypt_stream) == 0 &&
        !failed_ && CRYPTO_gcm128_finish(gcm_.get(), tag.data(), kTagSize) == 0)
      return plaintext;
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return tag_mismatch();
  }

 private:
  bool begin(const Nonce& nonce, ByteView aad) {
    failed_ = false;
    CRYPTO_gcm128_setiv(gcm_.get(), nonce.data(), nonce.size());
    return aad.empty() || CRYPTO_gcm128_aad(gcm_.get(), aad.data(), aad.size()) == 0;
  }

  // C callbacks cannot report: they note the failure, and seal and open ask.
  static void encrypt_block(const unsigned char in[16], unsigned char out[16], const void* key) noexcept {
    auto* self = static_cast<Gcm128Backend*>(const_cast<void*>(key));
    int n = 0;
    if (EVP_EncryptUpdate(self->block_.get(), out, &n, in, 16) != 1 || n != 16) self->failed_ = true;
  }
  static void encrypt_stream(const unsigned char* in, unsigned char* out, std::size_t blocks, const void* key,
                             const unsigned char counter[16]) noexcept {
    auto* self = static_cast<Gcm128Backend*>(const_cast<void*>(key));
    int n = 0;
    if (EVP_EncryptInit_ex2(self->stream_.get(), nullptr, nullptr, counter, nullptr) != 1 ||
        EVP_EncryptUpdate(self->stream_.get(), out, &n, in, static_cast<int>(blocks * 16)) != 1)
      self->failed_ = true;
  }

  openssl::CipherContext block_;
  openssl::CipherContext stream_;
  GcmHandle gcm_;
  bool failed_ = false;
};

Sm4Gcm::Sm4Gcm(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
Sm4Gcm::~Sm4Gcm() = default;
Sm4Gcm::Sm4Gcm(Sm4Gcm&&) noexcept = default;
Sm4Gcm& Sm4Gcm::operator=(Sm4Gcm&&) noexcept = default;

Result<Sm4Gcm> Sm4Gcm::create(ByteView key, Implementation implementation) {
  if (key.size() != kKeySize) return Error(ErrorCode::kInvalidInput, "an SM4 key has 16 bytes");
  const bool evp = implementation == Implementation::kBest && fetched_gcm() != nullptr;
  VG_TRY(auto backend, evp ? EvpBackend::create(key) : Gcm128Backend::create(key));
  return Sm4Gcm(std::move(backend));
}

Result<void> Sm4Gcm::seal(const Nonce& nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> out) {
  VG_ASSERT(out.size() == plaintext.size() + kTagSize);
  if (plaintext.size() > kMaxMessage || aad.size() > kMaxMessage)
    return Error(ErrorCode::kInvalidInput, "message too long for one SM4-GCM record");
  return backend_->seal(nonce, aad, plaintext, out.data());
}

Result<Bytes> Sm4Gcm::open(const Nonce& nonce, ByteView aad, ByteView sealed) {
  if (sealed.size() < kTagSize || sealed.size() > kMaxMessage || aad.size() > kMaxMessage)
    return Error(ErrorCode::kInvalidInput, "not an SM4-GCM record: too short or too long");
  const std::size_t size = sealed.size() - kTagSize;
  return backend_->open(nonce, aad, sealed.first(size), sealed.subspan(size));
}

const char* Sm4Gcm::implementation_name() { return fetched_gcm() ? "evp" : "gcm128"; }

Result<std::array<std::uint8_t, 16>> sm4_encrypt_block(ByteView key, ByteView block) {
  if (key.size() != 16 || block.size() != 16)
    return Error(ErrorCode::kInvalidInput, "SM4 takes a 16-byte key and a 16-byte block");
  std::array<std::uint8_t, 16> out{};
  int n = 0;
  openssl::CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || EVP_EncryptInit_ex2(context.get(), sm4_ecb(), key.data(), nullptr, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &n, block.data(), 16) != 1)
    return openssl::last_error(ErrorCode::kInternal, "encrypting an SM4 block");
  return out;
}

}  // namespace veilgate
