#pragma once
// Turns messages into sealed records: one session (key, sequence, SM3 chain) per message class of one lane.
// Sessions begin with the first message after start, and again after 24 h, after 2^24 records, when the wall
// clock is set back, and when the platform's key changes; the session key is wrapped to the platform's SM2
// key and never touches the disk, so a restart always begins new sessions and no nonce can repeat.
//
// Records of class alarm are signed each; of the others every 32nd record or two seconds a signed checkpoint
// covers the chain. The caller drives time: it calls tick() no later than due(). What the calls return must
// be appended to the outbox (or submitted to the uplink) in that order; a record that cannot be kept must be
// announced with seal_gap(), by this sealer or by the uplink's.
//
//   VG_TRY(auto sealer, EnvelopeSealer::create({Lane::kSurveillance, gateway, topics}, key, platform_key,
//   clock)); VG_TRY(auto records, sealer.seal(message));          // [session] data [checkpoint] … every time
//   due() passes: sealer.tick()             // [checkpoint…] … at a clean stop:         sealer.finish() //
//   last checkpoints
//
// Errors: kInvalidInput for a message that cannot be sealed (too long, topic or ids outside their alphabet),
// kInternal from the cryptographic library or after a failed self-test. Thread word: thread-bound.

#include <map>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/strong.h"
#include "crypto/sm2.h"
#include "envelope/message.h"
#include "envelope/sealed_envelope.h"
#include "envelope/session_key.h"
#include "envelope/topics.h"

namespace veilgate {

class EnvelopeSealer {
 public:
  struct Settings {
    Lane lane = Lane::kSurveillance;
    GatewayId gateway;
    TopicScheme topics;
    unsigned records_per_checkpoint = 32;
    Millis checkpoint_after{2000};  ///< from the first uncovered record
    Millis session_life{std::chrono::hours(24)};
    std::uint64_t session_records = 1U << 24;
  };

  /// `clock` must outlive the sealer.
  static Result<EnvelopeSealer> create(Settings settings, SigningKey key, EncryptionKey platform,
                                       const Clock& clock);

  Result<std::vector<SealedEnvelope>> seal(const Message& message);
  /// One record per kMaxDroppedRanges ranges, in this lane's session of class status.
  Result<std::vector<SealedEnvelope>> seal_gap(std::span<const DroppedRange> dropped);

  /// When tick() has something to do; no value: not before the next seal().
  std::optional<MonoTime> due() const;
  Result<std::vector<SealedEnvelope>> tick();
  /// Covers everything not yet covered and ends all sessions. The sealer may be used again: new sessions
  /// begin.
  Result<std::vector<SealedEnvelope>> finish();

  /// A new epoch of the platform's key: the next message of each class begins a new session.
  void set_platform_key(EncryptionKey platform);

  const KeyId& key_id() const { return key_.id(); }
  const KeyId& platform_key_id() const { return platform_.id(); }

 private:
  struct Session {
    SessionKey key;
    RecordHeader header;  ///< template of the next record: sequence and previous are current
    UtcTime began{};
    MonoTime began_mono{};
    std::uint64_t data_records = 0;
    unsigned uncovered = 0;  ///< records since the last signed one
    MonoTime uncovered_since{};
  };
  using Records = std::vector<SealedEnvelope>;

  EnvelopeSealer(Settings settings, SigningKey key, EncryptionKey platform, const Clock& clock);
  Result<void> seal_in_session(MessageClass klass, RecordHeader header, ByteView plaintext, Records& out);
  Result<Session*> session_for(MessageClass klass, Records& out);
  Result<void> begin_session(MessageClass klass, Records& out);
  bool worn_out(const Session& session) const;
  Result<void> append(Session& session, RecordHeader header, ByteView plaintext, Records& out);
  Result<void> checkpoint(Session& session, CheckpointCause cause, Records& out);
  Result<SealedEnvelope> finish_record(const RecordHeader& header, ByteView header_bytes,
                                       ByteView body) const;

  Settings settings_;
  SigningKey key_;
  EncryptionKey platform_;
  const Clock* clock_;
  std::map<MessageClass, Session> sessions_;
};

}  // namespace veilgate
