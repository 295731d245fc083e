// kill -9 at random moments: what append() accepted is there afterwards, and nothing half-written.
#include <algorithm>
#include <csignal>
#include <random>
#include <set>

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
  /// Starts a child that appends, reads `reads` of its acceptances, kills it, and reads what it had still
  /// told.
  void kill_while_appending(std::size_t reads, std::set<Accepted>& told) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      append_for_ever(ends[1]);
    }
    ::close(ends[1]);
    Accepted one{};
    for (std::size_t i = 0; i < reads; ++i) {
      ASSERT_EQ(::read(ends[0], &one, sizeof one), static_cast<ssize_t>(sizeof one));
      told.insert(one);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) told.insert(one);
    ::close(ends[0]);
  }
  void expect_all_there(const std::set<Accepted>& told) {
    reopen();
    EXPECT_TRUE(outbox_->moved_aside().empty());
    std::set<Accepted> found;
    std::size_t rows = 0;
    for (auto records = next(500); !records.empty(); records = next(500)) {
      rows += records.size();
      for (const auto& record : records)
        found.insert({record.envelope.header().session, record.envelope.header().sequence});
      ASSERT_TRUE(outbox_->mark_sent(ids(records)));
    }
    EXPECT_EQ(found.size(), rows) << "no (session, sequence), so no nonce, twice";
    for (const auto& one : told) EXPECT_EQ(found.count(one), 1U) << one.sequence;
  }
  /// The child: seals and appends until it is killed; tells each accepted record through the pipe after its
  /// commit.
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
  const char* wanted = std::getenv("VEILGATE_KILLS");  // tests/endurance asks for a thousand
  const int kills = wanted ? std::atoi(wanted) : 10;
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (int done = 0; done < kills; done += 25) {
    if (done > 0) SetUp();  // a store of its own for every 25 kills
    outbox_.reset();
    std::set<Accepted> told;
    for (int kill = 0; kill < std::min(25, kills - done); ++kill)
      kill_while_appending(1 + random() % 400, told);
    expect_all_there(told);
    accepted += told.size();
    TearDown();
  }
  EXPECT_GT(accepted, static_cast<std::size_t>(kills) * 10);
  std::printf("%d kills, %zu records accepted, none lost\n", kills, accepted);
}

}  // namespace
}  // namespace veilgate
