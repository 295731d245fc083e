// What the shipped mosquitto configuration refuses: clients without certificate, TLS 1.2, other people's topics.

#include <gtest/gtest.h>

#include "support/gateway_link.h"

namespace veilgate {
namespace {

class BrokerRules : public ::testing::Test {
 protected:
  struct Run {
    int code;
    std::string output;
  };
  /// A client tool with the certificate `name` (empty = none); `wait_s` bounds a subscriber.
  Run client(const std::string& tool, const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> all{tool,       "-V", "5",        "-q",       "1", "-h", "127.0.0.1", "-p",
                                 std::to_string(broker_.port()), "--cafile", pki_ / "ca.cert.pem"};
    if (!name.empty()) all.insert(all.end(), {"--cert", pki_ / (name + ".cert.pem"), "--key", pki_ / (name + ".key.pem")});
    all.insert(all.end(), more.begin(), more.end());
    std::ofstream(dir_ / "log", std::ios::trunc);
    test::ChildProcess child(all, dir_ / "log");
    const int code = child.wait();
    return {code, test::read_text(dir_ / "log")};
  }
  test::TestPki pki_{"gw-0001"};
  test::TestBroker broker_{pki_};
  test::TempDir dir_;
};

TEST_F(BrokerRules, AClientWithoutCertificateIsRefused) {
  EXPECT_NE(client("mosquitto_pub", "", {"-t", "x", "-m", "y"}).code, 0);
  EXPECT_NE(test::read_text(broker_.log_path()).find("did not return a certificate"), std::string::npos);
}

TEST_F(BrokerRules, ARevokedClientIsRefused) {
  EXPECT_NE(client("mosquitto_pub", "revoked-gateway", {"-t", "x", "-m", "y"}).code, 0);
}

TEST_F(BrokerRules, Tls12IsRefused) {
  const std::string connect = "openssl s_client -connect 127.0.0.1:" + std::to_string(broker_.port()) + " -CAfile '" +
                              (pki_ / "ca.cert.pem") + "' -cert '" + pki_.gateway() + "/uplink.cert.pem' -key '" +
                              pki_.gateway() + "/uplink.key.pem' -verify_return_error </dev/null >/dev/null 2>&1 ";
  EXPECT_EQ(std::system((connect + "-tls1_3").c_str()), 0);
  EXPECT_NE(std::system((connect + "-tls1_2").c_str()), 0);
}

TEST_F(BrokerRules, AGatewayWritesBelowItsOwnIdOnly) {
  const auto publish = [&](const std::string& name, const std::string& topic) {
    return client("mosquitto_pub", name, {"-d", "-i", "c", "-t", topic, "-m", "y"}).output;
  };
  const auto denied = [](const std::string& output) { return output.find("RC:135") != std::string::npos; };
  EXPECT_FALSE(denied(publish("gateway/uplink", "veilgate/v1/s/gw-0001/info")));
  EXPECT_TRUE(denied(publish("other-gateway", "veilgate/v1/s/gw-0001/info")));
  EXPECT_TRUE(denied(publish("gateway/uplink", "veilgate/v1/s/gw-0001/commands"))) << "nobody commands himself";
  EXPECT_TRUE(denied(publish("platform/verification-receiver", "veilgate/v1/s/gw-0001/commands")));
}

// mosquitto 2.0 lets anyone subscribe to anything and applies its rules when a message is delivered.
TEST_F(BrokerRules, TheVerificationSideGetsNothingOfSurveillanceAndTheOtherWayRound) {
  const auto subscriber = [&](const std::string& name, const std::string& log) {
    return test::ChildProcess({"stdbuf", "-oL", "mosquitto_sub", "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p",
                               std::to_string(broker_.port()), "--cafile", pki_ / "ca.cert.pem", "--cert",
                               pki_ / (name + ".cert.pem"), "--key", pki_ / (name + ".key.pem"), "-v", "-d", "-t", "#"},
                              dir_ / log);
  };
  const auto heard = [&](const char* log, const char* text) {
    return test::read_text(dir_ / log).find(text) != std::string::npos;
  };
  auto verification = subscriber("platform/verification-receiver", "verification");
  auto surveillance = subscriber("platform/receiver", "surveillance");
  ASSERT_TRUE(test::eventually([&] { return heard("verification", "SUBACK") && heard("surveillance", "SUBACK"); }));
  for (const char* topic : {"surveillance/cam/events", "keys/surveillance/face", "cameras/cam/status",
                            "verification/door/results", "keys/verification/face", "availability"})
    EXPECT_EQ(client("mosquitto_pub", "gateway/uplink",
                     {"-i", "gw-0001", "-t", std::string("veilgate/v1/s/gw-0001/") + topic, "-m", "secret"}).code, 0);
  // Messages of one publisher come in order: once the last is here, the others are here or never.
  ASSERT_TRUE(test::eventually([&] {
    return heard("verification", "gw-0001/availability secret") && heard("surveillance", "gw-0001/availability secret");
  }));
  EXPECT_TRUE(heard("verification", "gw-0001/verification/door/results secret"));
  EXPECT_TRUE(heard("verification", "gw-0001/keys/verification/face secret"));
  EXPECT_FALSE(heard("verification", "gw-0001/surveillance/"));
  EXPECT_FALSE(heard("verification", "gw-0001/keys/surveillance/"));
  EXPECT_FALSE(heard("verification", "gw-0001/cameras/"));
  EXPECT_TRUE(heard("surveillance", "gw-0001/surveillance/cam/events secret"));
  EXPECT_FALSE(heard("surveillance", "gw-0001/verification/"));
  EXPECT_FALSE(heard("surveillance", "gw-0001/keys/verification/"));
}

}  // namespace
}  // namespace veilgate
