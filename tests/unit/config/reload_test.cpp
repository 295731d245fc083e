#include "config/reload.h"

#include <gtest/gtest.h>

#include "config_text.h"

namespace veilgate {
namespace {

Config good(const std::string& text) {
  auto loaded = parse_config(text, "t");
  EXPECT_TRUE(loaded.config) << listed(loaded);
  return loaded.config ? *loaded.config : Config{};
}

std::vector<Change> change(const std::string& from, const std::string& to) {
  return compare(good(sample()), good(with(sample(), from, to)));
}

TEST(Reload, TheSameFileChangesNothing) { EXPECT_TRUE(compare(good(sample()), good(sample())).empty()); }

TEST(Reload, OrderAndCommentsChangeNothing) {
  std::string text = sample();
  const std::string stay = "        - { id: stay, type: stay";
  const auto at = text.find(stay);
  const std::string line = text.substr(at, text.find('\n', at) + 1 - at);
  text.erase(at, line.size());
  text.insert(text.find("        - { id: no-entry"), line);
  EXPECT_TRUE(compare(good(sample()), good("# new\n" + text)).empty());
}

TEST(Reload, AThresholdRestartsOnlyItsCamera) {
  const auto changes = change("threshold: 15s", "threshold: 20s");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].path, "surveillance.cameras[gate-east].rules[stay].threshold");
  EXPECT_EQ(changes[0].camera, "gate-east");
  EXPECT_EQ(changes[0].before, "15s");
  EXPECT_EQ(changes[0].after, "20s");
  EXPECT_EQ(changes[0].reload, Reload::kCamera);
}

TEST(Reload, ADefaultShowsInTheCamerasThatTakeItOver) {
  const auto changes = change("window: 60s", "window: 90s");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].path, "surveillance.cameras[gate-east].dedup.interrupted.window");
  EXPECT_EQ(changes[0].camera, "gate-east");
}

TEST(Reload, ACameraComesAndGoes) {
  const auto changes = change("- id: gate-east", "- id: gate-west");
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].path, "surveillance.cameras[gate-east]");
  EXPECT_EQ(changes[0].after, "");
  EXPECT_EQ(changes[1].path, "surveillance.cameras[gate-west]");
  EXPECT_EQ(changes[1].before, "");
  EXPECT_EQ(changes[1].camera, "gate-west");
  EXPECT_EQ(changes[1].reload, Reload::kCamera);
}

TEST(Reload, BrokersNeedARestartAndRetentionDoesNot) {
  auto changes = change("127.0.0.1:8883", "127.0.0.1:8884");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].path, "uplink.brokers");
  EXPECT_EQ(changes[0].reload, Reload::kRestart);
  changes = change("max: 180d", "max: 90d");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].path, "retention.results.max");
  EXPECT_EQ(changes[0].reload, Reload::kLive);
}

TEST(Reload, AnExemptionReplacedByAConsentIsTwoChanges) {
  const auto changes =
      change("{ exemption: { law: 个保法, article: 第二十六条, reason: 公共安全 } }", "{ ref: consent-7 }");
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].path, "surveillance.cameras[gate-east].consent.ref");
  EXPECT_EQ(changes[1].path, "surveillance.cameras[gate-east].consent.exemption");
  EXPECT_EQ(changes[1].after, "");
}

}  // namespace
}  // namespace veilgate
