#pragma once
// Decides whether a command is carried out: well-formed, signed by the pinned platform key, for this gateway, not
// expired, and newer than every command of its issuer before it. The newest numbers survive a restart (SQLite), and a
// command counts as used before it is carried out: a crash in between loses it rather than running it twice; receipts
// and resends are sent again by the platform anyway.
//
// Expiry needs a clock that can be trusted: while it is unsynced, expiry is judged with the tolerance of a day.
// Thread word: thread-bound.

#include <array>
#include <map>
#include <memory>
#include <string>

#include "commands/command.h"
#include "core/clock.h"
#include "core/result.h"

namespace veilgate::uplink {

enum class CommandAnswer { kAccepted, kMalformed, kOversized, kBadSignature, kMisaddressed, kExpired, kReplayed, kFailed };
constexpr std::size_t kCommandAnswerCount = 8;
const char* to_string(CommandAnswer answer);

/// Only CommandGate makes one.
class VerifiedCommand {
 public:
  const CommandBody& body() const { return command_.body; }
  const std::string& issuer() const { return command_.issuer; }

 private:
  friend class CommandGate;
  explicit VerifiedCommand(Command command) : command_(std::move(command)) {}
  Command command_;
};

struct JudgedCommand {
  CommandAnswer answer = CommandAnswer::kMalformed;
  std::string detail;                      ///< for log and audit
  std::optional<VerifiedCommand> command;  ///< only with kAccepted
};

class CommandGate {
 public:
  /// `file`: where the newest numbers are kept. `clock` must outlive the gate.
  static Result<std::unique_ptr<CommandGate>> create(const std::string& file, GatewayId gateway, VerifyingKey platform,
                                                     const Clock& clock);
  ~CommandGate();

  JudgedCommand judge(ByteView wire);
  std::uint64_t count(CommandAnswer answer) const { return counts_[static_cast<std::size_t>(answer)]; }

 private:
  class Numbers;
  CommandGate(std::unique_ptr<Numbers> numbers, GatewayId gateway, VerifyingKey platform, const Clock& clock);
  JudgedCommand decide(ByteView wire);

  std::unique_ptr<Numbers> numbers_;
  GatewayId gateway_;
  VerifyingKey platform_;
  const Clock& clock_;
  std::array<std::uint64_t, kCommandAnswerCount> counts_{};
};

}  // namespace veilgate::uplink
