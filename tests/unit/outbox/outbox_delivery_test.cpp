// The whole way with everything going wrong: sealed, queued in a store too small for all, published with
// failures and repetitions, received out of order, resent, dropped and announced. At the end every accepted
// message was either received exactly once or announced as dropped, and every chain is confirmed.
#include <map>
#include <random>
#include <utility>

#include "envelope/envelope_opener.h"
#include "support/outbox_fixture.h"

namespace veilgate {
namespace {

using testing_support::good;

class Delivery : public testing_support::OutboxFixture, public testing::WithParamInterface<unsigned> {
 protected:
  void receive(const SealedEnvelope& envelope) {
    const auto opened = good(opener_.open(envelope.wire(), envelope.topic()));
    if (opened.answer == Answer::kUnknownSession)
      return held_.push_back(envelope);  // its session may still come
    if (!opened.record) {
      EXPECT_TRUE(opened.answer == Answer::kReplay || !is_refusal(opened.answer)) << to_string(opened.answer);
      if (opened.answer == Answer::kSessionAccepted)
        for (const auto& waiting : std::exchange(held_, {})) receive(waiting);
      return;
    }
    EXPECT_EQ(good(opener_.commit({&*opened.record, 1})).answers.front(), Answer::kVerified);
    if (opened.record->header().type == RecordType::kData)
      ++received_[std::string(as_text(opened.record->payload()))];
  }
  void publish_some() {
    std::vector<OutboxId> acknowledged;
    for (const auto& record : next(20)) {
      const auto luck = random_() % 10;
      if (luck == 0) continue;  // lost before the broker: stays handed out until released
      receive(record.envelope);
      if (luck == 1) continue;                  // PUBACK lost
      if (luck == 2) receive(record.envelope);  // redelivered by the broker
      acknowledged.push_back(record.id);
    }
    ASSERT_TRUE(outbox_->mark_sent(acknowledged));
    if (random_() % 3 == 0) outbox_->release_all();
  }
  void announce() {
    const auto pending = good(outbox_->pending_drops(1000));
    if (pending.ids.empty()) return;
    ASSERT_TRUE(outbox_->announce_drops(pending.ids, good(uplink_.seal_gap(pending.ranges))));
  }
  void receipts() {
    for (const auto& session : good(store_.sessions(UtcTime{})))
      (void)good(outbox_->apply_receipt(good(store_.chain(session.id))->received()));
  }

  std::mt19937 random_{GetParam()};
  EnvelopeSealer uplink_ = gateway_.sealer(Lane::kUplink);
  MemorySessionStore store_;
  EnvelopeOpener opener_ = good(EnvelopeOpener::create(gateway_.trust, store_));
  std::vector<SealedEnvelope> held_;
  std::map<std::string, int> received_;
};

TEST_P(Delivery, EveryAcceptedMessageArrivesOnceOrIsAnnounced) {
  settings_.bounds.max_count = 60;
  settings_.synchronous = "OFF";  // nothing crashes here, and syncing thousands of times only costs time
  reopen();
  int accepted = 0;
  for (int round = 0; round < 60; ++round) {
    const auto klass = kAllClasses[random_() % 4];
    for (unsigned i = random_() % 12; i > 0; --i) {
      const auto records = good(sealer_.seal(gateway_.message(klass, "m" + std::to_string(accepted))));
      ASSERT_TRUE(outbox_->append(records));
      ++accepted;
    }
    if (round % 20 < 8) publish_some();  // the link is down for the rest of each twenty rounds
    if (round % 7 == 0) receipts();
    if (round % 11 == 0) reopen();  // the uplink restarts; nothing is handed out any more
    if (round % 13 == 0) announce();
  }
  ASSERT_TRUE(outbox_->append(good(sealer_.finish())));
  for (int i = 0; i < 100 && outbox_->stats().total.unsent + outbox_->stats().pending_drops > 0; ++i) {
    announce();
    publish_some();
    outbox_->release_all();
  }
  ASSERT_TRUE(outbox_->append(good(uplink_.finish())));
  for (int i = 0; i < 20; ++i) {
    publish_some();
    outbox_->release_all();
  }

  EXPECT_TRUE(held_.empty());
  std::int64_t dropped = 0;
  for (const auto klass : kAllClasses) dropped += stats(klass).dropped;
  EXPECT_GT(dropped, 0) << "the test means to overflow";
  for (const auto& [payload, count] : received_) EXPECT_EQ(count, 1) << payload;
  std::uint64_t announced = 0;
  for (const auto& session : good(store_.sessions(UtcTime{}))) {
    const auto chain = *good(store_.chain(session.id));
    EXPECT_TRUE(chain.missing().empty()) << to_string(session.message_class);
    EXPECT_TRUE(chain.pending().empty()) << to_string(session.message_class);
    announced += chain.announced_count();
  }
  // Checkpoints may be dropped too, and a message may be both received (PUBACK lost) and dropped.
  EXPECT_GE(static_cast<std::uint64_t>(received_.size()) + announced, static_cast<std::uint64_t>(accepted));
  EXPECT_GE(static_cast<std::int64_t>(received_.size()) + dropped, accepted);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Delivery, testing::Range(1U, 6U));

}  // namespace
}  // namespace veilgate
