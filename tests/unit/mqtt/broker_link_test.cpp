#include "mqtt/broker_link.h"

#include <gtest/gtest.h>

#include <deque>

namespace veilgate::uplink {
namespace {

/// What one attempt did, shared between the test and the link's client.
struct Attempt {
  ConnectSettings settings;
  MqttEventSink sink;
  std::vector<std::uint64_t> published;
  std::vector<std::string> subscribed;
  bool said_goodbye = false;
};

class FakeMqttClient final : public MqttClient {
 public:
  explicit FakeMqttClient(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}
  Result<void> connect() override { return {}; }
  Result<void> publish(std::uint64_t token, const OutgoingMessage&) override {
    attempt_->published.push_back(token);
    return {};
  }
  Result<void> subscribe(const std::vector<std::string>& filters) override {
    attempt_->subscribed = filters;
    return {};
  }
  void disconnect() override { attempt_->said_goodbye = true; }

 private:
  std::shared_ptr<Attempt> attempt_;
};

class BrokerLinkTest : public ::testing::Test {
 protected:
  BrokerLinkTest() {
    settings_.brokers = {{"one.example", 1}, {"two.example", 2}};
    settings_.subscriptions = {"commands"};
    settings_.first_wait = Millis{2};
    settings_.longest_wait = Millis{4};
  }
  void start() {
    auto factory = [this](const ConnectSettings& settings, ipc::EventLoop&, MqttEventSink sink) {
      attempts_.push_back(std::make_shared<Attempt>(Attempt{settings, std::move(sink), {}, {}, false}));
      return std::make_unique<FakeMqttClient>(attempts_.back());
    };
    BrokerLink::Callbacks callbacks;
    callbacks.on_online = [this] { ++onlines_; };
    callbacks.on_offline = [this](const LinkProblem& problem) { offline_.push_back(problem.fault); };
    callbacks.on_published = [this](std::uint64_t token, PublishOutcome outcome, int) {
      outcomes_.emplace_back(token, outcome);
    };
    link_ = std::make_unique<BrokerLink>(*loop_, clock_, factory, settings_, callbacks);
    link_->start();
  }
  Attempt& attempt() { return *attempts_.back(); }
  void tell(MqttEvent event) { attempt().sink(std::move(event)); }
  void accept() { tell(Connected{65535, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519", "ecdsa"}); }
  void until_attempts(std::size_t count) {
    const SystemClock wall;
    const auto deadline = wall.monotonic() + std::chrono::seconds(20);
    while (attempts_.size() < count && wall.monotonic() < deadline) loop_->turn(Millis{50});
    ASSERT_EQ(attempts_.size(), count);
  }

  std::unique_ptr<ipc::EventLoop> loop_ = std::move(ipc::EventLoop::create()).value();
  FakeClock clock_;
  LinkSettings settings_;
  std::deque<std::shared_ptr<Attempt>> attempts_;
  std::unique_ptr<BrokerLink> link_;
  int onlines_ = 0;
  std::vector<LinkFault> offline_;
  std::vector<std::pair<std::uint64_t, PublishOutcome>> outcomes_;
};

TEST_F(BrokerLinkTest, IsOnlineOnlyAfterAnAcceptedConnack) {
  start();
  EXPECT_FALSE(link_->online());
  EXPECT_EQ(link_->free_window(), 0);
  accept();
  EXPECT_TRUE(link_->online());
  EXPECT_EQ(onlines_, 1);
  EXPECT_EQ(attempt().subscribed, std::vector<std::string>{"commands"});
}

TEST_F(BrokerLinkTest, TriesTheNextBrokerWithAFreshClient) {
  start();
  EXPECT_EQ(attempt().settings.broker.host, "one.example");
  tell(ConnectFailed{{LinkFault::kUnreachable, 0, ""}});
  until_attempts(2);
  EXPECT_EQ(attempt().settings.broker.host, "two.example");
  tell(ConnectFailed{{LinkFault::kServerName, 0, ""}});
  until_attempts(3);
  EXPECT_EQ(attempt().settings.broker.host, "one.example");
  EXPECT_EQ(link_->status().faults.at("unreachable"), 1u);
  EXPECT_EQ(link_->status().faults.at("server_name"), 1u);
  EXPECT_EQ(link_->status().problem.fault, LinkFault::kServerName);
}

TEST_F(BrokerLinkTest, RefusesASuiteOutsideTheProfile) {
  start();
  tell(Connected{65535, "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", "X25519", "ecdsa"});
  EXPECT_FALSE(link_->online());
  EXPECT_EQ(onlines_, 0);
  EXPECT_EQ(link_->status().problem.fault, LinkFault::kProfile);
}

TEST_F(BrokerLinkTest, NeverExceedsTheBrokersReceiveMaximum) {
  start();
  tell(Connected{3, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519", "ecdsa"});
  for (std::uint64_t token = 1; token <= 3; ++token) EXPECT_TRUE(link_->publish(token, {}));
  EXPECT_FALSE(link_->publish(4, {}));
  tell(PublishDone{attempt().published.front(), true, 0});
  EXPECT_TRUE(link_->publish(4, {}));
}

TEST_F(BrokerLinkTest, SortsAcknowledgements) {
  start();
  accept();
  for (std::uint64_t token = 10; token < 15; ++token) ASSERT_TRUE(link_->publish(token, {}));
  const auto numbers = attempt().published;
  tell(PublishDone{numbers[0], true, 0});
  tell(PublishDone{numbers[1], true, 0x10});
  tell(PublishDone{numbers[2], true, 0x87});
  tell(PublishDone{numbers[3], false, 0});  // on_failure with code 0: nothing was acknowledged
  ASSERT_EQ(outcomes_.size(), 4u);
  EXPECT_EQ(outcomes_[0], std::make_pair(std::uint64_t{10}, PublishOutcome::kAcknowledged));
  EXPECT_EQ(outcomes_[1], std::make_pair(std::uint64_t{11}, PublishOutcome::kNoSubscriber));
  EXPECT_EQ(outcomes_[2], std::make_pair(std::uint64_t{12}, PublishOutcome::kRefused));
  EXPECT_EQ(outcomes_[3], std::make_pair(std::uint64_t{13}, PublishOutcome::kFailed));
}

TEST_F(BrokerLinkTest, RetainedStateNeedsNoSubscriber) {
  EXPECT_EQ(outcome_of({1, true, 0x10}, Retain::kYes), PublishOutcome::kAcknowledged);
}

TEST_F(BrokerLinkTest, FailsWhatWasInFlightWhenTheConnectionBreaks) {
  start();
  accept();
  ASSERT_TRUE(link_->publish(5, {}));
  const auto late = attempt();
  tell(Disconnected{{LinkFault::kLost, 0, ""}});
  ASSERT_EQ(outcomes_.size(), 1u);
  EXPECT_EQ(outcomes_[0].second, PublishOutcome::kFailed);
  EXPECT_EQ(offline_, std::vector<LinkFault>{LinkFault::kLost});
  late.sink(PublishDone{late.published.front(), true, 0});  // the old client's event comes too late
  EXPECT_EQ(outcomes_.size(), 1u);
}

TEST_F(BrokerLinkTest, LeavesABrokerThatNeverAcknowledges) {
  start();
  accept();
  ASSERT_TRUE(link_->publish(5, {}));
  clock_.advance(std::chrono::seconds(21));
  until_attempts(2);
  EXPECT_EQ(offline_, std::vector<LinkFault>{LinkFault::kNoAcknowledgement});
  EXPECT_EQ(attempt().settings.broker.host, "two.example");
}

TEST_F(BrokerLinkTest, SaysGoodbyeBeforeItStops) {
  start();
  accept();
  bool stopped = false;
  link_->stop([&] { stopped = true; });
  EXPECT_TRUE(attempt().said_goodbye);
  EXPECT_FALSE(stopped);
  tell(Disconnected{});
  EXPECT_TRUE(stopped);
  EXPECT_EQ(attempts_.size(), 1u);
}

}  // namespace
}  // namespace veilgate::uplink
