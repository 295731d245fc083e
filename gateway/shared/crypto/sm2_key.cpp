#include <algorithm>
#include <cstring>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "core/assert.h"
#include "crypto/hash.h"
#include "crypto/self_test.h"
#include "crypto/sm2.h"
#include "crypto/sm2_internal.h"

namespace veilgate {
namespace {

using openssl::last_error;
using openssl::PkeyHandle;
using sm2_internal::Access;
using sm2_internal::Part;
using ParamBuilder = openssl::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = openssl::Handle<OSSL_PARAM, OSSL_PARAM_free>;

const EC_GROUP* curve() {
  static const openssl::GroupHandle group(EC_GROUP_new_by_curve_name(NID_sm2));
  return group.get();
}

Error not_a_key(const char* what) {
  ERR_clear_error();
  return Error(ErrorCode::kInvalidInput, std::string("not an SM2 ") + what);
}

Result<PkeyHandle> from_params(ByteView point, const BIGNUM* scalar) {
  ParamBuilder builder(OSSL_PARAM_BLD_new());
  const bool built =
      builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
          1 &&
      (!scalar || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
  Params params(built ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  openssl::PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* pkey = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &pkey, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1)
    return not_a_key(scalar ? "private key" : "public point");
  return PkeyHandle(pkey);
}

int give_passphrase(char* buffer, int size, int /*writing*/, void* user) noexcept {
  const auto* passphrase = static_cast<const SecretBytes*>(user);
  if (!passphrase || static_cast<int>(passphrase->size()) > size) return -1;  // never ask on a terminal
  std::memcpy(buffer, passphrase->view().data(), passphrase->size());
  return static_cast<int>(passphrase->size());
}

Result<PkeyHandle> private_from_pem(std::string_view pem, const SecretBytes* passphrase) {
  openssl::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PkeyHandle pkey(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_passphrase, const_cast<SecretBytes*>(passphrase)));
  if (pkey) return pkey;
  if (pem.find("ENCRYPTED") == std::string_view::npos) return not_a_key("private key in PEM form");
  ERR_clear_error();
  return Error(ErrorCode::kPermission, passphrase
                                           ? "the passphrase does not open this private key"
                                           : "the private key is encrypted and no passphrase was given");
}

Result<PkeyHandle> public_from_pem(std::string_view pem) {
  openssl::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PkeyHandle pkey(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!pkey) return not_a_key("public key in PEM form");
  return pkey;
}

Result<PkeyHandle> generated() {
  VG_CHECK(require_self_tests());
  PkeyHandle pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
  if (!pkey) return last_error(ErrorCode::kInternal, "generating an SM2 key");
  return pkey;
}

template <typename K>
Result<K> wrapped(Result<PkeyHandle> pkey, Part part) {
  if (!pkey) return pkey.error();
  VG_CHECK(require_self_tests());
  return Access::wrap<K>(std::move(pkey).value(), part);
}

Result<std::string> public_pem(EVP_PKEY* pkey) {
  openssl::BioHandle bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), pkey) != 1)
    return last_error(ErrorCode::kInternal, "writing a public key");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

}  // namespace

