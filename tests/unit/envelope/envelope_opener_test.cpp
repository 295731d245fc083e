#include "envelope/envelope_opener.h"

#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "support/good.h"
#include "support/hostile_sender.h"
#include "support/sealed_gateway.h"

namespace veilgate {
namespace {

using testing_support::good;
using testing_support::HostileSender;
using testing_support::SealedGateway;

class Opener : public testing::Test {
 protected:
  std::vector<SealedEnvelope> seal(MessageClass klass, int count, EnvelopeSealer* with = nullptr) {
    std::vector<SealedEnvelope> all;
    for (int i = 0; i < count; ++i)
      for (auto& record :
           good((with ? *with : sealer_).seal(gateway_.message(klass, "payload " + std::to_string(i)))))
        all.push_back(record);
    return all;
  }
  Opened open(const Bytes& wire) { return opener_.open(wire, "").value(); }
  Answer answer(const Bytes& wire) { return open(wire).answer; }
  /// open and commit
  Answer take(const SealedEnvelope& record) {
    const Opened opened = open(record.wire());
    if (!opened.record) return opened.answer;
    const auto committed = opener_.commit({&*opened.record, 1}).value();
    for (const auto& update : committed.updates) updates_.push_back(update);
    return committed.answers.front();
  }
  /// The same header, changed, as a forger without the session key would send it.
  static Bytes forged(const SealedEnvelope& record, const std::function<void(RecordHeader&)>& change,
                      const SigningKey* key = nullptr) {
    const auto parsed = UnverifiedRecord::parse(record.wire()).value();
    RecordHeader header = parsed.header();
    change(header);
    Bytes wire = encode_unsigned(encode_header(header).value(), parsed.body());
    const auto signature = key ? key->sign(wire).value() : parsed.signature().value_or(Sm2Signature{});
    append_signature(wire, header.is_signed ? &signature : nullptr);
    return wire;
  }

