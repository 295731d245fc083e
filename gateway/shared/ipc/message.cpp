#include "ipc/message.h"

#include <algorithm>

namespace veilgate::ipc {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kMoreFollows = 1;

void put_be(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t get_be(ByteView from, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | from[static_cast<std::size_t>(i)];
  return value;
}

bool is_kind(std::string_view kind) {
  return !kind.empty() && kind.size() <= kMaxKindLength &&
         std::all_of(kind.begin(), kind.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

Error broken(const char* what) { return {ErrorCode::kInvalidInput, std::string("ipc frame: ") + what}; }

}  // namespace

Result<std::vector<Bytes>> to_packets(const Message& message) {
  if (!is_kind(message.kind)) return broken("the kind must be 1 to 32 characters of a-z and _");
  const std::size_t total = kFrameHeadBytes + message.kind.size() + message.json.size() + message.body.size();
  if (message.json.size() > kMaxFrameBytes || message.body.size() > kMaxFrameBytes || total > kMaxFrameBytes)
    return Error(ErrorCode::kExhausted, "ipc frame: larger than 512 KiB");

  Bytes frame;
  frame.reserve(total);
  frame.insert(frame.end(), {'V', 'G', kVersion, static_cast<std::uint8_t>(message.kind.size())});
  put_be(frame, message.id, 8);
  put_be(frame, message.json.size(), 4);
  put_be(frame, message.body.size(), 4);
  frame.insert(frame.end(), message.kind.begin(), message.kind.end());
  frame.insert(frame.end(), message.json.begin(), message.json.end());
  frame.insert(frame.end(), message.body.begin(), message.body.end());

  std::vector<Bytes> packets;
  for (std::size_t at = 0; at < frame.size(); at += kMaxFragmentBytes) {
    const std::size_t size = std::min(kMaxFragmentBytes, frame.size() - at);
    Bytes packet;
    packet.reserve(size + 1);
    packet.push_back(at + size < frame.size() ? kMoreFollows : 0);
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(at);
    packet.insert(packet.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    packets.push_back(std::move(packet));
  }
  return packets;
}

Result<Message> parse_frame(ByteView frame) {
  if (frame.size() < kFrameHeadBytes) return broken("shorter than its head");
  if (frame.size() > kMaxFrameBytes) return broken("larger than 512 KiB");
  if (frame[0] != 'V' || frame[1] != 'G') return broken("no magic");
  if (frame[2] != kVersion) return broken("unknown version");
  const std::size_t kind_size = frame[3];
  const std::size_t json_size = get_be(frame.subspan(12), 4);
  const std::size_t body_size = get_be(frame.subspan(16), 4);
  if (kFrameHeadBytes + kind_size + json_size + body_size != frame.size()) return broken("lengths do not add up");

  Message message;
  message.id = get_be(frame.subspan(4), 8);
  message.kind = std::string(as_text(frame.subspan(kFrameHeadBytes, kind_size)));
  if (!is_kind(message.kind)) return broken("bad kind");
  message.json = std::string(as_text(frame.subspan(kFrameHeadBytes + kind_size, json_size)));
  const auto body = frame.subspan(kFrameHeadBytes + kind_size + json_size);
  message.body.assign(body.begin(), body.end());
  return message;
}

Result<std::optional<Message>> MessageAssembler::feed(ByteView packet) {
  if (packet.size() < 2) return broken("empty packet");
  if (packet.size() > kMaxFragmentBytes + 1) return broken("packet too large");
  if (packet[0] > kMoreFollows) return broken("unknown packet flags");
  const bool more = packet[0] == kMoreFollows;
  const auto fragment = packet.subspan(1);
  if (more && fragment.size() != kMaxFragmentBytes) return broken("a fragment that is not the last must be full");
  if (partial_.size() + fragment.size() > kMaxFrameBytes) return broken("larger than 512 KiB");
  if (!more && partial_.empty()) {
    VG_TRY(auto message, parse_frame(fragment));
    return std::optional<Message>(std::move(message));
  }
  partial_.insert(partial_.end(), fragment.begin(), fragment.end());
  if (more) return std::optional<Message>();
  const Bytes frame = std::exchange(partial_, {});
  VG_TRY(auto message, parse_frame(frame));
  return std::optional<Message>(std::move(message));
}

}  // namespace veilgate::ipc
