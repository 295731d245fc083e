#include "process/supervised.h"

#include <csignal>

#include <gtest/gtest.h>

namespace veilgate::process {
namespace {

using namespace std::chrono_literals;

class SupervisedTest : public testing::Test {
 protected:
  Supervised::Callbacks script(const std::string& text) {
    Supervised::Callbacks callbacks;
    callbacks.spawn = [text] { return Child::spawn({.executable = "sh", .arguments = {"-c", text}}); };
    callbacks.on_exit = [this](const ExitStatus& status) { ends_.push_back(status); };
    return callbacks;
  }
  template <typename Condition>
  bool turn_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop_->turn(50ms);
    }
    return true;
  }
  std::unique_ptr<ipc::EventLoop> loop_ = *ipc::EventLoop::create();
  std::vector<ExitStatus> ends_;
};

TEST_F(SupervisedTest, StartsAgainAfterACrash) {
  Supervised child(*loop_, "c", script("exec sleep 1000"));
  child.start();
  const auto first = child.pid();
  ASSERT_TRUE(first);
  child.signal(SIGKILL);
  ASSERT_TRUE(turn_until([&] { return child.running() && child.pid() != first; }));
  EXPECT_EQ(child.restarts(), 1u);
  EXPECT_EQ(child.last_end(), "signal 9");
}

TEST_F(SupervisedTest, AFinalExitCodeIsNotTriedAgain) {
  auto callbacks = script("exit 78");
  callbacks.is_final = [](const ExitStatus& status) { return status.code == 78; };
  Supervised child(*loop_, "c", std::move(callbacks));
  child.start();
  ASSERT_TRUE(turn_until([&] { return child.state() == ChildState::kFailed; }));
  EXPECT_EQ(child.restarts(), 0u);
}

TEST_F(SupervisedTest, StopsWithTermAndThenStaysStopped) {
  Supervised child(*loop_, "c", script("exec sleep 1000"));
  child.start();
  bool stopped = false;
  child.stop(10s, [&] { stopped = true; });
  ASSERT_TRUE(turn_until([&] { return stopped; }));
  EXPECT_EQ(child.state(), ChildState::kStopped);
  ASSERT_EQ(ends_.size(), 1u);
  EXPECT_EQ(ends_[0].signal, SIGTERM);
  EXPECT_FALSE(child.running());
}

TEST_F(SupervisedTest, KillsWhatDoesNotGo) {
  Supervised child(*loop_, "c", script("trap '' TERM; exec sleep 1000"));
  child.start();
  loop_->turn(100ms);  // the trap may or may not be set yet: either end is fine for the supervisor
  bool stopped = false;
  child.stop(100ms, [&] { stopped = true; });
  ASSERT_TRUE(turn_until([&] { return stopped; }));
  EXPECT_FALSE(child.running());
}

TEST_F(SupervisedTest, AnAskedRestartIsNoFailure) {
  Supervised child(*loop_, "c", script("exec sleep 1000"));
  child.start();
  const auto first = child.pid();
  child.restart(10s);
  ASSERT_TRUE(turn_until([&] { return child.running() && child.pid() != first; }));
  EXPECT_EQ(child.restarts(), 0u);
}

TEST_F(SupervisedTest, StoppingWhatDoesNotRunStillAnswers) {
  Supervised child(*loop_, "c", script("exit 0"));
  bool stopped = false;
  child.stop(1s, [&] { stopped = true; });
  EXPECT_FALSE(stopped);
  EXPECT_TRUE(turn_until([&] { return stopped; }));
}

}  // namespace
}  // namespace veilgate::process
