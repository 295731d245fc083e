// Delivery from an accepted record to a receipt, through real processes: veilgate-uplink, mosquitto, veilgate-receive.

#include <gtest/gtest.h>

#include <set>

#include "core/bytes.h"
#include "support/gateway_link.h"

namespace veilgate {
namespace {

using test::eventually;

std::vector<std::string> numbered(int first, int count) {
  std::vector<std::string> ids;
  for (int i = first; i < first + count; ++i) ids.push_back("r-" + std::to_string(i));
  return ids;
}

class Delivery : public ::testing::Test {
 protected:
  test::TestPki pki_{"gw-demo"};
  test::TestBroker broker_{pki_};
  test::Uplink uplink_{pki_, {broker_.url()}};
  test::PlatformReceiver receiver_{pki_, {broker_.url()}};

  std::string all_logs() const { return uplink_.log() + receiver_.out() + test::read_text(broker_.log_path()); }
  /// Publishes bytes as the gateway itself would, past its uplink: what a broker or somebody with its key could do.
  void inject(const std::string& topic, const Bytes& wire) {
    std::ofstream(uplink_ / "injected", std::ios::binary).write(reinterpret_cast<const char*>(wire.data()),
                                                              static_cast<std::streamsize>(wire.size()));
    test::ChildProcess publisher({"mosquitto_pub", "-V", "5", "-q", "1", "-i", "intruder", "-h", "127.0.0.1", "-p",
                                  std::to_string(broker_.port()), "--cafile", pki_.gateway() + "/uplink.ca.pem", "--cert",
                                  pki_.gateway() + "/uplink.cert.pem", "--key", pki_.gateway() + "/uplink.key.pem", "-t",
                                  topic, "-f", uplink_ / "injected"},
                                 uplink_ / "publisher.log");
    ASSERT_EQ(publisher.wait(), 0);
  }
  /// Topic and bytes of the records that a lane saved: session first.
  std::vector<std::pair<std::string, Bytes>> saved() const {
    std::vector<std::pair<std::string, Bytes>> records;
    std::ifstream in(uplink_ / "saved");
    for (std::string topic, hex; std::getline(in, topic) && std::getline(in, hex);)
      records.emplace_back(topic, from_hex(hex).value());
    return records;
  }
};

TEST_F(Delivery, EverythingAcceptedIsVerifiedInOrderAndReceipted) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "100", "--finish"})) << all_logs();
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 100; })) << all_logs();
  EXPECT_EQ(receiver_.ids(), numbered(0, 100));
  EXPECT_EQ(uplink_.outbox("unsent"), 0);
  EXPECT_LE(uplink_.outbox("sent"), 3) << "newest session records only";
  EXPECT_EQ(uplink_.stop(), 0);
  EXPECT_TRUE(eventually([&] { return receiver_.noticed("gw-demo is stopped"); })) << all_logs();
  EXPECT_EQ(receiver_.stop(), 0) << all_logs();
  EXPECT_TRUE(receiver_.noticed("received 100 sealed results: 100 verified, 0 rejected")) << receiver_.out();
}

TEST_F(Delivery, WaitsForABrokerThatComesLater) {
  broker_.stop();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "20", "--finish"}));
  EXPECT_FALSE(uplink_.online());
  EXPECT_TRUE(eventually([&] { return uplink_.status()["link"]["problem"]["cause"] == "unreachable"; })) << all_logs();
  broker_.start();
  receiver_.start();
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 20; }, 60)) << all_logs();
  EXPECT_EQ(receiver_.ids(), numbered(0, 20));
}

TEST_F(Delivery, WithoutAReceiverNothingCountsAsSent) {
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "5", "--finish"}));
  ASSERT_TRUE(eventually([&] { return uplink_.status()["publishes"]["no_subscriber"].get<int>() > 0; })) << all_logs();
  EXPECT_GE(uplink_.outbox("unsent"), 5);
  receiver_.start();
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 5; }, 60)) << all_logs();
  EXPECT_EQ(receiver_.ids(), numbered(0, 5));
}

