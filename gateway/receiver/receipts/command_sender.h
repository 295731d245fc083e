#pragma once
// Signs what the platform tells a gateway: receipts and resend requests, numbered so that a gateway can refuse an old
// one. Numbers grow over restarts (kept in the state folder; never below the wall clock in milliseconds, so that a lost
// file does no harm). Thread word: thread-bound.

#include <memory>
#include <string>

#include "commands/command.h"
#include "core/clock.h"
#include "core/result.h"
#include "crypto/sm2.h"

namespace veilgate::receiver {

class CommandSender {
 public:
  /// `clock` must outlive it.
  static Result<std::unique_ptr<CommandSender>> create(const std::string& file, std::string issuer, SigningKey key,
                                                       const Clock& clock);
  ~CommandSender();

  /// The signed bytes for `…/commands` of `gateway`.
  Result<Bytes> sign(const GatewayId& gateway, uplink::CommandBody body);

 private:
  class Numbers;
  CommandSender(std::unique_ptr<Numbers> numbers, std::string issuer, SigningKey key, const Clock& clock);
  std::unique_ptr<Numbers> numbers_;
  std::string issuer_;
  SigningKey key_;
  const Clock& clock_;
};

}  // namespace veilgate::receiver
