#pragma once
// The reason code of a *successful* PUBACK. Paho 1.3.12 reads it and throws it away (MQTTAsync_cycle fills the success
// data without it), so 0x10 "no matching subscribers" looks like 0 and a record nobody received would count as sent.
// Paho reads through SSL_read of the shared library; this executable's own SSL_read comes first, hands the call on and
// follows the packet borders in what was read. Only PUBACK ids and reasons are looked at.
// docs/decisions/0010-paho-reason-codes.md. Thread word: thread-safe.

#include <array>
#include <cstdint>
#include <map>

#include "core/bytes.h"

namespace veilgate::uplink {

/// Follows one MQTT 5 byte stream from its beginning and notes the PUBACKs with a reason other than 0.
class AckScanner {
 public:
  void feed(ByteView bytes);
  /// The reason for packet id `id`, once; 0 when the broker gave none.
  int take(int id);

 private:
  enum class State { kType, kLength, kBody };
  void body_byte(std::uint8_t byte);
  State state_ = State::kType;
  bool puback_ = false;
  int shift_ = 0;
  std::uint32_t remaining_ = 0;
  std::uint32_t position_ = 0;
  std::array<std::uint8_t, 3> head_{};
  std::map<int, int> reasons_;
};

/// Starts anew for the newest connection of the process, named by its SSL object.
void watch_acknowledgements_of(const void* ssl);
int take_acknowledgement_reason(int packet_id);

}  // namespace veilgate::uplink
