// a nonce never repeats under a key, also over kill -9. A million records sealed by processes that are
// killed at random moments; each tells which key (by its commitment) and sequence it used.

#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <unordered_set>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/good.h"
#include "support/sealed_gateway.h"

namespace veilgate {
namespace {

using testing_support::good;

struct Used {  // one pair (key, nonce): the commitment stands for the key, the sequence for the nonce under
               // its salt
  KeyCommitment key;
  std::uint64_t sequence;
};

[[noreturn]] void seal_for_ever(int pipe) {
  testing_support::SealedGateway gateway;
  auto sealer = gateway.sealer();
  const auto face = gateway.message(MessageClass::kFace, "x");
  const auto event = gateway.message(MessageClass::kEvent, "x");
  std::vector<Used> batch;
  for (int i = 0;; ++i) {
    for (const auto& record : good(sealer.seal(i % 3 == 0 ? event : face)))
      batch.push_back({record.header().commitment, record.header().sequence});
    if (batch.size() < 64) continue;
    const auto size = static_cast<ssize_t>(batch.size() * sizeof(Used));
    if (::write(pipe, batch.data(), static_cast<std::size_t>(size)) != size) ::_exit(1);
    batch.clear();
  }
}

TEST(Nonces, AreUniqueOverAMillionRecordsWithKillsInBetween) {
  const char* wanted = std::getenv("VEILGATE_NONCES");
  const std::size_t target = wanted ? std::strtoull(wanted, nullptr, 10) : 1000000;
  std::mt19937 random(1);
  std::unordered_set<std::string> seen;
  std::set<KeyCommitment> keys;
  std::size_t records = 0, kills = 0;
  while (records < target) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      seal_for_ever(ends[1]);
    }
    ::close(ends[1]);
    bool killed = false;
    const std::size_t life = 200 + random() % 8000;
    std::size_t told = 0;
    Used used{};
    FILE* pipe = ::fdopen(ends[0], "r");
    while (std::fread(&used, sizeof used, 1, pipe) == 1) {
      std::string pair(reinterpret_cast<const char*>(&used), sizeof used);
      EXPECT_TRUE(seen.insert(std::move(pair)).second)
          << "sequence " << used.sequence << " twice under one key";
      keys.insert(used.key);
      ++records;
      if (++told >= life && !killed) {
        ::kill(child, SIGKILL);
        killed = true;
        ++kills;
      }
    }
    std::fclose(pipe);
    ::waitpid(child, nullptr, 0);
  }
  EXPECT_EQ(seen.size(), records);
  EXPECT_GE(keys.size(), kills) << "a restarted process begins with new keys";
  std::printf("%zu records, %zu keys, %zu kills, no nonce twice\n", records, keys.size(), kills);
}

}  // namespace
}  // namespace veilgate