TEST_F(Delivery, SurvivesTheBrokersDeathWithoutLossOrRepeat) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(eventually([&] { return uplink_.online(); })) << all_logs();
  auto lane = uplink_.lane({"--count", "3000", "--finish"});
  ASSERT_TRUE(eventually([&] { return receiver_.ids().size() > 200; })) << all_logs();
  broker_.kill();  // with what it has acknowledged and not written
  broker_.start();
  ASSERT_EQ(lane.wait(), 0) << uplink_.log();
  ASSERT_TRUE(eventually([&] { return receiver_.ids().size() >= 3000 && uplink_.outbox("delivered") >= 3000; }, 90))
      << receiver_.ids().size() << uplink_.status().dump() << uplink_.log();
  const auto ids = receiver_.ids();
  EXPECT_EQ(ids.size(), 3000u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 3000u);
}

TEST_F(Delivery, SurvivesItsOwnDeathAndTheWillSaysOffline) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(eventually([&] { return receiver_.noticed("gw-demo is online"); })) << all_logs();
  broker_.freeze();  // accepted, but not delivered
  ASSERT_TRUE(uplink_.submit({"--count", "50", "--finish"}));
  uplink_.kill();
  broker_.thaw();
  EXPECT_TRUE(eventually([&] { return receiver_.noticed("gw-demo is offline"); })) << all_logs();
  uplink_.start();
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("unsent") == 0 && receiver_.ids().size() >= 50; })) << all_logs();
  EXPECT_EQ(receiver_.ids(), numbered(0, 50));
}

TEST_F(Delivery, AReceiverThatDiesGoesOnWhereItWas) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "30", "--finish"}));
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 30; })) << all_logs();
  receiver_.kill();
  ASSERT_TRUE(uplink_.submit({"--count", "30", "--first", "30", "--finish"}));
  receiver_.start();
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 60; })) << all_logs();
  const auto ids = receiver_.ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 60u);
  EXPECT_EQ(receiver_.answers("unknown_session"), 0);
}

TEST_F(Delivery, ADeniedTopicGoesToQuarantineAndIsAnAlarm) {
  test::run_or_throw("sed -i '/pattern write .*surveillance/d' '" + broker_.acl_path() + "'");
  broker_.stop();
  broker_.start();
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "2"}));
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("quarantined") >= 2; })) << all_logs();
  const auto status = uplink_.status();
  EXPECT_FALSE(status["ok"].get<bool>());
  EXPECT_NE(status["problems"].dump().find("records_quarantined"), std::string::npos) << status["problems"];
  EXPECT_EQ(uplink_.outbox("delivered"), 0);
}

TEST_F(Delivery, ATamperedRecordIsRejectedWithItsOwnAnswer) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "1", "--finish", "--save", uplink_ / "saved"}));
  ASSERT_TRUE(eventually([&] { return receiver_.ids().size() == 1; })) << all_logs();
  const auto records = saved();
  ASSERT_GE(records.size(), 2u);
  auto [topic, wire] = records[1];
  wire[wire.size() - 10] ^= 1;  // inside ciphertext and tag
  inject(topic, wire);
  ASSERT_TRUE(eventually([&] { return receiver_.answers("tampered") == 1; })) << all_logs();
  inject(topic, {1, 2, 3});
  ASSERT_TRUE(eventually([&] { return receiver_.answers("malformed") == 1; })) << all_logs();
  uplink_.stop();
  EXPECT_EQ(receiver_.stop(), 1);
  EXPECT_TRUE(receiver_.noticed("received 3 sealed results: 1 verified, 2 rejected")) << receiver_.out();
}

