#pragma once
// What the platform may tell a gateway on `…/commands`, signed by the platform's SM2 key (docs/commands.md).
//
//   "VGC" | version 1 (u8) | length (u32, big endian) | UTF-8 JSON object of that length | SM2 signature r ‖ s (64)
//
// The signature covers everything before it. The object names the gateway it is for, its issuer (a platform may have
// several receivers), a number that grows with every command of that issuer, and when it expires.
// Parsing gives an UnverifiedCommand; only CommandGate makes a VerifiedCommand. Thread word: reentrant.

#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/strong.h"
#include "crypto/sm2.h"
#include "envelope/message.h"

namespace veilgate::uplink {

constexpr std::size_t kMaxCommandBytes = 256 * 1024;
constexpr std::size_t kMaxCommandRanges = 1000;

struct ReceiptCommand { std::vector<SequenceRange> covered; };  ///< the platform holds these for good
struct ResendCommand { std::vector<SequenceRange> missing; };   ///< the platform misses these
struct StatusCommand {};                                        ///< send a health message now
using CommandBody = std::variant<ReceiptCommand, ResendCommand, StatusCommand>;
const char* kind_of(const CommandBody& body);  ///< "receipt" | "resend" | "status"

struct Command {
  GatewayId gateway;
  std::string issuer;          ///< 1…64 characters of A-Z a-z 0-9 . _ -
  std::uint64_t sequence = 0;  ///< grows with every command of this issuer, over restarts too
  UtcTime issued{};
  UtcTime expires{};
  CommandBody body;
};

/// kExhausted when it would be longer than kMaxCommandBytes.
Result<Bytes> encode_command(const Command& command, const SigningKey& key);

class UnverifiedCommand {
 public:
  /// Strict: kInvalidInput for anything that is not exactly one command.
  static Result<UnverifiedCommand> parse(ByteView wire);
  bool signed_by(const VerifyingKey& key) const { return key.verify(signed_bytes_, signature_); }

 private:
  friend class CommandGate;
  UnverifiedCommand() = default;
  Command command_;
  Bytes signed_bytes_;
  Sm2Signature signature_{};
};

}  // namespace veilgate::uplink
