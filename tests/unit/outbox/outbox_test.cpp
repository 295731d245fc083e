#include <fstream>

#include "support/outbox_fixture.h"

namespace veilgate {
namespace {

using testing_support::good;

class OutboxTest : public testing_support::OutboxFixture {};

TEST_F(OutboxTest, WhatWasAcceptedIsThereAfterReopeningByteForByte) {
  const auto sealed = accept(MessageClass::kFace, 3);
  reopen();
  const auto records = next();
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].envelope.header().type, RecordType::kSession);
  for (std::size_t i = 0; i < sealed.size(); ++i) EXPECT_EQ(records[i + 1].envelope.wire(), sealed[i].wire());
  EXPECT_EQ(stats(MessageClass::kFace).unsent, 4);
  EXPECT_EQ(stats(MessageClass::kFace).accepted, 3);
}

TEST_F(OutboxTest, AlarmsOvertakeAndImagesWaitButNoClassOvertakesItself) {
  const auto images = accept(MessageClass::kImage, 2);
  const auto faces = accept(MessageClass::kFace, 2);
  const auto events = accept(MessageClass::kEvent, 1);
  const auto alarms = accept(MessageClass::kAlarm, 2);
  const auto records = next();
  ASSERT_EQ(records.size(), 11U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(records[i].envelope.header().type, RecordType::kSession);
  std::vector<Digest> got, expected;
  for (std::size_t i = 4; i < records.size(); ++i) got.push_back(records[i].envelope.digest());
  for (const auto* group : {&alarms, &events, &faces, &images})
    for (const auto& record : *group) expected.push_back(record.digest());
  EXPECT_EQ(got, expected);
}

TEST_F(OutboxTest, HandsARecordOutOnceUntilItIsReleased) {
  accept(MessageClass::kFace, 3);
  const auto first = next(2);
  EXPECT_EQ(ids(next(10)).size(), 2U) << "the other two";
  EXPECT_TRUE(next(10).empty());
  const auto again_ids = ids(first);
  outbox_->release(again_ids);
  EXPECT_EQ(ids(next(10)), again_ids);
  outbox_->release_all();
  EXPECT_EQ(next(10).size(), 4U);
}

TEST_F(OutboxTest, SentRecordsStayUntilTheReceiptCoversThem) {
  const auto sealed = accept(MessageClass::kFace, 3);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  EXPECT_EQ(stats(MessageClass::kFace).sent, 4);
  reopen();
  EXPECT_TRUE(next().empty()) << "sent records are not sent again by themselves";
  const SequenceRange covered{sealed[0].header().session, 0, 2};
  EXPECT_EQ(good(outbox_->apply_receipt({&covered, 1})), 2);
  EXPECT_EQ(stats(MessageClass::kFace).sent, 2) << "the third record, and the session it needs";
  EXPECT_EQ(stats(MessageClass::kFace).delivered, 2);
}

TEST_F(OutboxTest, AReceiptForAnUnsentRecordDeletesItToo) {
  const auto sealed = accept(MessageClass::kFace, 1);  // its PUBACK was lost, the platform has it
  const SequenceRange covered{sealed[0].header().session, 0, 1};
  EXPECT_EQ(good(outbox_->apply_receipt({&covered, 1})), 1);
  EXPECT_TRUE(next().empty());
  EXPECT_EQ(stats(MessageClass::kFace).unsent, 0);
  EXPECT_EQ(stats(MessageClass::kFace).delivered, 1);
}

TEST_F(OutboxTest, ResendMakesSentRecordsUnsentAgainAndSaysWhatIsGone) {
  const auto sealed = accept(MessageClass::kFace, 4);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  const SequenceRange covered = range_of(sealed[1]);
  EXPECT_EQ(good(outbox_->apply_receipt({&covered, 1})), 1);
  const SequenceRange missing{sealed[0].header().session, 1, 3};
  EXPECT_EQ(good(outbox_->resend({&missing, 1})), 2) << "two of three: the second is gone";
  const auto records = next();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].envelope.digest(), sealed[0].digest());
  EXPECT_EQ(records[1].envelope.digest(), sealed[2].digest());
}

TEST_F(OutboxTest, WhatWasAcknowledgedLongAgoWithoutAReceiptIsUnsentAgain) {
  const auto sealed = accept(MessageClass::kEvent, 2);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  EXPECT_EQ(good(outbox_->resend_unreceipted(Millis{1000})), 0) << "not yet";
  gateway_.clock.advance(std::chrono::seconds(2));
  const SequenceRange covered = range_of(sealed[1]);
  EXPECT_EQ(good(outbox_->apply_receipt({&covered, 1})), 1);
  EXPECT_EQ(good(outbox_->resend_unreceipted(Millis{1000})), 1) << "the session record stays sent";
  const auto records = next();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].envelope.digest(), sealed[0].digest());
}

