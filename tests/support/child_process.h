#pragma once
// A child that a test starts and ends, by its process id. Thread word: thread-bound.

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace veilgate::test {

class ChildProcess {
 public:
  ChildProcess() = default;
  /// Output goes to `log` (appended); `extra` are NAME=VALUE pairs put before the environment.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log,
               const std::vector<std::string>& extra = {}) {
    std::vector<char*> argv, envp;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    for (const auto& pair : extra) envp.push_back(const_cast<char*>(pair.c_str()));
    for (char** e = environ; *e; ++e) envp.push_back(*e);
    envp.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int rc = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0) throw std::runtime_error(arguments[0] + " cannot be started");
  }
  ~ChildProcess() { end(SIGKILL); }
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    if (this != &other) {
      end(SIGKILL);
      pid_ = std::exchange(other.pid_, -1);
    }
    return *this;
  }

  bool started() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  void signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
  }
  bool running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
    finished(status);
    return false;
  }
  /// The exit status, or 128 + signal. Blocks until the child has ended.
  int wait() {
    int status = 0;
    if (pid_ > 0) {
      while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
      finished(status);
    }
    return exit_;
  }
  int end(int number) {
    if (pid_ <= 0) return exit_;
    signal(number);
    signal(SIGCONT);  // a frozen child would not notice
    return wait();
  }

 private:
  void finished(int status) {
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
  }
  pid_t pid_ = -1;
  int exit_ = -1;
};

}  // namespace veilgate::test
