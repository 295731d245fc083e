// What a broker, a lane's socket or a stored file may hand over as a sealed record, and the bodies inside.

#include <cstdint>

#include "core/assert.h"
#include "envelope/sealed_envelope.h"
#include "envelope/session_chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace veilgate;
  const ByteView bytes(data, size);
  (void)decode_checkpoint(bytes);
  if (const auto dropped = decode_gap(bytes)) VG_ASSERT(encode_gap(*dropped) == Bytes(data, data + size));
  if (const auto chain = SessionChain::parse(bytes)) {
    (void)chain->missing();
    (void)chain->received();
    (void)chain->announced_count();
  }
  const auto record = UnverifiedRecord::parse(Bytes(data, data + size));
  if (!record) return 0;
  // What was accepted is written back to the same bytes: there is one form of a record.
  const auto header = encode_header(record->header());
  VG_ASSERT(header && Bytes(record->header_bytes().begin(), record->header_bytes().end()) == *header);
  Bytes again = encode_unsigned(*header, record->body());
  append_signature(again, record->signature() ? &*record->signature() : nullptr);
  VG_ASSERT(again == record->wire());
  (void)SealedEnvelope::from_wire(again, record->header().lane, record->header().gateway);
  return 0;
}
