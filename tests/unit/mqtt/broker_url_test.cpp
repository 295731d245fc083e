#include "mqtt/broker_url.h"

#include <gtest/gtest.h>

namespace veilgate::uplink {
namespace {

TEST(BrokerUrl, TakesNamesAndAddresses) {
  EXPECT_EQ(parse_broker_url("mqtts://broker.example:8884").value(), (BrokerUrl{"broker.example", 8884}));
  EXPECT_EQ(parse_broker_url("mqtts://127.0.0.1").value(), (BrokerUrl{"127.0.0.1", 8883}));
  EXPECT_EQ(parse_broker_url("mqtts://[::1]:1").value(), (BrokerUrl{"::1", 1}));
}

TEST(BrokerUrl, WritesBackWhatItRead) {
  for (const char* text : {"mqtts://broker.example:8884", "mqtts://[fe80::1]:8883"})
    EXPECT_EQ(to_string(parse_broker_url(text).value()), text);
}

TEST(BrokerUrl, RefusesEverythingElse) {
  for (const char* text : {"", "mqtt://broker:1883", "tcp://b:1", "mqtts://", "mqtts://:8883", "mqtts://a:0",
                           "mqtts://a:65536", "mqtts://a:", "mqtts://a:1/x", "mqtts://a/x", "mqtts://a b",
                           "mqtts://user:secret@a:1", "mqtts://[::1", "mqtts://[]:1", "mqtts://[::1]x", "MQTTS://a"})
    EXPECT_FALSE(parse_broker_url(text)) << text;
}

TEST(BrokerUrl, NeverRepeatsAPassword) {
  const auto refused = parse_broker_url("mqtts://user:secret@broker:8883");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace veilgate::uplink
