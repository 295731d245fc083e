#pragma once
// Whom a receiver believes and which keys it holds. Trust is pinned: a signer is a gateway's lane and its
// key, from the platform's enrolment records; nothing in a record can add to it. Thread word: thread-bound
// while being filled, reentrant afterwards.

#include <map>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "core/strong.h"
#include "crypto/sm2.h"
#include "envelope/message.h"

namespace veilgate {

struct TrustedSigner {
  GatewayId gateway;
  Lane lane = Lane::kSurveillance;
  VerifyingKey key;
  std::optional<UtcTime> revoked;  ///< sessions that began later are refused
};

/// A private key of the platform; epoch keys are retired one after the other.
struct RecipientKey {
  DecryptionKey key;
  std::optional<UtcTime> retired;  ///< sessions that began later under this key are refused (stale epoch)
};

class Trust {
 public:
  void add(TrustedSigner signer) { signers_.insert_or_assign(signer.key.id(), std::move(signer)); }
  void add(RecipientKey recipient) { recipients_.insert_or_assign(recipient.key.id(), std::move(recipient)); }

  /// Null when unknown; the pointer lives until the next add().
  const TrustedSigner* signer(const KeyId& id) const {
    const auto found = signers_.find(id);
    return found == signers_.end() ? nullptr : &found->second;
  }
  const RecipientKey* recipient(const KeyId& id) const {
    const auto found = recipients_.find(id);
    return found == recipients_.end() ? nullptr : &found->second;
  }
  const std::map<KeyId, TrustedSigner>& signers() const { return signers_; }

 private:
  std::map<KeyId, TrustedSigner> signers_;
  std::map<KeyId, RecipientKey> recipients_;
};

}  // namespace veilgate
