#pragma once
// The platform's side: takes a record as received and answers with exactly one Answer. *Verified* means:
// well-formed, under a session whose record is signed by a trusted key of that gateway and lane and wrapped
// to a key we hold, header equal to the session's bindings, AEAD passes, sequence not seen before. Whether
// the chain confirms it is told afterwards by ChainUpdates.
//
// Two steps, so that a crash between them repeats a message instead of losing it:
//   open(bytes, topic)   judges; changes nothing except that a session record is stored (idempotent)
//   commit(records)      after the records are safe in the sink: admits them to their chains in one
//   transaction
//
//   VG_TRY(Opened opened, opener.open(bytes, topic));
//   if (!opened.record) { count(opened.answer); continue; }
//   sink.write(*opened.record); sink.sync();
//   VG_TRY(auto committed, opener.commit({&*opened.record, 1}));
//
// kUnknownSession is not final: the session record may arrive later (keep the message, or ask for a resend).
// Errors (Result) are the store's only. Thread word: thread-bound; several openers may share one
// SqliteSessionStore.

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "envelope/record.h"
#include "envelope/session_chain.h"
#include "envelope/session_key.h"
#include "envelope/session_store.h"
#include "envelope/trust.h"

namespace veilgate {

enum class Answer {
  kVerified,         ///< a data, checkpoint or gap record, to be committed
  kSessionAccepted,  ///< a session record, new
  kSessionKnown,     ///< the same session record again (retained message, resend)
  // refusals
  kMalformed,       ///< not one well-formed record
  kWrongTopic,      ///< arrived on another topic than it was sealed for
  kUnknownSession,  ///< no session record yet
  kUnknownSigner,   ///< key id not enrolled
  kRevokedSigner,
  kWrongGateway,      ///< the key, or the session, belongs to another gateway
  kWrongLane,         ///< the key, or the session, belongs to another lane
  kUnknownRecipient,  ///< wrapped to a key we do not hold
  kStaleEpoch,        ///< wrapped to a key already retired when the session began
  kUnreadableKey,     ///< the wrapped session key does not open
  kBadSignature,      ///< signature wrong, or absent where one is due
  kWrongCommitment,   ///< not the key this session committed to
  kSessionConflict,   ///< another record under a known session id
  kHeaderMismatch,    ///< class, signer or recipient differ from the session's
  kTampered,          ///< AEAD fails
  kReplay,            ///< sequence already admitted
  kStaleSession,      ///< outside the session's 24 h or 2^24 records
  kBrokenChain,       ///< contradicts its neighbour in the chain
};
const char* to_string(Answer answer);  ///< stable, snake_case: "verified", "bad_signature" …
bool is_refusal(Answer answer);
constexpr int kAnswerCount = static_cast<int>(Answer::kBrokenChain) + 1;

/// Only EnvelopeOpener makes one.
class VerifiedRecord {
 public:
  const RecordHeader& header() const { return header_; }
  const Bytes& payload() const { return payload_; }  ///< data records; empty otherwise
  const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }
  const std::vector<DroppedRange>& dropped() const { return dropped_; }  ///< gap records
  ChainLink link() const { return {header_.sequence, header_.previous, digest_, header_.is_signed}; }

 private:
  friend class EnvelopeOpener;
  VerifiedRecord() = default;
  RecordHeader header_;
  Bytes payload_;
  std::optional<Checkpoint> checkpoint_;
  std::vector<DroppedRange> dropped_;
  Digest digest_{};
};

struct Opened {
  Answer answer = Answer::kMalformed;
  std::string detail;                    ///< for the log: field or ids; nothing of the payload
  std::optional<VerifiedRecord> record;  ///< only with kVerified
};

struct Committed {
  std::vector<Answer>
      answers;  ///< one per record: kVerified, kReplay (another receiver was first), kBrokenChain
  std::vector<ChainUpdate> updates;
};

class EnvelopeOpener {
 public:
  struct Settings {
    std::size_t cached_sessions = 16384;  ///< unwrapped keys kept in memory
    Millis session_life{std::chrono::hours(24)};
    Millis clock_tolerance{std::chrono::minutes(5)};
  };

  /// `trust` and `store` must outlive the opener. kInternal after a failed self-test.
  static Result<EnvelopeOpener> create(const Trust& trust, SessionStore& store, Settings settings);
  static Result<EnvelopeOpener> create(const Trust& trust, SessionStore& store) {
    return create(trust, store, Settings());
  }

  /// `topic`: where it arrived; empty when unknown (a file).
  Result<Opened> open(Bytes wire, std::string_view topic);
  Result<Committed> commit(std::span<const VerifiedRecord> records);

 private:
  struct Session {
    SessionKey key;
    RecordHeader header;  // of the session record
    std::list<SessionId>::iterator age;
  };
  EnvelopeOpener(const Trust& trust, SessionStore& store, Settings settings);
  Result<Opened> open_session(const UnverifiedRecord& record);
  Result<Opened> open_under(Session& session, const UnverifiedRecord& record);
  /// Unwraps and checks a session record; the answer is kSessionAccepted when everything holds.
  Opened judge_session(const UnverifiedRecord& record, std::optional<SessionKey>& key) const;
  Result<Session*> session(const SessionId& id);
  Session* remember(const RecordHeader& header, SessionKey key);

  const Trust* trust_;
  SessionStore* store_;
  Settings settings_;
  std::map<SessionId, Session> cache_;
  std::list<SessionId> ages_;  // least recently used first
};

}  // namespace veilgate
