// The link against a real mosquitto: whom it refuses, how it tells the causes apart, how it comes back.

#include "mqtt/broker_link.h"

#include <gtest/gtest.h>

#include <deque>

#include "mqtt/tls_guard.h"
#include "mqtt/tls_profile.h"
#include "support/broker.h"

namespace veilgate::uplink {
namespace {

class BrokerLinkSystem : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { TlsGuard::instance().install(); }

  LinkSettings settings(const std::string& url) {
    LinkSettings settings;
    settings.brokers = {parse_broker_url(url).value()};
    settings.connect.client_id = "gw-0001";
    settings.connect.tls = {pki_.gateway() + "/uplink.ca.pem", pki_.gateway() + "/uplink.cert.pem",
                            pki_.gateway() + "/uplink.key.pem", pki_.gateway() + "/uplink.crl.pem"};
    settings.connect.trust_file = dir_ / "trust.pem";
    settings.connect.will = OutgoingMessage{kRoot + "availability", {'o', 'f', 'f'}, Retain::kYes, "", {}, {}};
    settings.first_wait = Millis{50};
    settings.longest_wait = Millis{200};
    return settings;
  }
  void start(const LinkSettings& settings) {
    BrokerLink::Callbacks callbacks;
    callbacks.on_published = [this](std::uint64_t, PublishOutcome outcome, int reason) {
      outcomes_.push_back(outcome);
      reasons_.push_back(reason);
    };
    callbacks.on_message = [this](IncomingMessage message) { messages_.push_back(std::move(message)); };
    link_ = std::make_unique<BrokerLink>(*loop_, clock_, paho_client_factory(), settings, callbacks);
    link_->start();
  }
  template <typename Condition>
  bool until(Condition condition, std::chrono::seconds limit = std::chrono::seconds(20)) {
    const auto deadline = clock_.monotonic() + limit;
    while (!condition() && clock_.monotonic() < deadline) loop_->turn(Millis{50});
    return condition();
  }
  bool until_fault(LinkFault fault) {
    return until([&] { return link_->status().problem.fault == fault; });
  }
  std::string say() const {
    const auto status = link_->status();
    return std::string(to_string(status.problem.fault)) + ": " + status.problem.detail;
  }
  void expect_refused(const std::string& certificate, LinkFault fault) {
    test::TestBroker broker(pki_, certificate);
    start(settings(broker.url()));
    ASSERT_TRUE(until([&] { return link_->status().failures > 0; }));
    EXPECT_EQ(link_->status().problem.fault, fault) << say();
    EXPECT_EQ(link_->status().connects, 0u);
    // Refused before MQTT: the broker has not seen a client id.
    EXPECT_EQ(test::read_text(broker.log_path()).find("New client connected"), std::string::npos);
  }

