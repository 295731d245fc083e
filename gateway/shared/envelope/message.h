#pragma once
// The vocabulary of sealed records: who speaks, about what, and how records are numbered. The numbers are the
// wire format's (docs/wire-format.md); they never change meaning. Thread word: reentrant.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"

namespace veilgate {

/// Whose key signs. The receiver of a socket decides which lane spoke, never the message.
enum class Lane : std::uint8_t { kSurveillance = 1, kVerification = 2, kUplink = 3 };

/// One session, key and order for each. Alarms overtake everything, images wait for everything.
enum class MessageClass : std::uint8_t { kAlarm = 1, kEvent = 2, kFace = 3, kImage = 4, kStatus = 5 };
inline constexpr std::array kAllClasses{MessageClass::kAlarm, MessageClass::kEvent, MessageClass::kFace,
                                        MessageClass::kImage, MessageClass::kStatus};

enum class RecordType : std::uint8_t {
  kSession = 1,     ///< sequence 0: the session key, wrapped to the platform; signed
  kData = 2,        ///< one message; signed in class alarm
  kCheckpoint = 3,  ///< signs the chain up to itself
  kGap = 4,         ///< signed: these records were dropped by policy
};

const char* to_string(Lane lane);           ///< "surveillance" | "verification" | "uplink"
const char* to_string(MessageClass klass);  ///< "alarm" | "event" | "face" | "image" | "status"
const char* to_string(RecordType type);     ///< "session" | "data" | "checkpoint" | "gap"
std::optional<Lane> lane_from(std::string_view text);
std::optional<MessageClass> class_from(std::string_view text);

using SessionId = std::array<std::uint8_t, 16>;

/// Sequences first…last (inclusive) of one session.
struct SequenceRange {
  SessionId session{};
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

constexpr std::size_t kMaxPayload = 512 << 10;  ///< bytes of one message; a 1080p face crop is far below

/// What a lane wants sealed.
struct Message {
  MessageClass message_class = MessageClass::kEvent;
  std::string source;        ///< camera or station id; empty for the gateway itself. Not personal (R-063)
  std::string topic;         ///< full MQTT topic, from TopicScheme; bound into the record
  std::string id;            ///< id of the result this carries or (an image) belongs to; ≤ 64 characters
  std::string content_type;  ///< "application/json", "image/jpeg"; ≤ 64 characters
  Bytes payload;             ///< ≤ kMaxPayload
};

}  // namespace veilgate
