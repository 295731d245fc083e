#include "process/child.h"

#include <csignal>

#include <gtest/gtest.h>
#include <fcntl.h>
#include <poll.h>

#include "ipc/channel.h"

namespace veilgate::process {
namespace {

using namespace std::chrono_literals;

/// Runs `script` in sh with a stream socket as descriptor 3; gives what it wrote there and how it ended.
struct Outcome {
  std::string said;
  ExitStatus status;
};
Outcome run_script(const std::string& script, SpawnSettings settings = {}) {
  auto ends = ipc::Channel::pair();
  settings.executable = "sh";
  settings.arguments = {"-c", script};
  settings.channel = ends->second.get();
  auto child = Child::spawn(settings);
  EXPECT_TRUE(child) << child.error().message();
  ends->second.reset();
  pollfd ended{child->exit_fd(), POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 10'000), 1);
  Outcome outcome;
  char buffer[4096];
  ssize_t size;
  while ((size = read(ends->first.get(), buffer, sizeof buffer)) > 0)
    outcome.said.append(buffer, static_cast<std::size_t>(size));
  auto status = child->reap();
  EXPECT_TRUE(status);
  if (status) outcome.status = *status;
  return outcome;
}

TEST(Child, HasTheChannelAsDescriptorThreeAndTellsItsExitCode) {
  const auto outcome = run_script("echo hello >&3; exit 7");
  EXPECT_EQ(outcome.said, "hello\n");
  EXPECT_EQ(outcome.status.code, 7);
  EXPECT_EQ(to_string(outcome.status), "exit code 7");
}

TEST(Child, InheritsNothingElse) {
  const ipc::UniqueFd secret(fcntl(0, F_DUPFD, 50));  // not close-on-exec
  // 4 is ls reading the directory.
  EXPECT_EQ(run_script("ls /proc/self/fd | sort -n | tr '\\n' ' ' >&3").said, "0 1 2 3 4 ");
}

TEST(Child, DumpsNoCoreAndGainsNoPrivileges) {
  EXPECT_EQ(run_script("ulimit -c >&3").said, "0\n");
  EXPECT_EQ(run_script("grep NoNewPrivs /proc/self/status | tr -d '\\t ' >&3").said, "NoNewPrivs:1\n");
}

TEST(Child, GetsOnlyTheEnvironmentItIsGiven) {
  SpawnSettings settings;
  settings.environment = {"PATH=/usr/bin:/bin", "ONLY=this"};
  settings.environment_mode = SpawnSettings::Environment::kReplace;
  const auto said = run_script("env >&3", settings).said;
  EXPECT_NE(said.find("ONLY=this"), std::string::npos);
  EXPECT_EQ(said.find("HOME="), std::string::npos);
}

TEST(Child, TellsASignalFromAnExit) {
  const auto outcome = run_script("kill -9 $$");
  EXPECT_EQ(outcome.status.signal, SIGKILL);
  EXPECT_EQ(to_string(outcome.status), "signal 9");
}

TEST(Child, StartingWhatDoesNotExistIsAnErrorAtOnce) {
  const auto child = Child::spawn({.executable = "/nonexistent/veilgate-x"});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code(), ErrorCode::kMissingPart);
}

TEST(Child, IsKilledAndCollectedWithItsOwner) {
  pid_t pid;
  {
    auto child = Child::spawn({.executable = "sleep", .arguments = {"1000"}});
    ASSERT_TRUE(child);
    pid = child->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace veilgate::process
