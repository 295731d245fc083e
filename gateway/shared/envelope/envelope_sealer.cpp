#include "envelope/envelope_sealer.h"

#include <algorithm>
#include <utility>

#include "crypto/random.h"
#include "crypto/self_test.h"

namespace veilgate {

Result<EnvelopeSealer> EnvelopeSealer::create(Settings settings, SigningKey key, EncryptionKey platform,
                                              const Clock& clock) {
  VG_CHECK(require_self_tests());
  if (settings.records_per_checkpoint == 0 || settings.session_records < 2)
    return Error(ErrorCode::kInvalidInput,
                 "a session holds at least two records, a checkpoint covers at least one");
  return EnvelopeSealer(std::move(settings), std::move(key), std::move(platform), clock);
}

EnvelopeSealer::EnvelopeSealer(Settings settings, SigningKey key, EncryptionKey platform, const Clock& clock)
    : settings_(std::move(settings)), key_(std::move(key)), platform_(std::move(platform)), clock_(&clock) {}

Result<std::vector<SealedEnvelope>> EnvelopeSealer::seal(const Message& message) {
  if (message.payload.size() > kMaxPayload)
    return Error(ErrorCode::kInvalidInput, "a message of " + std::to_string(message.payload.size()) +
                                               " bytes; the limit is " + std::to_string(kMaxPayload));
  RecordHeader header;
  header.type = RecordType::kData;
  header.is_signed = message.message_class == MessageClass::kAlarm;
  header.gateway = settings_.gateway;
  header.source = message.source;
  header.topic = message.topic;
  header.message_id = message.id;
  header.content_type = message.content_type;
  VG_CHECK(encode_header(header));  // refuse bad names before a session begins or a sequence is spent

  Records out;
  if (auto sealed = seal_in_session(message.message_class, std::move(header), message.payload, out);
      !sealed) {
    sessions_.erase(message.message_class);  // its records so far may never leave: begin afresh next time
    return sealed.error();
  }
  return out;
}

Result<void> EnvelopeSealer::seal_in_session(MessageClass klass, RecordHeader header, ByteView plaintext,
                                             Records& out) {
  VG_TRY(Session * session, session_for(klass, out));
  VG_CHECK(append(*session, std::move(header), plaintext, out));
  if (session->uncovered >= settings_.records_per_checkpoint)
    VG_CHECK(checkpoint(*session, CheckpointCause::kPeriodic, out));
  return {};
}

Result<std::vector<SealedEnvelope>> EnvelopeSealer::seal_gap(std::span<const DroppedRange> dropped) {
  Records out;
  while (!dropped.empty()) {
    const auto part = dropped.first(std::min(dropped.size(), kMaxDroppedRanges));
    dropped = dropped.subspan(part.size());
    RecordHeader header;
    header.type = RecordType::kGap;
    header.is_signed = true;
    header.topic = settings_.topics.chain(settings_.lane);
    if (auto sealed = seal_in_session(MessageClass::kStatus, std::move(header), encode_gap(part), out);
        !sealed) {
      sessions_.erase(MessageClass::kStatus);
      return sealed.error();
    }
  }
  return out;
}

std::optional<MonoTime> EnvelopeSealer::due() const {
  std::optional<MonoTime> earliest;
  for (const auto& [klass, session] : sessions_) {
    if (session.uncovered == 0) continue;
    const MonoTime at = session.uncovered_since + settings_.checkpoint_after;
    if (!earliest || at < *earliest) earliest = at;
  }
  return earliest;
}

Result<std::vector<SealedEnvelope>> EnvelopeSealer::tick() {
  Records out;
  for (auto& [klass, session] : sessions_)
    if (session.uncovered > 0 && clock_->monotonic() >= session.uncovered_since + settings_.checkpoint_after)
      VG_CHECK(checkpoint(session, CheckpointCause::kPeriodic, out));
  return out;
}

// Every session says its last word, also a fully covered one: the platform then knows that nothing is
// missing.
Result<std::vector<SealedEnvelope>> EnvelopeSealer::finish() {
  Records out;
  for (auto& [klass, session] : sessions_) VG_CHECK(checkpoint(session, CheckpointCause::kCleanStop, out));
  sessions_.clear();
  return out;
}

void EnvelopeSealer::set_platform_key(EncryptionKey platform) { platform_ = std::move(platform); }

// Receivers refuse records outside 24 h of their session's own time, so a wall clock set back ends a session
// too.
bool EnvelopeSealer::worn_out(const Session& session) const {
  const UtcTime now = clock_->now();
  return session.header.recipient != platform_.id() || now < session.began - std::chrono::minutes(1) ||
         now >= session.began + settings_.session_life ||
         clock_->monotonic() >= session.began_mono + settings_.session_life ||
         session.header.sequence + 1 >=
             settings_.session_records;  // one place is kept for the last checkpoint
}

Result<EnvelopeSealer::Session*> EnvelopeSealer::session_for(MessageClass klass, Records& out) {
  auto found = sessions_.find(klass);
  if (found != sessions_.end() && worn_out(found->second)) {
    VG_CHECK(checkpoint(found->second, CheckpointCause::kRotation, out));
    sessions_.erase(found);
    found = sessions_.end();
  }
  if (found == sessions_.end()) VG_CHECK(begin_session(klass, out));
  return &sessions_.at(klass);
}

Result<void> EnvelopeSealer::begin_session(MessageClass klass, Records& out) {
  VG_CHECK(require_self_tests());
  RecordHeader header;
  header.type = RecordType::kSession;
  header.is_signed = true;
  header.lane = settings_.lane;
  header.message_class = klass;
  VG_CHECK(fill_random(header.session));
  header.time = clock_->now();
  header.recipient = platform_.id();
  header.signer = key_.id();
  header.gateway = settings_.gateway;
  header.topic = settings_.topics.keys(settings_.lane, klass);

  VG_TRY(const SecretBytes secret, random_secret(SessionKey::kSecretSize));
  VG_TRY(auto key, SessionKey::derive(secret, header));
  header.commitment = key.commitment();
  VG_TRY(const Bytes wrapped, platform_.encrypt(secret.view()));
  VG_TRY(const Bytes header_bytes, encode_header(header));
  VG_TRY(auto envelope, finish_record(header, header_bytes, wrapped));

  Session session{std::move(key), header, clock_->now(), clock_->monotonic(), 0, 0, {}};
  session.header.sequence = 1;
  session.header.previous = envelope.digest();
  sessions_.insert_or_assign(klass, std::move(session));
  out.push_back(std::move(envelope));
  return {};
}

Result<void> EnvelopeSealer::append(Session& session, RecordHeader header, ByteView plaintext, Records& out) {
  header.lane = settings_.lane;
  header.message_class = session.header.message_class;
  header.session = session.header.session;
  header.sequence = session.header.sequence;
  header.previous = session.header.previous;
  header.recipient = session.header.recipient;
  header.signer = session.header.signer;
  header.commitment = session.header.commitment;
  header.gateway = settings_.gateway;
  header.time = clock_->now();
  VG_TRY(const Bytes header_bytes, encode_header(header));
  ++session.header.sequence;  // spent from here on, whatever happens: a nonce is never tried twice
  VG_TRY(const Bytes body, session.key.seal(header.sequence, header_bytes, plaintext));
  VG_TRY(auto envelope, finish_record(header, header_bytes, body));
  session.header.previous = envelope.digest();
  if (header.type == RecordType::kData) ++session.data_records;
  if (header.is_signed) {
    session.uncovered = 0;
  } else if (session.uncovered++ == 0) {
    session.uncovered_since = clock_->monotonic();
  }
  out.push_back(std::move(envelope));
  return {};
}

Result<void> EnvelopeSealer::checkpoint(Session& session, CheckpointCause cause, Records& out) {
  RecordHeader header;
  header.type = RecordType::kCheckpoint;
  header.is_signed = true;
  header.topic = settings_.topics.chain(settings_.lane);
  const Checkpoint body{session.header.sequence - 1, session.data_records, cause};
  return append(session, std::move(header), encode_checkpoint(body), out);
}

Result<SealedEnvelope> EnvelopeSealer::finish_record(const RecordHeader& header, ByteView header_bytes,
                                                     ByteView body) const {
  Bytes wire = encode_unsigned(header_bytes, body);
  if (header.is_signed) {
    VG_TRY(const Sm2Signature signature, key_.sign(wire));
    append_signature(wire, &signature);
  } else {
    VG_CHECK(require_self_tests());
    append_signature(wire, nullptr);
  }
  VG_TRY(auto record,
         UnverifiedRecord::parse(std::move(wire)));  // what we cannot read ourselves never leaves
  return SealedEnvelope(std::move(record));
}

}  // namespace veilgate