TEST_F(Delivery, AReplayIsRejectedAlsoAfterTheReceiverRestarted) {
  receiver_.start();
  uplink_.start();
  ASSERT_TRUE(uplink_.submit({"--count", "3", "--finish", "--save", uplink_ / "saved"}));
  ASSERT_TRUE(eventually([&] { return receiver_.ids().size() == 3; })) << all_logs();
  const auto records = saved();
  inject(records[2].first, records[2].second);
  ASSERT_TRUE(eventually([&] { return receiver_.answers("replay") == 1; })) << all_logs();
  receiver_.kill();
  receiver_.start();
  inject(records[1].first, records[1].second);
  ASSERT_TRUE(eventually([&] { return receiver_.answers("replay") == 2; })) << all_logs();
  EXPECT_EQ(receiver_.ids().size(), 3u);
}

TEST_F(Delivery, WithTwoBrokersTheDeathOfEitherLosesNothing) {
  test::TestBroker second(pki_);
  test::Uplink uplink(pki_, {broker_.url(), second.url()});
  test::PlatformReceiver receiver(pki_, {broker_.url(), second.url()});
  receiver.start();
  uplink.start();
  const auto arrived = [&] {
    const auto ids = receiver.ids();
    return std::set<std::string>(ids.begin(), ids.end()).size();
  };
  auto lane = uplink.lane({"--count", "1500", "--finish"});
  ASSERT_TRUE(eventually([&] { return arrived() > 100; })) << uplink.log() << receiver.out();
  broker_.kill();
  ASSERT_EQ(lane.wait(), 0);
  ASSERT_TRUE(eventually([&] { return uplink.outbox("delivered") >= 1500; }, 60)) << uplink.status().dump() << uplink.log();
  broker_.start();
  second.kill();
  ASSERT_TRUE(uplink.submit({"--count", "500", "--first", "1500", "--finish"}));
  ASSERT_TRUE(eventually([&] { return uplink.outbox("delivered") >= 2000; }, 60)) << uplink.status().dump() << uplink.log();
  EXPECT_EQ(arrived(), 2000u);
}

TEST_F(Delivery, FindsThePlatformAtTheOtherBroker) {
  test::TestBroker second(pki_);
  test::Uplink uplink(pki_, {broker_.url(), second.url()});
  test::PlatformReceiver receiver(pki_, {second.url()});
  receiver.start();
  uplink.start();
  ASSERT_TRUE(uplink.submit({"--count", "5", "--finish"}));
  ASSERT_TRUE(eventually([&] { return uplink.outbox("delivered") >= 5; }, 60)) << uplink.status().dump() << uplink.log();
  EXPECT_EQ(uplink.status()["link"]["faults"]["nobody_listens"], 1);
}

TEST_F(Delivery, AskedForAgainWhatTheBrokerLost) {
  // Somebody subscribes, so that the broker acknowledges; but the platform gets nothing of the first records.
  uplink_.start();
  {
    test::ChildProcess other({"mosquitto_sub", "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p",
                              std::to_string(broker_.port()), "--cafile", pki_.platform() + "/receiver.ca.pem", "--cert",
                              pki_.platform() + "/receiver.cert.pem", "--key", pki_.platform() + "/receiver.key.pem", "-t",
                              "veilgate/v1/+/+/surveillance/#", "-i", "somebody"},
                             uplink_ / "other.log");
    ASSERT_TRUE(eventually([&] {
      return test::read_text(broker_.log_path()).find("as somebody") != std::string::npos;
    }));
    ASSERT_TRUE(uplink_.submit({"--count", "10", "--finish"}));
    ASSERT_TRUE(eventually([&] { return uplink_.outbox("unsent") == 0; })) << all_logs();
  }
  receiver_.start();
  ASSERT_TRUE(eventually([&] { return receiver_.noticed("gw-demo is online"); })) << all_logs();
  ASSERT_TRUE(uplink_.submit({"--count", "10", "--first", "10", "--finish"}));
  ASSERT_TRUE(eventually([&] { return uplink_.outbox("delivered") >= 20; }, 60)) << uplink_.status().dump() << all_logs();
  const auto ids = receiver_.ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 20u);
}

}  // namespace
}  // namespace veilgate
