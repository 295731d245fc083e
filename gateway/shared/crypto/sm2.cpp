#include "crypto/sm2.h"

#include <openssl/ec.h>

#include "crypto/self_test.h"
#include "crypto/sm2_internal.h"

namespace veilgate {
namespace {

constexpr char kIdentity[] = "1234567812345678";  // GM/T 0009 clause 10
constexpr std::size_t kIdentitySize = sizeof kIdentity - 1;

/// A digest context that signs or verifies with SM3 and our identity. The key context must outlive its use.
struct SignatureContext {
  openssl::PkeyContext pkey;
  openssl::DigestContext digest;

  static Result<SignatureContext> create(EVP_PKEY* key) {
    SignatureContext context{openssl::PkeyContext(EVP_PKEY_CTX_new(key, nullptr)),
                             openssl::DigestContext(EVP_MD_CTX_new())};
    if (!context.pkey || !context.digest ||
        EVP_PKEY_CTX_set1_id(context.pkey.get(), kIdentity, static_cast<int>(kIdentitySize)) != 1)
      return openssl::last_error(ErrorCode::kInternal, "setting the SM2 identity");
    EVP_MD_CTX_set_pkey_ctx(context.digest.get(), context.pkey.get());
    return context;
  }
};

}  // namespace

Result<Bytes> sm2_signature_to_der(const Sm2Signature& signature) {
  openssl::SignatureHandle parsed(ECDSA_SIG_new());
  openssl::BignumHandle r(BN_bin2bn(signature.data(), 32, nullptr));
  openssl::BignumHandle s(BN_bin2bn(signature.data() + 32, 32, nullptr));
  if (!parsed || !r || !s || ECDSA_SIG_set0(parsed.get(), r.get(), s.get()) != 1)
    return openssl::last_error(ErrorCode::kInternal, "encoding an SM2 signature");
  (void)r.release();  // owned by the signature now
  (void)s.release();
  std::uint8_t* out = nullptr;
  const int size = i2d_ECDSA_SIG(parsed.get(), &out);
  if (size <= 0) return openssl::last_error(ErrorCode::kInternal, "encoding an SM2 signature");
  Bytes der(out, out + size);
  OPENSSL_free(out);
  return der;
}

Result<Sm2Signature> sm2_signature_from_der(ByteView der) {
  const std::uint8_t* in = der.data();
  openssl::SignatureHandle parsed(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  Sm2Signature signature{};
  if (!parsed || in != der.data() + der.size() ||
      BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), signature.data(), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), signature.data() + 32, 32) != 32) {
    ERR_clear_error();
    return Error(ErrorCode::kInvalidInput, "not the DER form of an SM2 signature");
  }
  return signature;
}

namespace sm2_internal {

Result<Sm2Signature> sign_unchecked(EVP_PKEY* key, ByteView message) {
  VG_TRY(auto context, SignatureContext::create(key));
  std::array<std::uint8_t, 80> der{};
  std::size_t size = der.size();
  if (EVP_DigestSignInit(context.digest.get(), nullptr, EVP_sm3(), nullptr, key) != 1 ||
      EVP_DigestSign(context.digest.get(), der.data(), &size, message.data(), message.size()) != 1)
    return openssl::last_error(ErrorCode::kInternal, "signing with SM2");
  return sm2_signature_from_der({der.data(), size});
}

bool verify_unchecked(EVP_PKEY* key, ByteView message, const Sm2Signature& signature) {
  const auto der = sm2_signature_to_der(signature);
  auto context = SignatureContext::create(key);
  const bool good =
      der && context && EVP_DigestVerifyInit(context->digest.get(), nullptr, EVP_sm3(), nullptr, key) == 1 &&
      EVP_DigestVerify(context->digest.get(), der->data(), der->size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return good;
}

Result<Bytes> encrypt_unchecked(EVP_PKEY* key, ByteView plaintext) {
  openssl::PkeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  std::size_t size = 0;
  Bytes der;
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, plaintext.data(), plaintext.size()) != 1)
    return openssl::last_error(ErrorCode::kInternal, "encrypting with SM2");
  der.resize(size);
  if (EVP_PKEY_encrypt(context.get(), der.data(), &size, plaintext.data(), plaintext.size()) != 1)
    return openssl::last_error(ErrorCode::kInternal, "encrypting with SM2");
  der.resize(size);
  return der;
}

Result<SecretBytes> decrypt_unchecked(EVP_PKEY* key, ByteView der) {
  const Error refused(ErrorCode::kUntrusted, "the SM2 ciphertext does not hold");
  openssl::PkeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  if (!context || EVP_PKEY_decrypt_init(context.get()) != 1)
    return openssl::last_error(ErrorCode::kInternal, "decrypting with SM2");
  std::size_t size = 0;
  if (EVP_PKEY_decrypt(context.get(), nullptr, &size, der.data(), der.size()) != 1) {
    ERR_clear_error();
    return refused;
  }
  SecretBytes padded(size);
  if (EVP_PKEY_decrypt(context.get(), padded.writable().data(), &size, der.data(), der.size()) != 1) {
    ERR_clear_error();
    return refused;
  }
  return SecretBytes::copy_of(padded.view().first(size));
}

}  // namespace sm2_internal

bool VerifyingKey::verify(ByteView message, const Sm2Signature& signature) const {
  return key_ && require_self_tests() && sm2_internal::verify_unchecked(key_.get(), message, signature);
}

Result<Sm2Signature> SigningKey::sign(ByteView message) const {
  VG_CHECK(require_self_tests());
  return sm2_internal::sign_unchecked(key_.get(), message);
}

Result<Bytes> EncryptionKey::encrypt(ByteView plaintext) const {
  VG_CHECK(require_self_tests());
  return sm2_internal::encrypt_unchecked(key_.get(), plaintext);
}

Result<SecretBytes> DecryptionKey::decrypt(ByteView der) const {
  VG_CHECK(require_self_tests());
  return sm2_internal::decrypt_unchecked(key_.get(), der);
}

}  // namespace veilgate
