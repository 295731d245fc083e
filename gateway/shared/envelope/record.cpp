#include "envelope/record.h"

#include "envelope/topics.h"
#include "envelope/wire.h"

namespace veilgate {
namespace {

constexpr std::uint64_t kMostSequences = 1ULL << 24;  // a session ends there (docs/wire-format.md section 3)

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kSuiteSm = 1;  // SM4-GCM, SM2-with-SM3, HKDF-SM3
constexpr std::uint8_t kFlagSigned = 1;
constexpr std::size_t kHeaderLengthAt = 6;
constexpr std::size_t kMaxWire = kMaxPayload + 4096;

Error malformed(const std::string& what) {
  return Error(ErrorCode::kInvalidInput, "malformed record: " + what);
}

/// What may stand in names of the header besides topic ids: printable ASCII without space or MQTT wildcards.
bool printable(std::string_view text, std::size_t max) {
  if (text.size() > max) return false;
  for (const char c : text)
    if (c <= ' ' || c >= 127 || c == '+' || c == '#') return false;
  return true;
}

bool in_range(std::uint8_t value, std::uint8_t last) { return value >= 1 && value <= last; }

Result<void> check_names(const RecordHeader& header) {
  if (!valid_topic_id(header.gateway.get())) return malformed("gateway id");
  if (!header.source.empty() && !valid_topic_id(header.source)) return malformed("source id");
  if (header.topic.empty() || !printable(header.topic, 255)) return malformed("topic");
  if (!printable(header.message_id, 64)) return malformed("message id");
  if (!printable(header.content_type, 64)) return malformed("content type");
  return {};
}

/// Rules between fields: a session record is number 0 and signed, nothing else is number 0; checkpoints and
/// gap records are signed.
Result<void> check_consistency(const RecordHeader& header, std::size_t body_size) {
  const bool session = header.type == RecordType::kSession;
  if (session != (header.sequence == 0)) return malformed("sequence 0 is the session record's, and only its");
  if (session && header.previous != Digest{}) return malformed("a session record has no predecessor");
  if (header.type != RecordType::kData && !header.is_signed)
    return malformed("unsigned record of a signed type");
  if (header.type == RecordType::kData && header.message_class == MessageClass::kAlarm && !header.is_signed)
    return malformed("unsigned alarm");
  if (session ? body_size == 0 || body_size > 512 : body_size < 16) return malformed("body length");
  return {};
}

Result<RecordHeader> parse_fixed(wire::Reader& in, std::uint16_t& header_size) {
  RecordHeader header;
  if (in.u8() != kVersion) return malformed("version is not 1");
  const auto type = in.u8();
  if (in.u8() != kSuiteSm) return malformed("unknown suite");
  const auto flags = in.u8();
  const auto lane = in.u8(), klass = in.u8();
  if (!in_range(type, 4)) return malformed("unknown type");
  if ((flags & ~kFlagSigned) != 0) return malformed("reserved flag set");
  if (!in_range(lane, 3)) return malformed("unknown lane");
  if (!in_range(klass, 5)) return malformed("unknown class");
  header.type = static_cast<RecordType>(type);
  header.is_signed = (flags & kFlagSigned) != 0;
  header.lane = static_cast<Lane>(lane);
  header.message_class = static_cast<MessageClass>(klass);
  header_size = in.u16();
  in.fill(header.session);
  header.sequence = in.u64();
  const auto time = in.u64();
  if (time > 253402300799999ULL) return malformed("time after the year 9999");
  header.time = UtcTime{Millis{static_cast<std::int64_t>(time)}};
  in.fill(header.recipient);
  in.fill(header.signer);
  in.fill(header.previous);
  in.fill(header.commitment);
  return header;
}

}  // namespace

Result<Bytes> encode_header(const RecordHeader& header) {
  VG_CHECK(check_names(header));
  if (header.time < UtcTime{}) return malformed("time before 1970");
  Bytes bytes;
  wire::Writer out(bytes);
  out.u8(kVersion);
  out.u8(static_cast<std::uint8_t>(header.type));
  out.u8(kSuiteSm);
  out.u8(header.is_signed ? kFlagSigned : 0);
  out.u8(static_cast<std::uint8_t>(header.lane));
  out.u8(static_cast<std::uint8_t>(header.message_class));
  out.u16(0);  // header length, below
  out.bytes(header.session);
  out.u64(header.sequence);
  out.u64(static_cast<std::uint64_t>(header.time.time_since_epoch().count()));
  out.bytes(header.recipient);
  out.bytes(header.signer);
  out.bytes(header.previous);
  out.bytes(header.commitment);
  out.text(header.gateway.get());
  out.text(header.source);
  out.text(header.topic);
  out.text(header.message_id);
  out.text(header.content_type);
  bytes[kHeaderLengthAt] = static_cast<std::uint8_t>(bytes.size() >> 8);
  bytes[kHeaderLengthAt + 1] = static_cast<std::uint8_t>(bytes.size());
  return bytes;
}

Bytes encode_unsigned(ByteView header, ByteView body) {
  Bytes record;
  record.reserve(header.size() + 4 + body.size() + 66);
  wire::Writer out(record);
  out.bytes(header);
  out.u32(static_cast<std::uint32_t>(body.size()));
  out.bytes(body);
  return record;
}

void append_signature(Bytes& record, const Sm2Signature* signature) {
  wire::Writer out(record);
  out.u16(signature ? static_cast<std::uint16_t>(signature->size()) : 0);
  if (signature) out.bytes(*signature);
}

Result<UnverifiedRecord> UnverifiedRecord::parse(Bytes wire) {
  if (wire.size() > kMaxWire) return malformed("longer than any record");
  UnverifiedRecord record;
  record.wire_ = std::move(wire);
  wire::Reader in(record.wire_);
  std::uint16_t header_size = 0;
  VG_TRY(record.header_, parse_fixed(in, header_size));
  record.header_.gateway = GatewayId(in.text());
  record.header_.source = in.text();
  record.header_.topic = in.text();
  record.header_.message_id = in.text();
  record.header_.content_type = in.text();
  if (!in.ok()) return malformed("truncated header");
  if (in.position() != header_size) return malformed("header length");
  record.header_size_ = header_size;
  record.body_size_ = in.take(in.u32()).size();
  if (!in.ok()) return malformed("truncated body");
  const auto signature_size = in.u16();
  if (!in.ok() || signature_size != (record.header_.is_signed ? 64 : 0)) return malformed("signature length");
  if (record.header_.is_signed) in.fill(record.signature_.emplace());
  if (!in.ok()) return malformed("truncated signature");
  if (!in.done()) return malformed("trailing bytes");
  VG_CHECK(check_names(record.header_));
  VG_CHECK(check_consistency(record.header_, record.body_size_));
  return record;
}

const char* to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kCountBound:
      return "count_bound";
    case DropReason::kByteBound:
      return "byte_bound";
    case DropReason::kAgeBound:
      return "age_bound";
    case DropReason::kImageAge:
      return "image_age";
    case DropReason::kRefused:
      return "refused";
    case DropReason::kStoreLost:
      return "store_lost";
  }
  return "unknown";
}

