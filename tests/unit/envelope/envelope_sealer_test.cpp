#include "envelope/envelope_sealer.h"

#include <set>

#include <gtest/gtest.h>

#include "support/good.h"
#include "support/sealed_gateway.h"

namespace veilgate {
namespace {

using testing_support::good;
using testing_support::SealedGateway;

class Sealer : public testing::Test {
 protected:
  std::vector<RecordType> types(const std::vector<SealedEnvelope>& records) {
    std::vector<RecordType> found;
    for (const auto& record : records) found.push_back(record.header().type);
    return found;
  }
  SealedGateway gateway_;
};

TEST_F(Sealer, TheFirstMessageOfAClassBringsItsSession) {
  auto sealer = gateway_.sealer();
  const auto first = sealer.seal(gateway_.message(MessageClass::kFace, "one"));
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(types(*first), (std::vector{RecordType::kSession, RecordType::kData}));
  EXPECT_EQ((*first)[0].topic(), gateway_.topics.keys(Lane::kSurveillance, MessageClass::kFace));
  EXPECT_TRUE((*first)[0].retained());
  EXPECT_FALSE((*first)[1].retained());
  EXPECT_EQ((*first)[1].header().previous, (*first)[0].digest());
  EXPECT_EQ(types(*sealer.seal(gateway_.message(MessageClass::kFace, "two"))),
            (std::vector{RecordType::kData}));
  EXPECT_EQ(types(*sealer.seal(gateway_.message(MessageClass::kEvent, "three"))),
            (std::vector{RecordType::kSession, RecordType::kData}))
      << "another class, another session";
}

TEST_F(Sealer, ThePayloadAppearsNowhereInTheRecords) {
  auto sealer = gateway_.sealer();
  const std::string canary = "canary-face-7b1d";
  Message message = gateway_.message(MessageClass::kFace, canary);
  message.id = "r1";
  const auto sealed = sealer.seal(message);
  ASSERT_TRUE(sealed);
  for (const auto& record : good(sealed))
    EXPECT_EQ(as_text(record.wire()).find(canary), std::string_view::npos);
}

TEST_F(Sealer, EveryThirtySecondRecordIsFollowedByACheckpoint) {
  auto sealer = gateway_.sealer();
  std::vector<std::uint64_t> checkpoints;
  for (int i = 0; i < 100; ++i)
    for (const auto& record : good(sealer.seal(gateway_.message(MessageClass::kFace, "x"))))
      if (record.header().type == RecordType::kCheckpoint) checkpoints.push_back(record.header().sequence);
  EXPECT_EQ(checkpoints, (std::vector<std::uint64_t>{33, 66, 99}));
}

TEST_F(Sealer, AfterTwoSecondsTickCoversWhatIsOpen) {
  auto sealer = gateway_.sealer();
  EXPECT_FALSE(sealer.due());
  (void)sealer.seal(gateway_.message(MessageClass::kFace, "x"));
  ASSERT_TRUE(sealer.due());
  EXPECT_EQ(*sealer.due(), gateway_.clock.monotonic() + std::chrono::seconds(2));
  gateway_.clock.advance(Millis(1999));
  EXPECT_TRUE(sealer.tick()->empty());
  gateway_.clock.advance(Millis(1));
  EXPECT_EQ(types(*sealer.tick()), (std::vector{RecordType::kCheckpoint}));
  EXPECT_FALSE(sealer.due());
}

TEST_F(Sealer, AlarmsAreSignedEachAndNeedNoCheckpoint) {
  auto sealer = gateway_.sealer();
  for (int i = 0; i < 40; ++i)
    for (const auto& record : good(sealer.seal(gateway_.message(MessageClass::kAlarm, "x")))) {
      EXPECT_TRUE(record.header().is_signed);
      EXPECT_NE(record.header().type, RecordType::kCheckpoint);
    }
  EXPECT_FALSE(sealer.due());
}

TEST_F(Sealer, ACleanStopEndsEverySessionWithACheckpoint) {
  auto sealer = gateway_.sealer();
  (void)sealer.seal(gateway_.message(MessageClass::kAlarm, "x"));
  (void)sealer.seal(gateway_.message(MessageClass::kFace, "x"));
  EXPECT_EQ(types(*sealer.finish()), (std::vector{RecordType::kCheckpoint, RecordType::kCheckpoint}));
  EXPECT_TRUE(sealer.finish()->empty());
  EXPECT_EQ(types(*sealer.seal(gateway_.message(MessageClass::kFace, "x"))),
            (std::vector{RecordType::kSession, RecordType::kData}));
}

TEST_F(Sealer, SessionsRotateByAgeByCountByClockAndByPlatformKey) {
  auto settings = gateway_.settings();
  settings.session_records = 40;
  settings.records_per_checkpoint = 1000;
  auto sealer = gateway_.sealer(settings);
  const auto rotated = [&] {
    const auto got = types(*sealer.seal(gateway_.message(MessageClass::kFace, "x")));
    return got == std::vector{RecordType::kCheckpoint, RecordType::kSession, RecordType::kData};
  };
  (void)sealer.seal(gateway_.message(MessageClass::kFace, "x"));
  EXPECT_FALSE(rotated());
  gateway_.clock.advance(std::chrono::hours(24));
  EXPECT_TRUE(rotated()) << "24 h";
  for (int i = 0; i < 37; ++i) EXPECT_FALSE(rotated()) << i;
  EXPECT_TRUE(rotated()) << "record bound; sequence 39 was the closing checkpoint";
  gateway_.clock.jump_to(gateway_.clock.now() - std::chrono::hours(2));
  EXPECT_TRUE(rotated()) << "wall clock set back";
  gateway_.clock.jump_to(gateway_.clock.now() + std::chrono::hours(25));
  EXPECT_TRUE(rotated()) << "wall clock set forward";
  sealer.set_platform_key(DecryptionKey::from_scalar(Bytes(32, 0x55)).value().encryption_key());
  EXPECT_TRUE(rotated()) << "new epoch";
}

// R-047 in short form: restarts begin new sessions, and inside a session no sequence is used twice. The nonce
// is salt XOR sequence, so this is nonce uniqueness.
TEST_F(Sealer, NoNonceRepeatsOverRestarts) {
  std::set<std::pair<SessionId, std::uint64_t>> seen;
  std::size_t records = 0;
  for (int restart = 0; restart < 20; ++restart) {
    auto sealer = gateway_.sealer();
    for (int i = 0; i < 500; ++i)
      for (const auto& record :
           good(sealer.seal(gateway_.message(i % 2 ? MessageClass::kFace : MessageClass::kEvent, "x")))) {
        seen.insert({record.header().session, record.header().sequence});
        ++records;
      }
  }
  EXPECT_GT(records, 10000U);
  EXPECT_EQ(seen.size(), records);
}

TEST_F(Sealer, RefusesWhatCannotBeSealedWithoutSpendingASequence) {
  auto sealer = gateway_.sealer();
  Message huge = gateway_.message(MessageClass::kFace, "x");
  huge.payload.resize(kMaxPayload + 1);
  EXPECT_EQ(sealer.seal(huge).error().code(), ErrorCode::kInvalidInput);
  Message bad_topic = gateway_.message(MessageClass::kFace, "x");
  bad_topic.topic = "a/#";
  EXPECT_EQ(sealer.seal(bad_topic).error().code(), ErrorCode::kInvalidInput);
  Message bad_source = gateway_.message(MessageClass::kFace, "x");
  bad_source.source = "gate/east";
  EXPECT_EQ(sealer.seal(bad_source).error().code(), ErrorCode::kInvalidInput);
  EXPECT_EQ(sealer.seal(gateway_.message(MessageClass::kFace, "x"))->at(1).header().sequence, 1U);
}

TEST_F(Sealer, FromWireTakesOnlyRecordsOfTheSpeakersLaneAndGateway) {
  auto sealer = gateway_.sealer();
  const auto sealed = sealer.seal(gateway_.message(MessageClass::kFace, "x"));
  const Bytes wire = sealed->back().wire();
  EXPECT_TRUE(SealedEnvelope::from_wire(wire, Lane::kSurveillance, GatewayId("gw-0001")));
  EXPECT_EQ(SealedEnvelope::from_wire(wire, Lane::kVerification, GatewayId("gw-0001")).error().code(),
            ErrorCode::kPermission);
  EXPECT_EQ(SealedEnvelope::from_wire(wire, Lane::kSurveillance, GatewayId("gw-0002")).error().code(),
            ErrorCode::kPermission);
  EXPECT_EQ(SealedEnvelope::from_wire({1, 2, 3}, Lane::kSurveillance, GatewayId("gw-0001")).error().code(),
            ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace veilgate
