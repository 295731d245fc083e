#include "envelope/envelope_opener.h"

#include <algorithm>

#include "crypto/self_test.h"

namespace veilgate {
namespace {

constexpr std::uint64_t kMaxSequence = 1U << 24;

Opened refuse(Answer answer, std::string detail) { return {answer, std::move(detail), std::nullopt}; }

std::string place_of(const RecordHeader& header) {
  return header.gateway.get() + "/" + to_string(header.lane) + "/" + to_string(header.message_class) +
         " session " + to_hex(header.session) + " sequence " + std::to_string(header.sequence);
}

}  // namespace

Result<EnvelopeOpener> EnvelopeOpener::create(const Trust& trust, SessionStore& store, Settings settings) {
  VG_CHECK(require_self_tests());
  return EnvelopeOpener(trust, store, settings);
}

EnvelopeOpener::EnvelopeOpener(const Trust& trust, SessionStore& store, Settings settings)
    : trust_(&trust), store_(&store), settings_(settings) {}

Result<Opened> EnvelopeOpener::open(Bytes wire, std::string_view topic) {
  auto parsed = UnverifiedRecord::parse(std::move(wire));
  if (!parsed) return refuse(Answer::kMalformed, parsed.error().message());
  const auto& header = parsed->header();
  if (!topic.empty() && topic != header.topic)
    return refuse(Answer::kWrongTopic, place_of(header) + " was sealed for " + header.topic);
  if (header.type == RecordType::kSession) return open_session(*parsed);
  VG_TRY(Session* const known, session(header.session));
  if (!known) return refuse(Answer::kUnknownSession, place_of(header));
  return open_under(*known, *parsed);
}

Result<Opened> EnvelopeOpener::open_session(const UnverifiedRecord& record) {
  std::optional<SessionKey> key;
  Opened judged = judge_session(record, key);
  if (judged.answer != Answer::kSessionAccepted) return judged;
  const auto& header = record.header();
  VG_TRY(const auto put, store_->put_session({header.session, header.gateway.get(), header.lane,
                                              header.message_class, header.time, record.wire()}));
  if (put == PutSession::kConflict) return refuse(Answer::kSessionConflict, place_of(header));
  remember(header, std::move(*key));
  judged.answer = put == PutSession::kNew ? Answer::kSessionAccepted : Answer::kSessionKnown;
  return judged;
}

Opened EnvelopeOpener::judge_session(const UnverifiedRecord& record, std::optional<SessionKey>& key) const {
  const auto& header = record.header();
  const std::string place = place_of(header);
  const TrustedSigner* signer = trust_->signer(header.signer);
  if (!signer) return refuse(Answer::kUnknownSigner, place + " signed by key " + to_hex(header.signer));
  if (signer->gateway != header.gateway)
    return refuse(Answer::kWrongGateway, place + " signed by a key of gateway " + signer->gateway.get());
  if (signer->lane != header.lane)
    return refuse(Answer::kWrongLane, place + " signed by the key of lane " + to_string(signer->lane));
  if (!record.signature() || !signer->key.verify(record.signed_bytes(), *record.signature()))
    return refuse(Answer::kBadSignature, place);
  // Only now are the header's own words worth comparing: they are the signer's.
  if (signer->revoked && header.time >= *signer->revoked) return refuse(Answer::kRevokedSigner, place);
  const RecipientKey* recipient = trust_->recipient(header.recipient);
  if (!recipient)
    return refuse(Answer::kUnknownRecipient, place + " wrapped to key " + to_hex(header.recipient));
  if (recipient->retired && header.time >= *recipient->retired)
    return refuse(Answer::kStaleEpoch, place + " wrapped to retired key " + to_hex(header.recipient));
  auto secret = recipient->key.decrypt(record.body());
  if (!secret) return refuse(Answer::kUnreadableKey, place);
  auto derived = SessionKey::derive(*secret, header);
  if (!derived) return refuse(Answer::kUnreadableKey, place);
  if (!equal_in_constant_time(derived->commitment(), header.commitment))
    return refuse(Answer::kWrongCommitment, place);
  key = std::move(derived).value();
  return {Answer::kSessionAccepted, place, std::nullopt};
}

Result<Opened> EnvelopeOpener::open_under(Session& session, const UnverifiedRecord& record) {
  const auto& header = record.header();
  const auto& bound = session.header;
  const std::string place = place_of(header);
  if (header.gateway != bound.gateway) return refuse(Answer::kWrongGateway, place);
  if (header.lane != bound.lane) return refuse(Answer::kWrongLane, place);
  if (header.message_class != bound.message_class || header.signer != bound.signer ||
      header.recipient != bound.recipient)
    return refuse(Answer::kHeaderMismatch, place);
  if (!equal_in_constant_time(header.commitment, bound.commitment))
    return refuse(Answer::kWrongCommitment, place);
  if (header.sequence >= kMaxSequence || header.time < bound.time - settings_.clock_tolerance ||
      header.time > bound.time + settings_.session_life + settings_.clock_tolerance)
    return refuse(Answer::kStaleSession, place);

  auto plaintext = session.key.open(header.sequence, record.header_bytes(), record.body());
  if (!plaintext) return refuse(Answer::kTampered, place);
  if (header.is_signed) {
    const TrustedSigner* signer = trust_->signer(header.signer);
    if (!signer) return refuse(Answer::kUnknownSigner, place);
    if (!signer->key.verify(record.signed_bytes(), *record.signature()))
      return refuse(Answer::kBadSignature, place);
  }

  VerifiedRecord verified;
  verified.header_ = header;
  verified.digest_ = record.digest();
  if (header.type == RecordType::kCheckpoint) {
    auto checkpoint = decode_checkpoint(*plaintext);
    if (!checkpoint || checkpoint->last + 1 != header.sequence)
      return refuse(Answer::kMalformed, place + ": checkpoint body");
    verified.checkpoint_ = *checkpoint;
  } else if (header.type == RecordType::kGap) {
    auto dropped = decode_gap(*plaintext);
    if (!dropped) return refuse(Answer::kMalformed, place + ": " + dropped.error().message());
    verified.dropped_ = std::move(dropped).value();
  } else {
    verified.payload_ = std::move(plaintext).value();
  }

  VG_TRY(const auto chain, store_->chain(header.session));
  if (!chain) return refuse(Answer::kUnknownSession, place + ": forgotten by the store");
  const auto judged = chain->judge(verified.link());
  if (judged == ChainAnswer::kReplay) return refuse(Answer::kReplay, place);
  if (judged == ChainAnswer::kBrokenChain) return refuse(Answer::kBrokenChain, place);
  return Opened{Answer::kVerified, place, std::move(verified)};
}

Result<EnvelopeOpener::Session*> EnvelopeOpener::session(const SessionId& id) {
  if (const auto found = cache_.find(id); found != cache_.end()) {
    ages_.splice(ages_.end(), ages_, found->second.age);
    return &found->second;
  }
  VG_TRY(const auto stored, store_->find_session(id));
  if (!stored) return static_cast<Session*>(nullptr);
  // Another receiver accepted it; our own trust decides again, a revocation may have come in between.
  auto record = UnverifiedRecord::parse(stored->record);
  if (!record) return record.error().with_context("session store");
  std::optional<SessionKey> key;
  if (judge_session(*record, key).answer != Answer::kSessionAccepted) return static_cast<Session*>(nullptr);
  return remember(record->header(), std::move(*key));
}

EnvelopeOpener::Session* EnvelopeOpener::remember(const RecordHeader& header, SessionKey key) {
  if (const auto found = cache_.find(header.session); found != cache_.end()) return &found->second;
  if (cache_.size() >= settings_.cached_sessions && !ages_.empty()) {
    cache_.erase(ages_.front());
    ages_.pop_front();
  }
  const auto age = ages_.insert(ages_.end(), header.session);
  return &cache_.emplace(header.session, Session{std::move(key), header, age}).first->second;
}

namespace {

/// The ranges of a gap record that this signer may speak about: its own lane's, or (the uplink holds the
/// queue of all) any lane's of its gateway.
bool may_announce(const RecordHeader& gap, const StoredSession& about) {
  return about.gateway == gap.gateway.get() && (gap.lane == Lane::kUplink || gap.lane == about.lane);
}

}  // namespace

Result<Committed> EnvelopeOpener::commit(std::span<const VerifiedRecord> records) {
  std::vector<SessionId> ids;
  const auto note = [&ids](const SessionId& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  struct Announcement {
    std::size_t record;
    DroppedRange dropped;
  };
  std::vector<Announcement> announcements;
  for (std::size_t i = 0; i < records.size(); ++i) {
    note(records[i].header().session);
    for (const auto& dropped : records[i].dropped()) {
      VG_TRY(const auto about, store_->find_session(dropped.range.session));
      if (!about || !may_announce(records[i].header(), *about))
        continue;  // a session we never held misses nothing
      note(dropped.range.session);
      announcements.push_back({i, dropped});
    }
  }
  Committed committed;
  VG_CHECK(store_->edit_chains(ids, [&](std::span<SessionChain> chains) {
    committed = {};
    const auto chain_of = [&chains](const SessionId& id) {
      return std::find_if(chains.begin(), chains.end(),
                          [&id](const auto& chain) { return chain.session() == id; });
    };
    for (const auto& record : records) {
      const auto answer = chain_of(record.header().session)->admit(record.link(), committed.updates);
      committed.answers.push_back(answer == ChainAnswer::kAdmitted ? Answer::kVerified
                                  : answer == ChainAnswer::kReplay ? Answer::kReplay
                                                                   : Answer::kBrokenChain);
    }
    for (const auto& [record, dropped] : announcements)
      if (committed.answers[record] == Answer::kVerified)
        chain_of(dropped.range.session)->announce(dropped, committed.updates);
  }));
  return committed;
}

}  // namespace veilgate
