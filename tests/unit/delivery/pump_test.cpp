// The pump and the state board against a publisher that answers as told, over a real outbox.

#include "delivery/pump.h"

#include <gtest/gtest.h>

#include "delivery/state_board.h"
#include "envelope/envelope_sealer.h"
#include "outbox/sqlite_outbox.h"
#include "support/temp_dir.h"

namespace veilgate::uplink {
namespace {

class FakePublisher final : public Publisher {
 public:
  bool online() const override { return window > 0; }
  int free_window() const override { return window - static_cast<int>(taken.size()); }
  Result<void> publish(std::uint64_t token, OutgoingMessage message) override {
    if (free_window() <= 0) return Error(ErrorCode::kUnavailable, "full");
    taken.emplace_back(token, message);
    return {};
  }
  int window = 20;
  std::vector<std::pair<std::uint64_t, OutgoingMessage>> taken;
};

class DeliveryTest : public ::testing::Test {
 protected:
  DeliveryTest() {
    SqliteOutbox::Settings settings;
    settings.path = dir_ / "outbox.db";
    settings.gateway = GatewayId("gw-1");
    outbox_ = std::move(SqliteOutbox::open(settings, clock_)).value();
    pump_ = std::make_unique<Pump>(*loop_, clock_, *outbox_, publisher_,
                                   [this](const std::string&, int reason) { quarantined_.push_back(reason); });
  }
  void accept(int count) {
    for (int i = 0; i < count; ++i) {
      Message message{MessageClass::kEvent, "cam", topics_.surveillance_events("cam"), "r-" + std::to_string(i),
                      "application/json", {'{', '}'}};
      const auto records = std::move(sealer_.seal(message)).value();
      ASSERT_TRUE(outbox_->append(records));
    }
  }
  /// Answers everything that is in flight.
  void answer(PublishOutcome outcome, int reason = 0) {
    for (const auto& [token, message] : std::exchange(publisher_.taken, {})) pump_->on_published(token, outcome, reason);
    loop_->turn(Millis{0});
  }
  OutboxClassStats total() const { return outbox_->stats().total; }