TEST_F(OutboxTest, WithoutReceiptsSentRecordsGoAtOnceButTheNewestSessionStays) {
  settings_.sent_policy = SentPolicy::kDeleteWhenSent;
  reopen();
  accept(MessageClass::kFace, 3);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  EXPECT_EQ(stats(MessageClass::kFace).delivered, 3);
  EXPECT_EQ(stats(MessageClass::kFace).sent, 1);
  EXPECT_EQ(good(outbox_->latest_sessions()).size(), 1U);
}

TEST_F(OutboxTest, ASessionRecordGoesWhenANewerOneExistsAndNothingNeedsIt) {
  const auto old_records = accept(MessageClass::kFace, 1);
  (void)sealer_.finish();  // its checkpoint is not appended here
  const auto new_records = accept(MessageClass::kFace, 1);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  const SequenceRange covered{old_records[0].header().session, 0, 1};
  EXPECT_EQ(good(outbox_->apply_receipt({&covered, 1})), 1);
  const auto latest = good(outbox_->latest_sessions());
  ASSERT_EQ(latest.size(), 1U);
  EXPECT_EQ(latest[0].envelope.header().session, new_records[0].header().session);
  EXPECT_EQ(stats(MessageClass::kFace).sent, 2);
}

TEST_F(OutboxTest, TheSameRecordTwiceIsStoredOnce) {
  const auto records = good(sealer_.seal(gateway_.message(MessageClass::kFace, "x")));
  ASSERT_TRUE(outbox_->append(records));
  ASSERT_TRUE(outbox_->append(records)) << "the speaker asks again after a lost answer";
  EXPECT_EQ(next().size(), 2U);
  EXPECT_EQ(stats(MessageClass::kFace).accepted, 1);
}

TEST_F(OutboxTest, ABatchIsAcceptedWhollyOrNotAtAll) {
  auto other_gateway = gateway_.settings();
  other_gateway.gateway = GatewayId("gw-0002");
  auto stranger = gateway_.sealer(other_gateway);
  auto batch = good(sealer_.seal(gateway_.message(MessageClass::kFace, "x")));
  for (auto& record : good(stranger.seal(gateway_.message(MessageClass::kFace, "x"))))
    batch.push_back(record);
  EXPECT_EQ(outbox_->append(batch).error().code(), ErrorCode::kPermission);
  EXPECT_TRUE(next().empty());
  EXPECT_EQ(outbox_->stats().total.unsent, 0);
  EXPECT_EQ(outbox_->append(std::vector<SealedEnvelope>(51, batch[1])).error().code(),
            ErrorCode::kInvalidInput);
}

TEST_F(OutboxTest, QuarantinedRecordsLetTheOthersPassAndComeBackWhenReleased) {
  accept(MessageClass::kFace, 2);
  const auto records = next();
  ASSERT_TRUE(outbox_->quarantine(ids({records[1]})));
  outbox_->release_all();
  EXPECT_EQ(next().size(), 2U);
  EXPECT_EQ(stats(MessageClass::kFace).quarantined, 1);
  outbox_->release_all();
  reopen();
  EXPECT_EQ(stats(MessageClass::kFace).quarantined, 1);
  EXPECT_EQ(good(outbox_->release_quarantine()), 1);
  EXPECT_EQ(next().size(), 3U);
}

TEST_F(OutboxTest, StatsTellDepthBytesAndAgePerClass) {
  const UtcTime before = gateway_.clock.now();
  const auto faces = accept(MessageClass::kFace, 1, 1000);
  gateway_.clock.advance(std::chrono::minutes(5));
  accept(MessageClass::kAlarm, 1);
  const auto all = outbox_->stats();
  EXPECT_EQ(all.total.unsent, 4);
  EXPECT_EQ(all.of(MessageClass::kFace).oldest_unsent, before);
  EXPECT_EQ(all.of(MessageClass::kAlarm).oldest_unsent, before + std::chrono::minutes(5));
  EXPECT_EQ(all.total.oldest_unsent, before);
  EXPECT_FALSE(all.of(MessageClass::kImage).oldest_unsent);
  EXPECT_GT(all.of(MessageClass::kFace).bytes, 1000);
  EXPECT_EQ(all.total.bytes, all.of(MessageClass::kFace).bytes + all.of(MessageClass::kAlarm).bytes);
}

TEST_F(OutboxTest, ADamagedDatabaseIsMovedAsideAndWorkGoesOn) {
  accept(MessageClass::kFace, 40, 2000);
  outbox_.reset();
  {
    std::fstream file(settings_.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 2);
    file << std::string(4096 * 6, '\x77');
  }
  reopen();
  EXPECT_FALSE(outbox_->moved_aside().empty());
  EXPECT_TRUE(std::filesystem::exists(outbox_->moved_aside()));
  accept(MessageClass::kFace, 1);
  EXPECT_EQ(outbox_->stats().total.unsent, 1)
      << "the sealer's session lives on; its record was lost with the file";
}

TEST_F(OutboxTest, TheFilesHoldNoPayloadInClear) {
  const std::string canary = "canary-4f7a-face-payload";
  for (auto& record : good(sealer_.seal(gateway_.message(MessageClass::kFace, canary))))
    ASSERT_TRUE(outbox_->append({&record, 1}));
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find(canary), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace veilgate
