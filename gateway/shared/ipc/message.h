#pragma once
// What travels between veilgate's processes on one machine: a kind, an id, a JSON object and a binary body.
//
// Frame, big endian: "VG" | version 1 (u8) | kind length (u8, 1…32) | id (u64) | json length (u32) | body length (u32)
// | kind ([a-z_]) | json (UTF-8 object, may be absent) | body. At most kMaxFrameBytes. A SOCK_SEQPACKET socket cannot
// be trusted to carry that in one packet (the kernel bounds a packet by the send buffer), so a frame travels as one or
// more packets: one flag byte (1 = more follows, 0 = last) and up to kMaxFragmentBytes of it.
//
// Parsing is strict: every length must fit exactly, anything else is an error after which the peer is cut off.
// Thread word: reentrant; a MessageAssembler is thread-bound.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace veilgate::ipc {

constexpr std::size_t kMaxFrameBytes = 512 * 1024;
constexpr std::size_t kMaxFragmentBytes = 60 * 1024;
constexpr std::size_t kMaxKindLength = 32;
constexpr std::size_t kFrameHeadBytes = 20;

struct Message {
  std::string kind;      ///< [a-z_], 1…32
  std::uint64_t id = 0;  ///< 0 = needs no answer; an answer carries the id of its request
  std::string json;      ///< an object, or empty
  Bytes body;
  friend bool operator==(const Message&, const Message&) = default;
};

/// The packets that carry `message`, in order. kInvalidInput for a bad kind, kExhausted when it is too large.
Result<std::vector<Bytes>> to_packets(const Message& message);

/// Checks one complete frame (without packet flags). The JSON is checked for form only by its reader.
Result<Message> parse_frame(ByteView frame);

/// Collects packets of one peer into messages.
class MessageAssembler {
 public:
  /// A complete message, or none yet. After an error the peer's stream is useless: close it.
  Result<std::optional<Message>> feed(ByteView packet);

 private:
  Bytes partial_;
};

}  // namespace veilgate::ipc
