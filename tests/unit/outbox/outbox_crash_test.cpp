// kill -9 at random moments: what append() accepted is there afterwards, and nothing half-written.
#include <random>
#include <set>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "support/outbox_fixture.h"

namespace veilgate {
namespace {

using testing_support::good;

struct Accepted {
  SessionId session;
  std::uint64_t sequence;
  auto operator<=>(const Accepted&) const = default;
};

class OutboxCrash : public testing_support::OutboxFixture {
 protected:
  /// The child: seals and appends until it is killed; tells each accepted record through the pipe after its commit.
  [[noreturn]] void append_for_ever(int pipe) {
    reopen();
    while (true) {
      std::vector<SealedEnvelope> batch;
      while (batch.size() < 10)
        for (auto& record : good(sealer_.seal(gateway_.message(MessageClass::kFace, std::string(1024, 'x')))))
          batch.push_back(record);
      if (!outbox_->append(batch)) ::_exit(2);
      for (const auto& record : batch) {
        const Accepted accepted{record.header().session, record.header().sequence};
        if (::write(pipe, &accepted, sizeof accepted) != sizeof accepted) ::_exit(3);
      }
    }
  }
};

TEST_F(OutboxCrash, NothingAcceptedIsLostOverKills) {
  std::mt19937 random(7);
  std::set<Accepted> accepted;
  outbox_.reset();
  constexpr int kKills = 10;
  for (int kill = 0; kill < kKills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      append_for_ever(ends[1]);
    }
    ::close(ends[1]);
    const std::size_t reads = 1 + random() % 400;
    for (std::size_t i = 0; i < reads; ++i) {
      Accepted one{};
      ASSERT_EQ(::read(ends[0], &one, sizeof one), static_cast<ssize_t>(sizeof one));
      accepted.insert(one);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    Accepted late{};
    while (::read(ends[0], &late, sizeof late) == static_cast<ssize_t>(sizeof late)) accepted.insert(late);
    ::close(ends[0]);
  }
  reopen();
  EXPECT_TRUE(outbox_->moved_aside().empty());
  std::set<Accepted> found;
  std::size_t rows = 0;
  while (true) {
    const auto records = next(500);
    if (records.empty()) break;
    for (const auto& record : records) {
      found.insert({record.envelope.header().session, record.envelope.header().sequence});
      ++rows;
    }
  }
  EXPECT_EQ(found.size(), rows) << "no (session, sequence), so no nonce, twice";
  for (const auto& one : accepted) EXPECT_EQ(found.count(one), 1U) << one.sequence;
  EXPECT_GT(accepted.size(), 100U);
}

}  // namespace
}  // namespace veilgate
