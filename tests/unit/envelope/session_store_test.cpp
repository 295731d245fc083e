#include "envelope/session_store.h"

#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace veilgate {
namespace {

class Store : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-store-XXXXXX";
    folder_ = ::mkdtemp(name);
    store_ = make();
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<SessionStore> make() {
    if (!GetParam()) return std::make_unique<MemorySessionStore>();
    return std::move(SqliteSessionStore::open(folder_ + "/sessions.db")).value();
  }
  StoredSession session(std::uint8_t id, std::int64_t began = 1000) {
    return {{id},          "gw-0001", Lane::kSurveillance, MessageClass::kFace, UtcTime{Millis{began}},
            Bytes(300, id)};
  }

  std::string folder_;
  std::unique_ptr<SessionStore> store_;
};

TEST_P(Store, PutsOnceKnowsTheSameAndRefusesAnother) {
  EXPECT_EQ(*store_->put_session(session(1)), PutSession::kNew);
  EXPECT_EQ(*store_->put_session(session(1)), PutSession::kKnown);
  auto other = session(1);
  other.record[0] ^= 1;
  EXPECT_EQ(*store_->put_session(other), PutSession::kConflict);
  const auto found = store_->find_session({1});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->record, session(1).record);
  EXPECT_EQ((*found)->gateway, "gw-0001");
  EXPECT_FALSE(*store_->find_session({2}));
  EXPECT_FALSE(*store_->chain({2}));
}

TEST_P(Store, EditsChainsAllOrNone) {
  (void)store_->put_session(session(1));
  const std::array<SessionId, 2> ids{SessionId{1}, SessionId{2}};
  EXPECT_EQ(store_->edit_chains(ids, [](auto) {}).error().code(), ErrorCode::kNotFound);
  const auto first_digest = sm3(session(1).record);
  ASSERT_TRUE(store_->edit_chains({ids.data(), 1}, [&](std::span<SessionChain> chains) {
    std::vector<ChainUpdate> updates;
    EXPECT_EQ(chains[0].admit({1, first_digest, Digest{5}, false}, updates), ChainAnswer::kAdmitted);
  }));
  EXPECT_EQ((*store_->chain({1}))->received().front().last, 1U);
}

TEST_P(Store, ListsByAgeAndPrunes) {
  (void)store_->put_session(session(1, 3000));
  (void)store_->put_session(session(2, 1000));
  (void)store_->put_session(session(3, 2000));
  const auto all = store_->sessions(UtcTime{});
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->front().id, SessionId{2});
  EXPECT_EQ(store_->sessions(UtcTime{Millis{2000}})->size(), 2U);
  EXPECT_EQ(*store_->prune(UtcTime{Millis{2000}}), 1U);
  EXPECT_FALSE(*store_->find_session({2}));
}

INSTANTIATE_TEST_SUITE_P(Each, Store, testing::Bool(),
                         [](const auto& each) { return each.param ? "sqlite" : "memory"; });

class SharedStore : public Store {};

TEST_P(SharedStore, TwoReceiversNeverAdmitTheSameSequenceTwice) {
  (void)store_->put_session(session(1));
  const auto admit_all = [this](int& admitted) {
    auto mine = make();
    for (std::uint64_t sequence = 2; sequence < 102; ++sequence) {
      const SessionId id{1};
      ASSERT_TRUE(mine->edit_chains({&id, 1}, [&](std::span<SessionChain> chains) {
        std::vector<ChainUpdate> updates;
        const Digest before{static_cast<std::uint8_t>(sequence - 1)},
            own{static_cast<std::uint8_t>(sequence)};
        if (chains[0].admit({sequence, before, own, false}, updates) == ChainAnswer::kAdmitted) ++admitted;
      }));
    }
  };
  int a = 0, b = 0;
  std::thread other([&] { admit_all(b); });
  admit_all(a);
  other.join();
  EXPECT_EQ(a + b, 100);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, SharedStore, testing::Values(true));

}  // namespace
}  // namespace veilgate