Bytes encode_gap(std::span<const DroppedRange> dropped) {
  VG_ASSERT(dropped.size() <= kMaxDroppedRanges);
  Bytes body;
  wire::Writer out(body);
  out.u16(static_cast<std::uint16_t>(dropped.size()));
  for (const auto& entry : dropped) {
    out.bytes(entry.range.session);
    out.u64(entry.range.first);
    out.u64(entry.range.last);
    out.u8(static_cast<std::uint8_t>(entry.lane));
    out.u8(static_cast<std::uint8_t>(entry.message_class));
    out.u8(static_cast<std::uint8_t>(entry.reason));
    out.bytes(entry.previous_of_first);
    out.bytes(entry.digest_of_last);
  }
  return body;
}

Result<std::vector<DroppedRange>> decode_gap(ByteView body) {
  wire::Reader in(body);
  const auto count = in.u16();
  if (count > kMaxDroppedRanges) return malformed("too many dropped ranges");
  std::vector<DroppedRange> dropped(count);
  for (auto& entry : dropped) {
    in.fill(entry.range.session);
    entry.range.first = in.u64();
    entry.range.last = in.u64();
    const auto lane = in.u8(), klass = in.u8(), reason = in.u8();
    in.fill(entry.previous_of_first);
    in.fill(entry.digest_of_last);
    if (!in.ok() || !in_range(lane, 3) || !in_range(klass, 5) || !in_range(reason, 6) ||
        entry.range.first == 0 || entry.range.last < entry.range.first || entry.range.last > kMostSequences)
      return malformed("dropped range");
    entry.lane = static_cast<Lane>(lane);
    entry.message_class = static_cast<MessageClass>(klass);
    entry.reason = static_cast<DropReason>(reason);
  }
  if (!in.done()) return malformed("gap body length");
  return dropped;
}

Bytes encode_checkpoint(const Checkpoint& checkpoint) {
  Bytes body;
  wire::Writer out(body);
  out.u64(checkpoint.last);
  out.u64(checkpoint.data_records);
  out.u8(static_cast<std::uint8_t>(checkpoint.cause));
  return body;
}

Result<Checkpoint> decode_checkpoint(ByteView body) {
  wire::Reader in(body);
  Checkpoint checkpoint;
  checkpoint.last = in.u64();
  checkpoint.data_records = in.u64();
  const auto cause = in.u8();
  if (!in.done() || cause > 2) return malformed("checkpoint body");
  checkpoint.cause = static_cast<CheckpointCause>(cause);
  return checkpoint;
}

}  // namespace veilgate
