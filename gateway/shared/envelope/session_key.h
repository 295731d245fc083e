#pragma once
// The keys of one session and the AEAD under them, the same on both sides: K ‖ salt ‖ commitment = HKDF-SM3
// of the wrapped secret; nonce = salt XOR sequence, so a nonce repeats only if a sequence does. Keys live in
// memory only. Thread word: thread-bound.

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret.h"
#include "crypto/sm4_gcm.h"
#include "envelope/record.h"

namespace veilgate {

class SessionKey {
 public:
  static constexpr std::size_t kSecretSize = 32;

  /// `header` gives what the key is bound to: session, lane, class, gateway, signer, recipient.
  static Result<SessionKey> derive(const SecretBytes& secret, const RecordHeader& header);

  const KeyCommitment& commitment() const { return commitment_; }
  Result<Bytes> seal(std::uint64_t sequence, ByteView header_bytes, ByteView plaintext);
  Result<Bytes> open(std::uint64_t sequence, ByteView header_bytes, ByteView sealed);

 private:
  SessionKey(Sm4Gcm cipher, SecretBytes salt, KeyCommitment commitment)
      : cipher_(std::move(cipher)), salt_(std::move(salt)), commitment_(commitment) {}
  Sm4Gcm::Nonce nonce(std::uint64_t sequence) const;

  Sm4Gcm cipher_;
  SecretBytes salt_;
  KeyCommitment commitment_{};
};

}  // namespace veilgate