namespace sm2_internal {

Result<void> Access::fill(Key& key, PkeyHandle pkey, Part part) {
  if (EVP_PKEY_is_a(pkey.get(), "SM2") != 1) return not_a_key("key (another algorithm or curve)");
  BIGNUM *x = nullptr, *y = nullptr;
  const bool has_point = EVP_PKEY_get_bn_param(pkey.get(), OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
                         EVP_PKEY_get_bn_param(pkey.get(), OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1;
  const openssl::BignumHandle own_x(x), own_y(y);
  key.point_[0] = 4;
  if (!has_point || BN_bn2binpad(x, key.point_.data() + 1, 32) != 32 ||
      BN_bn2binpad(y, key.point_.data() + 33, 32) != 32)
    return not_a_key("key (no public point)");
  if (part == Part::kPrivate) {
    openssl::PkeyContext context(EVP_PKEY_CTX_new(pkey.get(), nullptr));
    if (!context || EVP_PKEY_pairwise_check(context.get()) != 1)
      return not_a_key("private key (its halves do not belong together)");
  }
  const Digest digest = sm3(key.point_);
  std::copy_n(digest.begin(), key.id_.size(), key.id_.begin());
  key.key_ = std::shared_ptr<EVP_PKEY>(pkey.release(), EVP_PKEY_free);
  return {};
}

Result<PkeyHandle> pkey_from_point(ByteView point) {
  if (point.size() != 65 || point[0] != 4) return not_a_key("public point (65 bytes, 04 ‖ X ‖ Y)");
  return from_params(point, nullptr);
}

Result<PkeyHandle> pkey_from_scalar(ByteView scalar) {
  if (scalar.size() != 32) return not_a_key("private scalar (32 bytes)");
  openssl::BignumHandle d(BN_bin2bn(scalar.data(), 32, nullptr));
  openssl::PointHandle q(EC_POINT_new(curve()));
  Sm2Point point{};
  if (!d || !q || BN_is_zero(d.get()) || BN_cmp(d.get(), EC_GROUP_get0_order(curve())) >= 0 ||
      EC_POINT_mul(curve(), q.get(), d.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(curve(), q.get(), POINT_CONVERSION_UNCOMPRESSED, point.data(), point.size(),
                         nullptr) != point.size())
    return not_a_key("private scalar (1 … n-1)");
  return from_params(point, d.get());
}

}  // namespace sm2_internal

Result<VerifyingKey> VerifyingKey::from_pem(std::string_view pem) {
  return wrapped<VerifyingKey>(public_from_pem(pem), Part::kPublic);
}
Result<VerifyingKey> VerifyingKey::from_point(ByteView point) {
  return wrapped<VerifyingKey>(sm2_internal::pkey_from_point(point), Part::kPublic);
}
Result<std::string> VerifyingKey::to_pem() const { return public_pem(key_.get()); }

Result<SigningKey> SigningKey::generate() { return wrapped<SigningKey>(generated(), Part::kPrivate); }
Result<SigningKey> SigningKey::from_pem(std::string_view pem, const SecretBytes* passphrase) {
  return wrapped<SigningKey>(private_from_pem(pem, passphrase), Part::kPrivate);
}
Result<SigningKey> SigningKey::from_scalar(ByteView scalar) {
  return wrapped<SigningKey>(sm2_internal::pkey_from_scalar(scalar), Part::kPrivate);
}
VerifyingKey SigningKey::verifying_key() const { return Access::share<VerifyingKey>(*this); }

Result<EncryptionKey> EncryptionKey::from_pem(std::string_view pem) {
  return wrapped<EncryptionKey>(public_from_pem(pem), Part::kPublic);
}
Result<EncryptionKey> EncryptionKey::from_point(ByteView point) {
  return wrapped<EncryptionKey>(sm2_internal::pkey_from_point(point), Part::kPublic);
}
Result<std::string> EncryptionKey::to_pem() const { return public_pem(key_.get()); }

Result<DecryptionKey> DecryptionKey::generate() {
  return wrapped<DecryptionKey>(generated(), Part::kPrivate);
}
Result<DecryptionKey> DecryptionKey::from_pem(std::string_view pem, const SecretBytes* passphrase) {
  return wrapped<DecryptionKey>(private_from_pem(pem, passphrase), Part::kPrivate);
}
Result<DecryptionKey> DecryptionKey::from_scalar(ByteView scalar) {
  return wrapped<DecryptionKey>(sm2_internal::pkey_from_scalar(scalar), Part::kPrivate);
}
EncryptionKey DecryptionKey::encryption_key() const { return Access::share<EncryptionKey>(*this); }

}  // namespace veilgate
