#pragma once
// One record on the wire (docs/wire-format.md): header ‖ body ‖ signature, version byte first, big endian.
// The header bytes are the associated data exactly as sent. Parsing gives an UnverifiedRecord: well-formed,
// and nothing more is claimed. Thread word: reentrant.

#include <array>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "core/strong.h"
#include "crypto/hash.h"
#include "crypto/sm2.h"
#include "envelope/message.h"

namespace veilgate {

using KeyCommitment = std::array<std::uint8_t, 16>;

struct RecordHeader {
  RecordType type = RecordType::kData;
  bool is_signed = false;
  Lane lane = Lane::kSurveillance;
  MessageClass message_class = MessageClass::kEvent;
  SessionId session{};
  std::uint64_t sequence = 0;  ///< 0 is the session record
  UtcTime time{};              ///< the sender's wall clock at sealing
  KeyId recipient{};           ///< the platform key the session key is wrapped to
  KeyId signer{};              ///< the lane's signing key
  Digest previous{};           ///< SM3 of the record before, whole; zeros in a session record
  KeyCommitment commitment{};  ///< of the session key, because GCM does not commit to its key
  GatewayId gateway;
  std::string source;
  std::string topic;
  std::string message_id;
  std::string content_type;
  friend bool operator==(const RecordHeader&, const RecordHeader&) = default;
};

class UnverifiedRecord {
 public:
  /// kInvalidInput, saying which field, for anything that is not exactly one record: wrong version, unknown
  /// type, lane, class or suite, reserved flags, a length that does not fit, trailing bytes, names outside
  /// their alphabet.
  static Result<UnverifiedRecord> parse(Bytes wire);

  const RecordHeader& header() const { return header_; }
  ByteView header_bytes() const { return ByteView(wire_).first(header_size_); }  ///< the associated data
  ByteView body() const { return ByteView(wire_).subspan(header_size_ + 4, body_size_); }
  ByteView signed_bytes() const { return ByteView(wire_).first(header_size_ + 4 + body_size_); }
  const std::optional<Sm2Signature>& signature() const { return signature_; }
  const Bytes& wire() const { return wire_; }
  Digest digest() const { return sm3(wire_); }  ///< what the next record carries as `previous`

 private:
  UnverifiedRecord() = default;
  RecordHeader header_;
  std::size_t header_size_ = 0;
  std::size_t body_size_ = 0;
  std::optional<Sm2Signature> signature_;
  Bytes wire_;
};

/// The header's bytes. kInvalidInput when a name is too long or outside its alphabet.
Result<Bytes> encode_header(const RecordHeader& header);
/// header ‖ u32 length ‖ body, without the signature part: what is signed.
Bytes encode_unsigned(ByteView header, ByteView body);
/// Appends u16 0, or u16 64 and the signature.
void append_signature(Bytes& record, const Sm2Signature* signature);

/// Why records were dropped; carried in gap records.
enum class DropReason : std::uint8_t {
  kCountBound = 1,
  kByteBound = 2,
  kAgeBound = 3,
  kImageAge = 4,   ///< an undelivered image reached its cap
  kRefused = 5,    ///< the broker refuses it for good (quarantine)
  kStoreLost = 6,  ///< the store was damaged
};
const char* to_string(DropReason reason);

/// A run of dropped records of one session, with the two digests that let the chain be followed across it.
struct DroppedRange {
  SequenceRange range;
  Lane lane = Lane::kSurveillance;
  MessageClass message_class = MessageClass::kEvent;
  DropReason reason = DropReason::kCountBound;
  Digest
      previous_of_first{};  ///< `previous` of the first dropped record: digest of the last kept one before it
  Digest digest_of_last{};  ///< `previous` of the first kept record after it
  friend bool operator==(const DroppedRange&, const DroppedRange&) = default;
};
constexpr std::size_t kMaxDroppedRanges = 1000;  ///< in one gap record

enum class CheckpointCause : std::uint8_t { kPeriodic = 0, kCleanStop = 1, kRotation = 2 };
struct Checkpoint {
  std::uint64_t last = 0;          ///< the newest sequence it covers: its own minus one
  std::uint64_t data_records = 0;  ///< data records of the session so far; lets the platform reconcile counts
  CheckpointCause cause = CheckpointCause::kPeriodic;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

Bytes encode_gap(std::span<const DroppedRange> dropped);
Result<std::vector<DroppedRange>> decode_gap(ByteView body);
Bytes encode_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> decode_checkpoint(ByteView body);

}  // namespace veilgate
