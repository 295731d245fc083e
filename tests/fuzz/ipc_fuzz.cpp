// The framing between processes: any bytes as packets of one peer. Input: repeated (length u16, packet).

#include <cstdint>
#include <span>

#include "ipc/message.h"
#include "ipc/strict_json.h"
#include "ipc/submit.h"

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate;
  ipc::MessageAssembler assembler;
  ByteView left(data, size);
  while (left.size() >= 2) {
    const std::size_t wanted = static_cast<std::size_t>(left[0]) << 8 | left[1];
    const auto packet = left.subspan(2, std::min(wanted, left.size() - 2));
    left = left.subspan(2 + packet.size());
    auto message = assembler.feed(packet);
    if (!message) return 0;
    if (!*message) continue;
    // What was taken must be what would be sent.
    const auto again = ipc::to_packets(**message);
    VG_ASSERT(again);
    (void)ipc::parse_strict_object((*message)->json);
    (void)ipc::parse_submit_answer(**message);
    (void)ipc::parse_submission(std::move(**message));
  }
  return 0;
}