  test::TempDir dir_;
  FakeClock clock_{UtcTime{std::chrono::hours(24 * 20000)}};
  std::unique_ptr<ipc::EventLoop> loop_ = std::move(ipc::EventLoop::create()).value();
  TopicScheme topics_ = std::move(TopicScheme::create("vg", "site", "gw-1")).value();
  EnvelopeSealer sealer_ = std::move(EnvelopeSealer::create({Lane::kSurveillance, GatewayId("gw-1"), topics_},
                                                            SigningKey::generate().value(),
                                                            DecryptionKey::generate().value().encryption_key(), clock_))
                               .value();
  std::unique_ptr<SqliteOutbox> outbox_;
  FakePublisher publisher_;
  std::unique_ptr<Pump> pump_;
  std::vector<int> quarantined_;
};

TEST_F(DeliveryTest, SendsNothingBeforeTheStateIsThere) {
  accept(3);
  pump_->wake();
  EXPECT_TRUE(publisher_.taken.empty());
  pump_->open();
  EXPECT_EQ(publisher_.taken.size(), 4u);  // the session record first
  EXPECT_EQ(publisher_.taken.front().second.retain, Retain::kYes);
  EXPECT_EQ(publisher_.taken.back().second.retain, Retain::kNo);
}

TEST_F(DeliveryTest, KeepsTheWindowFullInOrder) {
  publisher_.window = 3;
  accept(8);
  pump_->open();
  std::vector<std::uint64_t> order;
  for (int round = 0; round < 6; ++round) {
    for (const auto& [token, message] : publisher_.taken) order.push_back(token);
    EXPECT_LE(publisher_.taken.size(), 3u);
    answer(PublishOutcome::kAcknowledged);
  }
  EXPECT_EQ(order.size(), 9u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(total().sent, 9);
}

TEST_F(DeliveryTest, OnlyASuccessfulAcknowledgementMarksARecordSent) {
  accept(1);
  pump_->open();
  answer(PublishOutcome::kFailed);
  EXPECT_EQ(total().sent, 0);
  EXPECT_EQ(total().unsent, 2);
}

TEST_F(DeliveryTest, WithoutSubscriberRecordsStayUnsentAndThePumpRests) {
  accept(2);
  pump_->open();
  answer(PublishOutcome::kNoSubscriber, 0x10);
  EXPECT_EQ(total().unsent, 3);
  EXPECT_TRUE(pump_->resting());
  EXPECT_TRUE(publisher_.taken.empty());
  const SystemClock wall;
  const auto deadline = wall.monotonic() + std::chrono::seconds(20);
  while (publisher_.taken.empty() && wall.monotonic() < deadline) loop_->turn(Millis{100});
  EXPECT_EQ(publisher_.taken.size(), 3u) << "tried again after the rest";
}

TEST_F(DeliveryTest, ARefusedRecordGoesToQuarantineAndLetsTheOthersPass) {
  accept(2);
  pump_->open();
  const auto taken = std::exchange(publisher_.taken, {});
  pump_->on_published(taken[0].first, PublishOutcome::kAcknowledged, 0);
  pump_->on_published(taken[1].first, PublishOutcome::kRefused, 0x87);
  pump_->on_published(taken[2].first, PublishOutcome::kAcknowledged, 0);
  loop_->turn(Millis{0});
  EXPECT_EQ(total().quarantined, 1);
  EXPECT_EQ(total().sent, 2);
  EXPECT_EQ(quarantined_, std::vector<int>{0x87});
  EXPECT_TRUE(publisher_.taken.empty()) << "not tried again";
}

TEST_F(DeliveryTest, WhatWasInFlightComesAgainAfterALostConnection) {
  accept(2);
  pump_->open();
  const auto before = std::exchange(publisher_.taken, {});
  pump_->close();
  pump_->open();
  ASSERT_EQ(publisher_.taken.size(), before.size());
  EXPECT_EQ(publisher_.taken.front().first, before.front().first);
}

TEST_F(DeliveryTest, OnlineIsSaidAfterTheStateHasArrived) {
  StateBoard board(topics_, publisher_);
  board.set_info("{}");
  board.set_camera("cam", R"({"state":"online"})");
  bool ready = false;
  board.resend([&] { ready = true; });
  const auto word = [&] { return as_text(publisher_.taken.back().second.payload); };
  ASSERT_EQ(publisher_.taken.size(), 2u);
  for (const auto& [token, message] : std::exchange(publisher_.taken, {})) {
    EXPECT_NE(message.topic, topics_.availability());
    EXPECT_EQ(message.retain, Retain::kYes);
    board.on_published(token, PublishOutcome::kAcknowledged);
  }
  ASSERT_EQ(publisher_.taken.size(), 1u);
  EXPECT_EQ(publisher_.taken.back().second.topic, topics_.availability());
  EXPECT_EQ(word(), "online");
  EXPECT_FALSE(ready);
  board.on_published(std::exchange(publisher_.taken, {}).front().first, PublishOutcome::kAcknowledged);
  EXPECT_TRUE(ready);
  bool stopped = false;
  board.stopped([&] { stopped = true; });
  EXPECT_EQ(word(), "stopped");
  EXPECT_FALSE(stopped);
  board.on_published(publisher_.taken.back().first, PublishOutcome::kAcknowledged);
  EXPECT_TRUE(stopped);
}

TEST_F(DeliveryTest, UnchangedStateIsNotSentAgain) {
  StateBoard board(topics_, publisher_);
  board.resend([] {});
  publisher_.taken.clear();
  board.set_camera("cam", "{}");
  EXPECT_EQ(publisher_.taken.size(), 1u);
  board.set_camera("cam", "{}");
  EXPECT_EQ(publisher_.taken.size(), 1u);
}

}  // namespace
}  // namespace veilgate::uplink
