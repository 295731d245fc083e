#pragma once
// The role of whatever carries messages to the platform's broker. Thread word: thread-bound to the loop.

#include <cstdint>

#include "core/result.h"
#include "mqtt/mqtt_client.h"

namespace veilgate::uplink {

/// What became of a publish, sorted by what its record needs.
enum class PublishOutcome {
  kAcknowledged,  ///< the broker has it
  kNoSubscriber,  ///< 0x10: acknowledged, but nobody listens: the record stays unsent
  kRefused,       ///< 0x87, 0x97, 0x99, …: sending the same again will be refused again
  kFailed,        ///< no answer: connection lost, or not written at all
};
const char* to_string(PublishOutcome outcome);

/// Sorts a PUBACK's reason code (MQTT 5 section 3.4.2.1). Retained state needs no subscriber.
PublishOutcome outcome_of(const PublishDone& done, Retain retain);

class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual bool online() const = 0;
  virtual int free_window() const = 0;  ///< how many publishes may be handed over now; 0 when not online
  /// kUnavailable when the window is full or the link is down. Otherwise exactly one outcome follows for `token`.
  virtual Result<void> publish(std::uint64_t token, OutgoingMessage message) = 0;
};

}  // namespace veilgate::uplink
