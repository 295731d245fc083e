#pragma once
// SM2 on the curve of GM/T 0003.5-2012: signatures with SM3 (GM/T 0003.2, always with the identity
// "1234567812345678" of GM/T 0009 clause 10; OpenSSL 3.0's own default is the empty identity, which other
// stacks reject) and public-key encryption (GM/T 0003.4, ciphertext as GM/T 0009 SM2Cipher DER: X, Y, HASH,
// CipherText, that is C1 C3 C2).
//
// A key signs or decrypts, never both: four types. Keys come from PEM files (crypto/key_file.h), private ones
// as PKCS#8, encrypted or not. Private scalars never leave these objects, except through save_private_key().
//
// Errors: kInvalidInput for a key that is not SM2 or not on the curve, kUntrusted for a ciphertext that does
// not hold, kInternal after a failed self-test (crypto/self_test.h): no key works in the error state. Thread
// word: thread-safe once created.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace veilgate {

using KeyId = std::array<std::uint8_t, 8>;          ///< SM3(04 ‖ X ‖ Y), first eight bytes
using Sm2Point = std::array<std::uint8_t, 65>;      ///< 04 ‖ X ‖ Y
using Sm2Signature = std::array<std::uint8_t, 64>;  ///< r ‖ s, big endian

/// SEQUENCE { INTEGER r, INTEGER s } of GM/T 0009, and back; kInvalidInput for anything else or trailing
/// bytes.
Result<Bytes> sm2_signature_to_der(const Sm2Signature& signature);
Result<Sm2Signature> sm2_signature_from_der(ByteView der);

namespace sm2_internal {
class Key {  // shared by the four types; a reference-counted EVP_PKEY with its public point
 public:
  const Sm2Point& point() const { return point_; }
  const KeyId& id() const { return id_; }

 protected:
  friend struct Access;
  std::shared_ptr<evp_pkey_st> key_;
  Sm2Point point_{};
  KeyId id_{};
};
}  // namespace sm2_internal

class VerifyingKey : public sm2_internal::Key {
 public:
  static Result<VerifyingKey> from_pem(std::string_view pem);  ///< SubjectPublicKeyInfo
  static Result<VerifyingKey> from_point(ByteView point);      ///< 65 bytes, on the curve
  bool verify(ByteView message, const Sm2Signature& signature) const;
  Result<std::string> to_pem() const;
};

class SigningKey : public sm2_internal::Key {
 public:
  static Result<SigningKey> generate();
  static Result<SigningKey> from_pem(std::string_view pem, const SecretBytes* passphrase = nullptr);
  static Result<SigningKey> from_scalar(ByteView scalar);  ///< 32 bytes big endian; test vectors
  Result<Sm2Signature> sign(ByteView message) const;
  VerifyingKey verifying_key() const;
};

class EncryptionKey : public sm2_internal::Key {
 public:
  static Result<EncryptionKey> from_pem(std::string_view pem);
  static Result<EncryptionKey> from_point(ByteView point);
  Result<Bytes> encrypt(ByteView plaintext) const;  ///< DER
  Result<std::string> to_pem() const;
};

class DecryptionKey : public sm2_internal::Key {
 public:
  static Result<DecryptionKey> generate();
  static Result<DecryptionKey> from_pem(std::string_view pem, const SecretBytes* passphrase = nullptr);
  static Result<DecryptionKey> from_scalar(ByteView scalar);
  Result<SecretBytes> decrypt(ByteView der) const;
  EncryptionKey encryption_key() const;
};

}  // namespace veilgate
