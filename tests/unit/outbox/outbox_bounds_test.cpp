#include "support/outbox_fixture.h"

namespace veilgate {
namespace {

using std::chrono::hours;
using testing_support::good;

class OutboxBoundsTest : public testing_support::OutboxFixture {
 protected:
  void bounded(std::int64_t count) {
    settings_.bounds.max_count = count;
    reopen();
  }
};

TEST_F(OutboxBoundsTest, AtTheCountBoundTheOldestImagesGoFirst) {
  bounded(10);
  const auto images = accept(MessageClass::kImage, 3);
  accept(MessageClass::kFace, 3);  // with two session records: 8
  accept(MessageClass::kFace, 3);
  EXPECT_EQ(stats(MessageClass::kImage).dropped, 1);
  EXPECT_EQ(stats(MessageClass::kFace).dropped, 0);
  const auto pending = good(outbox_->pending_drops(10));
  ASSERT_EQ(pending.ranges.size(), 1U);
  EXPECT_EQ(pending.ranges[0].range, range_of(images[0]));
  EXPECT_EQ(pending.ranges[0].reason, DropReason::kCountBound);
  EXPECT_EQ(pending.ranges[0].previous_of_first, images[0].header().previous);
  EXPECT_EQ(pending.ranges[0].digest_of_last, images[0].digest());
}

TEST_F(OutboxBoundsTest, ResultsGoOnlyWhenNothingElseIsLeftAndAlarmsLastOfAll) {
  bounded(13);
  for (const auto klass : {MessageClass::kAlarm, MessageClass::kEvent, MessageClass::kFace,
                           MessageClass::kStatus, MessageClass::kImage})
    accept(klass, 1);  // ten records, five of them sessions
  const auto dropped = [this] {
    std::string order;
    for (const auto klass : kAllClasses) order += std::to_string(stats(klass).dropped);
    return order;  // alarm, event, face, image, status
  };
  accept(MessageClass::kAlarm, 3);
  EXPECT_EQ(dropped(), "00000");
  accept(MessageClass::kAlarm, 1);
  EXPECT_EQ(dropped(), "00010") << "image";
  accept(MessageClass::kAlarm, 1);
  EXPECT_EQ(dropped(), "00011") << "status";
  accept(MessageClass::kAlarm, 1);
  EXPECT_EQ(dropped(), "00111") << "face";
  accept(MessageClass::kAlarm, 1);
  EXPECT_EQ(dropped(), "01111") << "event";
  accept(MessageClass::kAlarm, 1);
  EXPECT_EQ(dropped(), "11111") << "the oldest alarm";
}

TEST_F(OutboxBoundsTest, SentRecordsMakeRoomBeforeAnythingUnsentIsDropped) {
  bounded(6);
  accept(MessageClass::kFace, 4);
  ASSERT_TRUE(outbox_->mark_sent(ids(next(3))));
  accept(MessageClass::kFace, 2);
  EXPECT_EQ(stats(MessageClass::kFace).dropped, 0);
  EXPECT_EQ(stats(MessageClass::kFace).expired_sent, 1);
  EXPECT_TRUE(good(outbox_->pending_drops(10)).ranges.empty()) << "the broker has it; it is no gap of ours";
}

TEST_F(OutboxBoundsTest, NeighboursBecomeOneRange) {
  bounded(6);
  const auto faces = accept(MessageClass::kFace, 25);
  const auto pending = good(outbox_->pending_drops(10));
  ASSERT_EQ(pending.ranges.size(), 1U);
  EXPECT_EQ(pending.ranges[0].range, (SequenceRange{faces[0].header().session, 1, 20}));
  EXPECT_EQ(pending.ranges[0].digest_of_last, faces[19].digest());
  EXPECT_EQ(stats(MessageClass::kFace).dropped, 20);
}

TEST_F(OutboxBoundsTest, TheByteBoundHolds) {
  settings_.bounds.max_bytes = 100000;
  reopen();
  accept(MessageClass::kImage, 30, 20000);
  EXPECT_LE(outbox_->stats().total.bytes, 100000);
  EXPECT_GT(stats(MessageClass::kImage).dropped, 20);
  EXPECT_EQ(good(outbox_->pending_drops(10)).ranges[0].reason, DropReason::kByteBound);
}

TEST_F(OutboxBoundsTest, WhenOnlyUndroppableRecordsAreLeftTheAppendIsRefusedAndNothingChanges) {
  bounded(2);
  accept(MessageClass::kFace, 1);
  (void)next();  // both in flight now
  const auto records = good(sealer_.seal(gateway_.message(MessageClass::kFace, "y")));
  EXPECT_EQ(outbox_->append(records).error().code(), ErrorCode::kExhausted);
  EXPECT_EQ(outbox_->stats().total.unsent, 2);
  outbox_->release_all();
  EXPECT_TRUE(outbox_->append(records));
}

TEST_F(OutboxBoundsTest, ImagesAgeOutAfterTheirCapAndResultsDoNot) {
  accept(MessageClass::kImage, 2);
  accept(MessageClass::kFace, 1);
  gateway_.clock.advance(hours(24) + Millis(1));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kImage).dropped, 2);
  EXPECT_EQ(stats(MessageClass::kFace).dropped, 0);
  EXPECT_EQ(good(outbox_->pending_drops(10)).ranges[0].reason, DropReason::kImageAge);
  gateway_.clock.advance(hours(24 * 30));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kFace).dropped, 1);
}

