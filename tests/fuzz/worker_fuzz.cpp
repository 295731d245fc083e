// What a taken-over camera worker may say to the lane's parent. First byte: the kind; then json, a 0 byte, body.

#include <algorithm>
#include <cstdint>

#include "lane/worker_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate;
  using namespace veilgate::surveillance;
  if (size < 1) return 0;
  const auto* end = data + size;
  const auto* split = std::find(data + 1, end, std::uint8_t{0});
  ipc::Message message;
  message.json.assign(data + 1, split);
  if (split != end) message.body.assign(split + 1, end);
  message.kind = data[0] % 2 ? "report" : "result";
  if (auto report = parse_report(message)) VG_ASSERT(parse_report(to_message(*report)));
  if (auto result = parse_result(message)) VG_ASSERT(parse_result(to_message(*result)));
  return 0;
}
