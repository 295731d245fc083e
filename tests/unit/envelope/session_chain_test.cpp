#include "envelope/session_chain.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace veilgate {
namespace {

Digest digest_of(std::uint64_t sequence) { return sm3(as_bytes("record " + std::to_string(sequence))); }

ChainLink link(std::uint64_t sequence, bool is_signed = false) {
  return {sequence, digest_of(sequence - 1), digest_of(sequence), is_signed};
}

class Chain : public testing::Test {
 protected:
  ChainAnswer admit(const ChainLink& l) {
    updates_.clear();
    return chain_.admit(l, updates_);
  }
  bool reported(std::uint64_t first, std::uint64_t last, ChainState state) const {
    return std::find(updates_.begin(), updates_.end(), ChainUpdate{{session_, first, last}, state}) !=
           updates_.end();
  }
  void announce(std::uint64_t first, std::uint64_t last) {
    updates_.clear();
    DroppedRange dropped;
    dropped.range = {session_, first, last};
    dropped.previous_of_first = digest_of(first - 1);
    dropped.digest_of_last = digest_of(last);
    chain_.announce(dropped, updates_);
  }

  SessionId session_{1};
  SessionChain chain_{session_, digest_of(0)};
  std::vector<ChainUpdate> updates_;
};

TEST_F(Chain, RecordsStayPendingUntilASignedOneConfirmsThemAll) {
  for (std::uint64_t s = 1; s <= 3; ++s) {
    EXPECT_EQ(admit(link(s)), ChainAnswer::kAdmitted);
    EXPECT_TRUE(reported(s, s, ChainState::kPending));
  }
  EXPECT_EQ(chain_.pending(), (std::vector<SequenceRange>{{session_, 1, 3}}));
  admit(link(4, true));
  EXPECT_TRUE(reported(1, 4, ChainState::kConfirmed));
  EXPECT_TRUE(chain_.pending().empty());
}

TEST_F(Chain, ALateRecordClosesTheGapAndTheConfirmationReachesBack) {
  admit(link(1));
  admit(link(2));
  admit(link(4));
  admit(link(5, true));
  EXPECT_EQ(chain_.missing(), (std::vector<SequenceRange>{{session_, 3, 3}}));
  EXPECT_EQ(chain_.pending(), (std::vector<SequenceRange>{{session_, 1, 2}})) << "not reachable yet";
  admit(link(3));
  EXPECT_TRUE(reported(1, 3, ChainState::kConfirmed));
  EXPECT_TRUE(chain_.missing().empty());
  EXPECT_EQ(chain_.received(), (std::vector<SequenceRange>{{session_, 0, 5}}));
}

TEST_F(Chain, EverySequenceIsAdmittedOnce) {
  for (std::uint64_t s = 1; s <= 5; ++s) admit(link(s));
  for (std::uint64_t s = 0; s <= 5; ++s) EXPECT_EQ(admit(link(s)), ChainAnswer::kReplay) << s;
}

TEST_F(Chain, AnUnsignedContradictionIsRefused) {
  admit(link(1));
  auto bad = link(2);
  bad.previous[0] ^= 1;
  EXPECT_EQ(admit(bad), ChainAnswer::kBrokenChain);
  admit(link(3));
  bad = link(2);
  bad.digest[0] ^= 1;
  EXPECT_EQ(admit(bad), ChainAnswer::kBrokenChain);
  EXPECT_EQ(admit(link(2)), ChainAnswer::kAdmitted) << "the right one still fits";
}

TEST_F(Chain, ASignedContradictionBreaksWhatWasPending) {
  admit(link(1));
  admit(link(2));
  auto checkpoint = link(3, true);
  checkpoint.previous[0] ^= 1;
  EXPECT_EQ(admit(checkpoint), ChainAnswer::kAdmitted);
  EXPECT_TRUE(reported(1, 2, ChainState::kBroken));
  EXPECT_TRUE(reported(3, 3, ChainState::kConfirmed));
}

TEST_F(Chain, AnAnnouncedGapConfirmsWhatLiesBeforeItAndIsNotMissing) {
  admit(link(1));
  admit(link(2));
  admit(link(6));
  EXPECT_EQ(chain_.missing(), (std::vector<SequenceRange>{{session_, 3, 5}}));
  announce(3, 5);
  EXPECT_TRUE(reported(1, 2, ChainState::kConfirmed));
  EXPECT_TRUE(chain_.missing().empty());
  EXPECT_EQ(chain_.announced_count(), 3U);
  announce(3, 5);
  EXPECT_EQ(chain_.announced_count(), 3U) << "the same announcement twice counts once";
  EXPECT_EQ(admit(link(4)), ChainAnswer::kAdmitted) << "it had been sent before it was dropped";
  EXPECT_EQ(chain_.announced_count(), 2U);
}

TEST_F(Chain, AnAnnouncementThatComesFirstCountsToo) {
  announce(3, 5);
  EXPECT_EQ(chain_.missing(), (std::vector<SequenceRange>{{session_, 1, 2}}));
  admit(link(2));
  EXPECT_TRUE(reported(2, 2, ChainState::kConfirmed));
  admit(link(1));
  EXPECT_TRUE(reported(1, 1, ChainState::kConfirmed));
}

TEST_F(Chain, AnAnnouncementThatContradictsWhatArrivedBreaksItOnce) {
  admit(link(1));
  DroppedRange dropped;
  dropped.range = {session_, 2, 3};
  dropped.previous_of_first = digest_of(77);
  updates_.clear();
  chain_.announce(dropped, updates_);
  EXPECT_EQ(updates_, (std::vector<ChainUpdate>{{{session_, 1, 1}, ChainState::kBroken}}));
  admit(link(5));
  EXPECT_FALSE(reported(1, 1, ChainState::kBroken));
}

TEST_F(Chain, AnyOrderOfArrivalEndsInTheSameState) {
  std::vector<std::uint64_t> order(200);
  std::iota(order.begin(), order.end(), 1);
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    SessionChain chain(session_, digest_of(0));
    std::vector<ChainUpdate> updates;
    std::vector<int> confirmed(201);
    for (const auto s : order)
      ASSERT_EQ(chain.admit(link(s, s % 32 == 0 || s == 200), updates), ChainAnswer::kAdmitted);
    for (const auto& update : updates)
      if (update.state == ChainState::kConfirmed)
        for (auto s = update.range.first; s <= update.range.last; ++s) ++confirmed[s];
    EXPECT_EQ(std::count(confirmed.begin() + 1, confirmed.end(), 1), 200)
        << "each confirmed exactly once, seed " << seed;
    EXPECT_TRUE(chain.pending().empty() && chain.missing().empty());
    EXPECT_EQ(chain.received().size(), 1U);
  }
}

TEST_F(Chain, SurvivesStorage) {
  admit(link(1));
  admit(link(5, true));
  announce(2, 3);
  const auto back = SessionChain::parse(chain_.serialise());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->missing(), chain_.missing());
  EXPECT_EQ(back->received(), chain_.received());
  EXPECT_EQ(back->serialise(), chain_.serialise());
  const Bytes bytes = chain_.serialise();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(SessionChain::parse(ByteView(bytes).first(size))) << size;
}

}  // namespace
}  // namespace veilgate
