#pragma once
// The submit protocol, lane → uplink: one sealed envelope per request, many in flight.
//
//   request  kind "submit", json {"topic": …, "class": …}, body = the envelope's bytes
//   answer   kind "accepted"                       the uplink has committed it to its outbox
//            kind "refused", json {code, message}  it will not; "exhausted" and "unavailable" may be tried again
//
// A request whose answer was lost is submitted again: the uplink answers "accepted" for an envelope that it already
// holds. Which lane speaks is decided by the socket and the peer's uid, never by the message.
// Thread word: reentrant.

#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "ipc/message.h"

namespace veilgate::ipc {

struct Submission {
  std::string topic;          ///< full MQTT topic
  std::string message_class;  ///< "alarm" | "event" | "face" | "image" | "status" | "keys"
  Bytes envelope;
};

Message to_message(Submission submission);
/// Strict: a known kind, exactly the two keys, a non-empty body, a topic without wildcards.
Result<Submission> parse_submission(Message message);

Message accepted();
Message refused(const Error& why);
/// What the lane makes of the answer: success, or the uplink's error (kUnavailable when the answer is nonsense).
Result<void> parse_submit_answer(const Message& answer);

/// kind "status", no json: the answer is kind "status" with the process's state as a JSON object in `json`.
Message status_request();

}  // namespace veilgate::ipc