  inline static const std::string kRoot = "veilgate/v1/site/gw-0001/";
  test::TestPki pki_;
  test::TempDir dir_;
  SystemClock clock_;
  std::unique_ptr<ipc::EventLoop> loop_ = std::move(ipc::EventLoop::create()).value();
  std::unique_ptr<BrokerLink> link_;
  std::vector<PublishOutcome> outcomes_;
  std::vector<int> reasons_;
  std::vector<IncomingMessage> messages_;
};

TEST_F(BrokerLinkSystem, ConnectsWithTls13AndSaysWhatWasNegotiated) {
  test::TestBroker broker(pki_);
  start(settings(broker.url()));
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  const auto status = link_->status();
  EXPECT_EQ(status.tls_version, "TLSv1.3");
  EXPECT_TRUE(check_negotiated(TlsProfile::kIntl, status.tls_version, status.tls_suite)) << status.tls_suite;
  EXPECT_FALSE(status.tls_group.empty());
  EXPECT_FALSE(status.tls_signature.empty());
}

TEST_F(BrokerLinkSystem, RefusesACertificateForAnotherName) { expect_refused("wrong-name", LinkFault::kServerName); }
TEST_F(BrokerLinkSystem, RefusesAnExpiredCertificate) { expect_refused("expired", LinkFault::kServerExpired); }
TEST_F(BrokerLinkSystem, RefusesASelfSignedCertificate) {
  expect_refused("self-signed", LinkFault::kServerSelfSigned);
}
TEST_F(BrokerLinkSystem, RefusesARevokedCertificate) { expect_refused("revoked", LinkFault::kServerRevoked); }

TEST_F(BrokerLinkSystem, RefusesAnAuthorityThatIsNotOurs) {
  const test::TestPki other;
  test::TestBroker broker(other);
  start(settings(broker.url()));
  ASSERT_TRUE(until([&] { return link_->status().failures > 0; }));
  EXPECT_EQ(link_->status().problem.fault, LinkFault::kServerUntrusted) << say();
}

TEST_F(BrokerLinkSystem, ChecksTheNameAndNotOnlyTheAddress) {
  test::TestBroker broker(pki_);
  start(settings("mqtts://127.0.0.2:" + std::to_string(broker.port())));  // loopback, but nobody vouches for it
  ASSERT_TRUE(until([&] { return link_->status().failures > 0; }));
  EXPECT_NE(link_->status().problem.fault, LinkFault::kNone);
  EXPECT_EQ(link_->status().connects, 0u);
}

TEST_F(BrokerLinkSystem, SaysThatTheBrokerRefusesOurCertificate) {
  test::TestBroker broker(pki_);
  auto wanted = settings(broker.url());
  wanted.connect.tls.certificate = pki_ / "revoked-gateway.cert.pem";
  wanted.connect.tls.key = pki_ / "revoked-gateway.key.pem";
  start(wanted);
  ASSERT_TRUE(until_fault(LinkFault::kClientRefused)) << say() << test::read_text(broker.log_path());
  EXPECT_EQ(link_->status().connects, 0u);
}

TEST_F(BrokerLinkSystem, SaysThatNobodyListens) {
  start(settings("mqtts://127.0.0.1:" + std::to_string(test::free_port())));
  ASSERT_TRUE(until([&] { return link_->status().failures > 1; }));
  EXPECT_EQ(link_->status().problem.fault, LinkFault::kUnreachable) << say();
}

TEST_F(BrokerLinkSystem, SaysThatOurOwnKeyIsUnreadable) {
  test::TestBroker broker(pki_);
  auto wanted = settings(broker.url());
  wanted.connect.tls.authority = dir_ / "absent.pem";
  start(wanted);
  ASSERT_TRUE(until_fault(LinkFault::kLocal)) << say();
}

TEST_F(BrokerLinkSystem, ConnectsOnceTheBrokerIsThereAndAgainAfterItsDeath) {
  test::TestBroker broker(pki_);
  broker.stop();
  start(settings(broker.url()));
  ASSERT_TRUE(until_fault(LinkFault::kUnreachable)) << say();
  broker.start();
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  broker.kill();
  ASSERT_TRUE(until([&] { return !link_->online(); }));
  broker.start();
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  EXPECT_EQ(link_->status().connects, 2u);
}

TEST_F(BrokerLinkSystem, FailsOverToTheNextBrokerOfTheList) {
  test::TestBroker first(pki_), second(pki_);
  auto wanted = settings(first.url());
  wanted.brokers.push_back(parse_broker_url(second.url()).value());
  start(wanted);
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  EXPECT_EQ(link_->status().broker.port, first.port());
  first.kill();
  ASSERT_TRUE(until([&] { return link_->online() && link_->status().broker.port == second.port(); })) << say();
  first.start();
  second.kill();
  ASSERT_TRUE(until([&] { return link_->online() && link_->status().broker.port == first.port(); })) << say();
}

TEST_F(BrokerLinkSystem, TellsAGoodADeniedAndAnUnheardPublishApart) {
  test::TestBroker broker(pki_);
  auto wanted = settings(broker.url());
  wanted.subscriptions = {kRoot + "commands"};
  start(wanted);
  // mosquitto 2.0.11 with max_queued_messages 0 ends the connection after a denied publish: the link comes back.
  const auto publish = [&](const std::string& topic, Retain retain) {
    const auto before = outcomes_.size();
    ASSERT_TRUE(until([&] { return link_->online(); })) << say();
    ASSERT_TRUE(link_->publish(before, {topic, {'x'}, retain, "application/json", {{"schema", "info/1.0"}}, {}}));
    ASSERT_TRUE(until([&] { return outcomes_.size() > before; })) << test::read_text(broker.log_path());
  };
  publish(kRoot + "info", Retain::kYes);
  publish("veilgate/v1/site/gw-0002/info", Retain::kNo);
  ASSERT_TRUE(until([&] { return !link_->online(); }, std::chrono::seconds(1)) || link_->online());
  publish(kRoot + "surveillance/c/events", Retain::kNo);
  EXPECT_EQ(outcomes_[0], PublishOutcome::kAcknowledged);
  EXPECT_EQ(outcomes_[1], PublishOutcome::kRefused);
  EXPECT_EQ(reasons_[1], 0x87);
  EXPECT_EQ(outcomes_[2], PublishOutcome::kNoSubscriber);
  EXPECT_EQ(reasons_[2], 0x10);
}

TEST_F(BrokerLinkSystem, ReportsEveryPublishWhenTheBrokerDies) {
  test::TestBroker broker(pki_);
  start(settings(broker.url()));
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  broker.freeze();
  for (std::uint64_t token = 1; token <= 20; ++token)
    ASSERT_TRUE(link_->publish(token, {kRoot + "info", Bytes(1000), Retain::kYes, "", {}, {}}));
  EXPECT_EQ(link_->free_window(), 0);
  broker.kill();
  ASSERT_TRUE(until([&] { return outcomes_.size() == 20; }));
  EXPECT_EQ(std::count(outcomes_.begin(), outcomes_.end(), PublishOutcome::kFailed), 20);
}

TEST_F(BrokerLinkSystem, LeavesAFrozenBroker) {
  test::TestBroker frozen(pki_), living(pki_);
  auto wanted = settings(frozen.url());
  wanted.brokers.push_back(parse_broker_url(living.url()).value());
  wanted.acknowledge_within = Millis{700};
  wanted.connect.timeout = std::chrono::seconds(2);
  start(wanted);
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  frozen.freeze();
  ASSERT_TRUE(link_->publish(1, {kRoot + "info", {'x'}, Retain::kYes, "", {}, {}}));
  EXPECT_TRUE(until([&] { return link_->online() && link_->status().broker.port == living.port(); })) << say();
  EXPECT_EQ(link_->status().faults.count("no_acknowledgement"), 1u);
}

TEST_F(BrokerLinkSystem, LeavesNoWillAfterAGoodbye) {
  test::TestBroker broker(pki_);
  test::ChildProcess listener({"stdbuf", "-oL", "mosquitto_sub", "-V", "5", "-h", "127.0.0.1", "-p", std::to_string(broker.port()),
                               "--cafile", pki_.platform() + "/receiver.ca.pem", "--cert",
                               pki_.platform() + "/receiver.cert.pem", "--key", pki_.platform() + "/receiver.key.pem",
                               "-t", kRoot + "availability", "-v"},
                              dir_ / "heard");
  const auto heard = [&] { return test::read_text(dir_ / "heard"); };
  ASSERT_TRUE(until([&] { return test::read_text(broker.log_path()).find("u'receiver'") != std::string::npos; }));
  start(settings(broker.url()));
  ASSERT_TRUE(until([&] { return link_->online(); })) << say();
  // The listener hears what is said there, so that its silence below means something.
  ASSERT_TRUE(link_->publish(1, {kRoot + "availability", {'o', 'n'}, Retain::kYes, "", {}, {}}));
  ASSERT_TRUE(until([&] { return heard().find("availability on") != std::string::npos; })) << heard();
  bool stopped = false;
  link_->stop([&] { stopped = true; });
  ASSERT_TRUE(until([&] { return stopped; }));
  ASSERT_TRUE(until([&] {
    return test::read_text(broker.log_path()).find("Client gw-0001 disconnected.") != std::string::npos;
  })) << test::read_text(broker.log_path());
  EXPECT_EQ(heard().find("availability off"), std::string::npos) << heard();
}

}  // namespace
}  // namespace veilgate::uplink
