#pragma once
// What sm2.cpp, sm2_key.cpp, key_file.cpp and self_test.cpp share behind the four key types; private to this
// folder. Thread word: reentrant.

#include "crypto/openssl.h"
#include "crypto/sm2.h"

namespace veilgate::sm2_internal {

enum class Part { kPublic, kPrivate };

struct Access {
  static EVP_PKEY* pkey(const Key& key) { return key.key_.get(); }

  /// Takes the key over after checking that it is SM2 (and, for a private one, that both halves belong
  /// together).
  template <typename K>
  static Result<K> wrap(openssl::PkeyHandle pkey, Part part) {
    K key;
    VG_CHECK(fill(key, std::move(pkey), part));
    return key;
  }
  template <typename To>
  static To share(const Key& from) {
    To to;
    static_cast<Key&>(to).key_ = from.key_;
    static_cast<Key&>(to).point_ = from.point_;
    static_cast<Key&>(to).id_ = from.id_;
    return to;
  }

 private:
  static Result<void> fill(Key& key, openssl::PkeyHandle pkey, Part part);
};

Result<openssl::PkeyHandle> pkey_from_scalar(ByteView scalar);
Result<openssl::PkeyHandle> pkey_from_point(ByteView point);

/// The operations without the error-state check: what the self-tests themselves run.
Result<Sm2Signature> sign_unchecked(EVP_PKEY* key, ByteView message);
bool verify_unchecked(EVP_PKEY* key, ByteView message, const Sm2Signature& signature);
Result<Bytes> encrypt_unchecked(EVP_PKEY* key, ByteView plaintext);
Result<SecretBytes> decrypt_unchecked(EVP_PKEY* key, ByteView der);

}  // namespace veilgate::sm2_internal
