#include "envelope/envelope_opener.h"

namespace veilgate {

const char* to_string(Answer answer) {
  switch (answer) {
    case Answer::kVerified:
      return "verified";
    case Answer::kSessionAccepted:
      return "session_accepted";
    case Answer::kSessionKnown:
      return "session_known";
    case Answer::kMalformed:
      return "malformed";
    case Answer::kWrongTopic:
      return "wrong_topic";
    case Answer::kUnknownSession:
      return "unknown_session";
    case Answer::kUnknownSigner:
      return "unknown_signer";
    case Answer::kRevokedSigner:
      return "revoked_signer";
    case Answer::kWrongGateway:
      return "wrong_gateway";
    case Answer::kWrongLane:
      return "wrong_lane";
    case Answer::kUnknownRecipient:
      return "unknown_recipient";
    case Answer::kStaleEpoch:
      return "stale_epoch";
    case Answer::kUnreadableKey:
      return "unreadable_key";
    case Answer::kBadSignature:
      return "bad_signature";
    case Answer::kWrongCommitment:
      return "wrong_commitment";
    case Answer::kSessionConflict:
      return "session_conflict";
    case Answer::kHeaderMismatch:
      return "header_mismatch";
    case Answer::kTampered:
      return "tampered";
    case Answer::kReplay:
      return "replay";
    case Answer::kStaleSession:
      return "stale_session";
    case Answer::kBrokenChain:
      return "broken_chain";
  }
  return "unknown";
}

bool is_refusal(Answer answer) {
  return answer != Answer::kVerified && answer != Answer::kSessionAccepted && answer != Answer::kSessionKnown;
}

}  // namespace veilgate
