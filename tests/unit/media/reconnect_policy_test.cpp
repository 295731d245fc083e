#include "media/reconnect_policy.h"

#include <gtest/gtest.h>

namespace veilgate::media {
namespace {

using namespace std::chrono_literals;

class ReconnectPolicyTest : public ::testing::Test {
 protected:
  ReconnectPolicy policy_{ReconnectPolicy::Settings{}, 1};
  MonoTime now_{1h};
};

TEST_F(ReconnectPolicyTest, TriesAtMostThreeSecondsApartInTheFirstTwoMinutes) {
  const MonoTime lost = now_;
  while (now_ - lost < 2min) {
    const auto wait = policy_.lost(Loss::kTransient, now_);
    EXPECT_LE(wait.until - now_, 3s);
    now_ = wait.until;
  }
}

TEST_F(ReconnectPolicyTest, BacksOffFromOneSecondToOneMinuteWithJitterAndNoEnd) {
  ReconnectPolicy::Settings settings;
  settings.eager_span = 0ms;
  ReconnectPolicy policy(settings, 1);
  auto expected = 1000ms;
  for (int i = 0; i < 200; ++i) {
    const auto wait = policy.lost(Loss::kTransient, now_);
    EXPECT_FALSE(wait.held);
    EXPECT_GE(wait.until - now_, expected / 2);
    EXPECT_LE(wait.until - now_, expected);
    now_ = wait.until;
    expected = std::min(expected * 2, 60'000ms);
  }
}

TEST_F(ReconnectPolicyTest, StartsAgainAtTheShortestWaitAfterAFrame) {
  for (int i = 0; i < 10; ++i) now_ = policy_.lost(Loss::kTransient, now_).until;
  policy_.online();
  EXPECT_LE(policy_.lost(Loss::kTransient, now_).until - now_, 1s);
}

TEST_F(ReconnectPolicyTest, TriesRefusedCredentialsTwiceThenHoldsThirtyFiveMinutes) {
  const auto first = policy_.lost(Loss::kCredentials, now_);
  EXPECT_FALSE(first.held);
  const auto second = policy_.lost(Loss::kCredentials, first.until);
  EXPECT_TRUE(second.held);
  EXPECT_EQ(second.reason, "credentials_refused");
  EXPECT_EQ(second.until - first.until, 35min);
  EXPECT_FALSE(policy_.lost(Loss::kCredentials, second.until).held);  // and two tries again
}

TEST_F(ReconnectPolicyTest, TriesAtOnceWhenCredentialsChanged) {
  policy_.lost(Loss::kCredentials, now_);
  policy_.credentials_changed();
  EXPECT_FALSE(policy_.lost(Loss::kCredentials, now_).held);
}

TEST_F(ReconnectPolicyTest, BrakesACameraThatComesAndGoes) {
  for (int i = 0; i < 4; ++i) {
    policy_.online();
    EXPECT_FALSE(policy_.lost(Loss::kTransient, now_).held) << i;
    now_ += 5s;
  }
  policy_.online();
  const auto braked = policy_.lost(Loss::kTransient, now_);
  EXPECT_TRUE(braked.held);
  EXPECT_EQ(braked.reason, "restart_brake");
  EXPECT_EQ(braked.until - now_, 60s);
}

TEST_F(ReconnectPolicyTest, DoesNotBrakeSlowLosses) {
  for (int i = 0; i < 20; ++i) {
    policy_.online();
    EXPECT_FALSE(policy_.lost(Loss::kTransient, now_).held);
    now_ += 16s;
  }
}

TEST_F(ReconnectPolicyTest, LooksAtAForeignDeviceOnceAMinute) {
  const auto wait = policy_.lost(Loss::kIdentity, now_);
  EXPECT_TRUE(wait.held);
  EXPECT_EQ(wait.reason, "device_refused");
  EXPECT_EQ(wait.until - now_, 60s);
}

}  // namespace
}  // namespace veilgate::media