TEST_F(OutboxBoundsTest, AJumpOfTheWallClockAgesNothing) {
  accept(MessageClass::kImage, 1);
  gateway_.clock.jump_to(gateway_.clock.now() + hours(48));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kImage).dropped, 0);
  gateway_.clock.jump_to(gateway_.clock.now() - hours(96));
  ASSERT_TRUE(outbox_->enforce_bounds());
  reopen();  // restarted while the clock is wrong
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kImage).dropped, 0);
}

TEST_F(OutboxBoundsTest, NothingAgesWhileTheClockIsUnsynchronised) {
  accept(MessageClass::kImage, 1);
  gateway_.clock.set_state(ClockState::kUnsynced);
  gateway_.clock.advance(hours(48));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kImage).dropped, 0);
}

TEST_F(OutboxBoundsTest, TheSentStoreIsBoundedByCountAndAge) {
  settings_.bounds.keep_sent_count = 3;
  reopen();
  accept(MessageClass::kFace, 5);
  ASSERT_TRUE(outbox_->mark_sent(ids(next())));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kFace).expired_sent, 2);
  gateway_.clock.advance(hours(24 * 7) + Millis(1));
  ASSERT_TRUE(outbox_->enforce_bounds());
  EXPECT_EQ(stats(MessageClass::kFace).expired_sent, 5);
  EXPECT_EQ(stats(MessageClass::kFace).sent, 1) << "the newest session record";
}

TEST_F(OutboxBoundsTest, DropsAreRememberedUntilTheirGapRecordIsCommitted) {
  bounded(5);
  accept(MessageClass::kFace, 8);
  reopen();
  auto pending = good(outbox_->pending_drops(10));
  ASSERT_EQ(pending.ranges.size(), 1U);
  accept(MessageClass::kFace, 1);  // drops one more, after the range was taken for announcing
  auto uplink = gateway_.sealer(Lane::kUplink);
  ASSERT_TRUE(outbox_->announce_drops(pending.ids, good(uplink.seal_gap(pending.ranges))));
  pending = good(outbox_->pending_drops(10));
  ASSERT_EQ(pending.ranges.size(), 1U) << "the later drop is a range of its own";
  EXPECT_EQ(pending.ranges[0].range.first, pending.ranges[0].range.last);
  EXPECT_EQ(outbox_->stats().pending_drops, 1);
  EXPECT_EQ(stats(MessageClass::kStatus).unsent, 2) << "session and gap record of the uplink";
}

TEST_F(OutboxBoundsTest, GapAndSessionRecordsAreNeverDropped) {
  bounded(6);
  auto uplink = gateway_.sealer(Lane::kUplink);
  DroppedRange dropped;
  dropped.range = {{1}, 1, 1};
  ASSERT_TRUE(outbox_->append(good(uplink.seal_gap({&dropped, 1}))));
  accept(MessageClass::kFace, 20);
  int gaps = 0, sessions = 0;
  for (const auto& record : next()) {
    gaps += record.envelope.header().type == RecordType::kGap;
    sessions += record.envelope.header().type == RecordType::kSession;
  }
  EXPECT_EQ(gaps, 1);
  EXPECT_EQ(sessions, 2);
}

}  // namespace
}  // namespace veilgate