  SealedGateway gateway_;
  EnvelopeSealer sealer_ = gateway_.sealer();
  MemorySessionStore store_;
  EnvelopeOpener opener_ = EnvelopeOpener::create(gateway_.trust, store_).value();
  std::vector<ChainUpdate> updates_;
};

TEST_F(Opener, OpensWhatTheGatewaySealed) {
  const auto records = seal(MessageClass::kFace, 1);
  EXPECT_EQ(take(records[0]), Answer::kSessionAccepted);
  EXPECT_EQ(take(records[0]), Answer::kSessionKnown);
  const auto opened = opener_.open(records[1].wire(), records[1].topic()).value();
  ASSERT_EQ(opened.answer, Answer::kVerified) << opened.detail;
  EXPECT_EQ(as_text(opened.record->payload()), "payload 0");
  EXPECT_EQ(opened.record->header().source, "gate-east");
}

TEST_F(Opener, ChainIsPendingUntilTheCheckpointAndThenConfirmed) {
  for (const auto& record : seal(MessageClass::kFace, 3)) take(record);
  for (const auto& record : good(sealer_.finish())) EXPECT_EQ(take(record), Answer::kVerified);
  std::map<std::uint64_t, ChainState> last;
  for (const auto& update : updates_)
    for (auto s = update.range.first; s <= update.range.last; ++s) last[s] = update.state;
  ASSERT_EQ(last.size(), 4U);
  for (const auto& [sequence, state] : last) EXPECT_EQ(state, ChainState::kConfirmed) << sequence;
}

// Every bit of every kind of record: no flip is ever accepted, and each is answered by the field it is in.
TEST_F(Opener, NoBitFlipInAnyRecordIsAccepted) {
  auto records = seal(MessageClass::kFace, 1);
  for (auto& record : seal(MessageClass::kAlarm, 1)) records.push_back(record);
  DroppedRange dropped;
  dropped.range = {records[0].header().session, 5, 6};
  for (auto& record : good(sealer_.seal_gap({&dropped, 1}))) records.push_back(record);
  for (auto& record : good(sealer_.finish())) records.push_back(record);

  std::map<Answer, int> answers;
  for (std::size_t r = 0; r < records.size(); ++r) {
    const Bytes wire = records[r].wire();
    for (std::size_t byte = 0; byte < wire.size(); ++byte) {
      Bytes bad = wire;
      bad[byte] ^= static_cast<std::uint8_t>(1U << (byte % 8));
      const auto got = answer(bad);
      EXPECT_TRUE(is_refusal(got)) << "record " << r << " byte " << byte << " " << to_string(got);
      ++answers[got];
    }
    const auto good = take(records[r]);
    EXPECT_FALSE(is_refusal(good)) << "record " << r << " " << to_string(good);
  }
  for (const auto expected :
       {Answer::kMalformed, Answer::kUnknownSession, Answer::kUnknownSigner, Answer::kTampered,
        Answer::kBadSignature, Answer::kWrongCommitment, Answer::kHeaderMismatch})
    EXPECT_GT(answers[expected], 0) << to_string(expected);
}

TEST_F(Opener, EveryTruncationIsMalformed) {
  const auto records = seal(MessageClass::kAlarm, 1);
  for (const auto& record : records)
    for (std::size_t size = 0; size < record.wire().size(); size += 3)
      EXPECT_EQ(answer(Bytes(record.wire().begin(), record.wire().begin() + static_cast<long>(size))),
                Answer::kMalformed);
}

TEST_F(Opener, AReplayIsAnsweredAlsoAfterARestartOfTheReceiver) {
  const auto records = seal(MessageClass::kFace, 2);
  for (const auto& record : records) take(record);
  EXPECT_EQ(answer(records[1].wire()), Answer::kReplay);
  auto restarted = EnvelopeOpener::create(gateway_.trust, store_).value();
  EXPECT_EQ(restarted.open(records[2].wire(), "")->answer, Answer::kReplay);
}

TEST_F(Opener, TwoReceiversWithTheSameRecordAdmitItOnce) {
  const auto records = seal(MessageClass::kFace, 1);
  take(records[0]);
  auto other = EnvelopeOpener::create(gateway_.trust, store_).value();
  const auto mine = open(records[1].wire());
  const auto theirs = other.open(records[1].wire(), "").value();
  ASSERT_TRUE(mine.record && theirs.record);
  EXPECT_EQ(other.commit({&*theirs.record, 1})->answers.front(), Answer::kVerified);
  EXPECT_EQ(opener_.commit({&*mine.record, 1})->answers.front(), Answer::kReplay);
}

TEST_F(Opener, AReceiverThatStartsInTheMiddleOpensWithTheRetainedSession) {
  const auto records = seal(MessageClass::kFace, 10);
  EXPECT_EQ(answer(records[7].wire()), Answer::kUnknownSession);
  take(records[0]);
  EXPECT_EQ(take(records[7]), Answer::kVerified);
  EXPECT_EQ(store_.chain(records[0].header().session).value()->missing(),
            (std::vector<SequenceRange>{{records[0].header().session, 1, 6}}));
}

TEST_F(Opener, ReorderedRecordsAreVerifiedAndLeaveNoGap) {
  const auto records = seal(MessageClass::kFace, 4);
  take(records[0]);
  for (const int i : {3, 1, 4, 2})
    EXPECT_EQ(take(records[static_cast<std::size_t>(i)]), Answer::kVerified) << i;
  EXPECT_TRUE(store_.chain(records[0].header().session).value()->missing().empty());
}

TEST_F(Opener, AnotherTopicIsRefused) {
  const auto records = seal(MessageClass::kFace, 1);
  EXPECT_EQ(opener_.open(records[0].wire(), "veilgate/v1/estate-07/gw-0001/commands")->answer,
            Answer::kWrongTopic);
}

TEST_F(Opener, ASignerNobodyEnrolledIsUnknown) {
  const auto stranger = SigningKey::from_scalar(Bytes(32, 0x66)).value();
  auto sealer = EnvelopeSealer::create(gateway_.settings(), stranger, gateway_.platform_key.encryption_key(),
                                       gateway_.clock)
                    .value();
  EXPECT_EQ(answer(seal(MessageClass::kFace, 1, &sealer)[0].wire()), Answer::kUnknownSigner);
}

TEST_F(Opener, ALanesKeyCannotSpeakForAnotherLane) {
  auto settings = gateway_.settings(Lane::kVerification);
  auto sealer = EnvelopeSealer::create(settings, gateway_.surveillance_key,
                                       gateway_.platform_key.encryption_key(), gateway_.clock)
                    .value();
  EXPECT_EQ(answer(seal(MessageClass::kFace, 1, &sealer)[0].wire()), Answer::kWrongLane);
}

TEST_F(Opener, AGatewaysKeyCannotSpeakForAnotherGateway) {
  auto settings = gateway_.settings();
  settings.gateway = GatewayId("gw-0002");
  auto sealer = gateway_.sealer(settings);
  EXPECT_EQ(answer(seal(MessageClass::kFace, 1, &sealer)[0].wire()), Answer::kWrongGateway);
}

TEST_F(Opener, DataUnderASessionOfAnotherGatewayOrLaneIsRefused) {
  const auto records = seal(MessageClass::kFace, 1);
  take(records[0]);
  EXPECT_EQ(answer(forged(records[1], [](auto& h) { h.gateway = GatewayId("gw-0002"); })),
            Answer::kWrongGateway);
  EXPECT_EQ(answer(forged(records[1], [](auto& h) { h.lane = Lane::kVerification; })), Answer::kWrongLane);
  EXPECT_EQ(answer(forged(records[1], [](auto& h) { h.message_class = MessageClass::kEvent; })),
            Answer::kHeaderMismatch);
  EXPECT_EQ(answer(forged(records[1], [](auto& h) { h.source = "gate-west"; })), Answer::kTampered);
  EXPECT_EQ(answer(forged(records[1], [](auto& h) { h.sequence = 9; })), Answer::kTampered);
}

TEST_F(Opener, RevocationAppliesToSessionsBegunLater) {
  const auto records = seal(MessageClass::kFace, 1);
  Trust trust = gateway_.trust;
  TrustedSigner signer{GatewayId("gw-0001"), Lane::kSurveillance, gateway_.surveillance_key.verifying_key(),
                       gateway_.clock.now() + std::chrono::seconds(1)};
  trust.add(signer);
  auto opener = EnvelopeOpener::create(trust, store_).value();
  EXPECT_EQ(opener.open(records[0].wire(), "")->answer, Answer::kSessionAccepted);
  signer.revoked = gateway_.clock.now();
  trust.add(signer);
  EXPECT_EQ(opener.open(records[0].wire(), "")->answer, Answer::kRevokedSigner);
}

TEST_F(Opener, AnUnknownAndARetiredPlatformKeyAreToldApart) {
  const auto records = seal(MessageClass::kFace, 1);
  Trust trust;
  trust.add(TrustedSigner{
      GatewayId("gw-0001"), Lane::kSurveillance, gateway_.surveillance_key.verifying_key(), {}});
  auto opener = EnvelopeOpener::create(trust, store_).value();
  EXPECT_EQ(opener.open(records[0].wire(), "")->answer, Answer::kUnknownRecipient);
  trust.add(RecipientKey{gateway_.platform_key, gateway_.clock.now()});
  EXPECT_EQ(opener.open(records[0].wire(), "")->answer, Answer::kStaleEpoch);
  trust.add(RecipientKey{gateway_.platform_key, gateway_.clock.now() + Millis(1)});
  EXPECT_EQ(opener.open(records[0].wire(), "")->answer, Answer::kSessionAccepted);
}

TEST_F(Opener, AnotherRecordUnderAKnownSessionIdIsAConflict) {
  const auto records = seal(MessageClass::kFace, 1);
  take(records[0]);
  // Same key, same id, signed properly: only a gateway that broke its own rules could send it.
  const Bytes twin = forged(
      records[0], [](auto& h) { h.time += Millis(1); }, &gateway_.surveillance_key);
  EXPECT_EQ(answer(twin), Answer::kSessionConflict);
}

TEST_F(Opener, AKeyThatIsNotTheCommittedOneIsRefused) {
  const auto records = seal(MessageClass::kFace, 1);
  const Bytes other = forged(
      records[0], [](auto& h) { h.commitment[0] ^= 1; }, &gateway_.surveillance_key);
  EXPECT_EQ(answer(other), Answer::kWrongCommitment);
}

TEST_F(Opener, AWrappedKeyThatDoesNotOpenIsUnreadable) {
  const auto records = seal(MessageClass::kFace, 1);
  auto parsed = UnverifiedRecord::parse(records[0].wire()).value();
  Bytes body(parsed.body().begin(), parsed.body().end());
  body.back() ^= 1;
  Bytes wire = encode_unsigned(parsed.header_bytes(), body);
  const auto signature = gateway_.surveillance_key.sign(wire).value();
  append_signature(wire, &signature);
  EXPECT_EQ(answer(wire), Answer::kUnreadableKey);
}

TEST_F(Opener, ARecordOutsideItsSessionsLifeIsStale) {
  auto settings = gateway_.settings();
  settings.session_life = std::chrono::hours(48);  // a sender that breaks the rule
  auto sealer = gateway_.sealer(settings);
  const auto first = seal(MessageClass::kFace, 1, &sealer);
  take(first[0]);
  gateway_.clock.advance(std::chrono::hours(24) + std::chrono::minutes(6));
  EXPECT_EQ(answer(seal(MessageClass::kFace, 1, &sealer)[0].wire()), Answer::kStaleSession);
}

TEST_F(Opener, ARecordThatContradictsTheChainIsBroken) {
  HostileSender sender(gateway_);
  EXPECT_EQ(answer(sender.session()), Answer::kSessionAccepted);
  EXPECT_EQ(answer(sender.data(1, Digest{})), Answer::kBrokenChain);
  EXPECT_EQ(answer(sender.data(1, sm3(sender.session()))), Answer::kVerified);
}

TEST_F(Opener, ACheckpointThatContradictsTheChainBreaksWhatWasPending) {
  HostileSender sender(gateway_);
  EXPECT_EQ(answer(sender.session()), Answer::kSessionAccepted);
  const auto first = open(sender.data(1, sm3(sender.session())));
  (void)opener_.commit({&*first.record, 1});
  const auto checkpoint = open(sender.data(2, Digest{}, RecordType::kCheckpoint,
                                           encode_checkpoint({1, 1, CheckpointCause::kPeriodic})));
  ASSERT_TRUE(checkpoint.record) << to_string(checkpoint.answer);
  const auto committed = opener_.commit({&*checkpoint.record, 1}).value();
  const SequenceRange first_record{checkpoint.record->header().session, 1, 1};
  EXPECT_NE(std::find(committed.updates.begin(), committed.updates.end(),
                      ChainUpdate{first_record, ChainState::kBroken}),
            committed.updates.end());
}

TEST_F(Opener, ACheckpointOrGapWithNonsenseInsideIsMalformed) {
  HostileSender sender(gateway_);
  (void)answer(sender.session());
  EXPECT_EQ(answer(sender.data(1, sm3(sender.session()), RecordType::kCheckpoint, {1, 2})),
            Answer::kMalformed);
  EXPECT_EQ(answer(sender.data(1, sm3(sender.session()), RecordType::kGap, {1, 2})), Answer::kMalformed);
  EXPECT_EQ(answer(sender.data(1U << 24, Digest{})), Answer::kStaleSession);
}

DroppedRange drop_of(const SealedEnvelope& first, const SealedEnvelope& last) {
  DroppedRange dropped;
  dropped.range = {first.header().session, first.header().sequence, last.header().sequence};
  dropped.lane = first.header().lane;
  dropped.message_class = first.header().message_class;
  dropped.previous_of_first = first.header().previous;
  dropped.digest_of_last = last.digest();
  return dropped;
}

TEST_F(Opener, AGapRecordOfTheUplinkAnnouncesDropsOfALane) {
  const auto records = seal(MessageClass::kFace, 6);
  for (const int i : {0, 1, 2, 5, 6})
    take(records[static_cast<std::size_t>(i)]);  // 3 and 4 were dropped in the queue
  const SessionId session = records[0].header().session;
  EXPECT_EQ(store_.chain(session).value()->missing(), (std::vector<SequenceRange>{{session, 3, 4}}));
  auto uplink = gateway_.sealer(Lane::kUplink);
  const auto dropped = drop_of(records[3], records[4]);
  for (const auto& record : good(uplink.seal_gap({&dropped, 1}))) take(record);
  EXPECT_TRUE(store_.chain(session).value()->missing().empty());
  EXPECT_EQ(store_.chain(session).value()->announced_count(), 2U);
}

TEST_F(Opener, ALaneCannotAnnounceDropsOfAnotherLane) {
  const auto records = seal(MessageClass::kFace, 4);
  for (const int i : {0, 1, 4}) take(records[static_cast<std::size_t>(i)]);
  auto verification = gateway_.sealer(Lane::kVerification);
  const auto dropped = drop_of(records[2], records[3]);
  for (const auto& record : good(verification.seal_gap({&dropped, 1}))) take(record);
  EXPECT_EQ(store_.chain(records[0].header().session).value()->missing().size(), 1U);
}

TEST_F(Opener, TheKeyCacheForgetsTheOldestAndTheStoreBringsItBack) {
  EnvelopeOpener::Settings settings;
  settings.cached_sessions = 1;
  auto opener = EnvelopeOpener::create(gateway_.trust, store_, settings).value();
  const auto faces = seal(MessageClass::kFace, 2), events = seal(MessageClass::kEvent, 2);
  EXPECT_EQ(opener.open(faces[0].wire(), "")->answer, Answer::kSessionAccepted);
  EXPECT_EQ(opener.open(events[0].wire(), "")->answer, Answer::kSessionAccepted);
  EXPECT_EQ(opener.open(faces[1].wire(), "")->answer, Answer::kVerified);
  EXPECT_EQ(opener.open(events[1].wire(), "")->answer, Answer::kVerified);
}

TEST_F(Opener, EveryAnswerHasItsOwnName) {
  std::set<std::string> names;
  for (int i = 0; i < kAnswerCount; ++i) names.insert(to_string(static_cast<Answer>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kAnswerCount));
  EXPECT_EQ(names.count("unknown"), 0U);
}

}  // namespace
}  // namespace veilgate
