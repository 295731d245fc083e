// The byte stream of a broker, cut anywhere: following the packet borders must not depend on where reads end.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "mqtt/ack_watch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate::uplink;
  if (size < 1) return 0;
  const veilgate::ByteView stream{data + 1, size - 1};
  AckScanner whole, pieces;
  whole.feed(stream);
  const std::size_t step = data[0] % 13 + 1;
  for (std::size_t at = 0; at < stream.size(); at += step)
    pieces.feed(stream.subspan(at, std::min(step, stream.size() - at)));
  for (int id = 0; id < 65536; id += 257)
    if (whole.take(id) != pieces.take(id)) std::abort();
  return 0;
}
