// Power loss, simulated below SQLite: whatever was not synced is gone or half there. Accepted records must
// survive. The planted fault, synchronous=OFF, must lose some: otherwise this test could not fail.
#include <optional>
#include <random>
#include <set>

#include "support/forgetful_vfs.h"
#include "support/outbox_fixture.h"

namespace veilgate {
namespace {

using testing_support::ForgetfulVfs;
using testing_support::good;
using testing_support::PowerLoss;

class PowerLossTest : public testing_support::OutboxFixture {
 protected:
  struct Outcome {
    std::size_t accepted = 0;
    std::size_t lost = 0;
    int damaged = 0;
  };
  /// Several lives, each ended by a power cut at a random moment; deliveries in between so that deletes are
  /// cut too.
  Outcome lives(const char* synchronous, PowerLoss kind, unsigned seed) {
    std::mt19937 random(seed);
    settings_.vfs = ForgetfulVfs::name();
    settings_.synchronous = synchronous;
    Outcome outcome;
    std::set<Digest> accepted;
    for (int life = 0; life < 8; ++life) {
      reopen();
      outcome.damaged += outbox_->moved_aside().empty() ? 0 : 1;
      for (unsigned i = 5 + random() % 40; i > 0; --i) {
        const auto records = good(sealer_.seal(gateway_.message(MessageClass::kFace, std::string(700, 'x'))));
        if (outbox_->append(records))
          for (const auto& record : records) accepted.insert(record.digest());
      }
      ForgetfulVfs::cut_power(kind, random);
      outbox_.reset();
      std::filesystem::remove(settings_.path + "-shm");  // memory, gone with the power
      ForgetfulVfs::restore_power();
    }
    reopen();
    outcome.damaged += outbox_->moved_aside().empty() ? 0 : 1;
    std::set<Digest> found;
    for (const auto& record : next(100000)) found.insert(record.envelope.digest());
    outcome.accepted = accepted.size();
    for (const auto& digest : accepted) outcome.lost += 1 - found.count(digest);
    return outcome;
  }
};

TEST_F(PowerLossTest, NothingAcceptedIsLostWhenUnsyncedWritesAreForgotten) {
  const auto syncs = ForgetfulVfs::syncs();
  const auto outcome = lives("FULL", PowerLoss::kForgetAll, 1);
  EXPECT_GT(outcome.accepted, 50U);
  EXPECT_EQ(outcome.lost, 0U);
  EXPECT_EQ(outcome.damaged, 0);
  EXPECT_GT(ForgetfulVfs::syncs() - syncs, 50U);
}

TEST_F(PowerLossTest, NothingAcceptedIsLostWhenAnArbitraryPartReachedTheDisk) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto outcome = lives("FULL", PowerLoss::kForgetSome, seed);
    EXPECT_EQ(outcome.lost, 0U) << "seed " << seed;
    EXPECT_EQ(outcome.damaged, 0) << "seed " << seed;
    outbox_.reset();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
}

TEST_F(PowerLossTest, PlantedSynchronousOffLosesAcceptedRecords) {
  const auto outcome = lives("OFF", PowerLoss::kForgetAll, 1);
  EXPECT_GT(outcome.lost + static_cast<std::size_t>(outcome.damaged), 0U)
      << "a VFS that loses nothing here would prove nothing above";
}

TEST_F(PowerLossTest, AFullDiskRefusesTheBatchKeepsWhatWasAcceptedAndRecovers) {
  settings_.vfs = ForgetfulVfs::name();
  reopen();
  ForgetfulVfs::limit_growth(600000);
  std::size_t accepted = 0;
  std::optional<Error> refusal;
  std::vector<SealedEnvelope> refused;
  while (!refusal && accepted < 10000) {
    refused = good(sealer_.seal(gateway_.message(MessageClass::kFace, std::string(3000, 'x'))));
    if (auto appended = outbox_->append(refused))
      accepted += refused.size();
    else
      refusal = appended.error();
  }
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), ErrorCode::kExhausted) << refusal->message();
  EXPECT_GT(accepted, 10U);
  EXPECT_EQ(outbox_->stats().total.unsent, static_cast<std::int64_t>(accepted));
  EXPECT_EQ(next(10000).size(), accepted) << "reading goes on";
  ForgetfulVfs::limit_growth(-1);
  EXPECT_TRUE(outbox_->append(refused)) << "room again, and the lane tries the same records again";
  reopen();
  EXPECT_EQ(next(10000).size(), accepted + refused.size());
}

}  // namespace
}  // namespace veilgate
