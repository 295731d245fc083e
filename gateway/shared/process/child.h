#pragma once
// Starting another executable as a child that cannot outlive us: no core dumps, no new privileges, none of our
// descriptors but the ones named, its own process group (Ctrl-C reaches the supervisor only, which ends its children
// in the right order), and a signal when we die (PR_SET_PDEATHSIG).
// Thread word: thread-bound; spawn from the thread that lives as long as the process (PDEATHSIG is per thread).

#include <string>
#include <vector>

#include <sys/types.h>

#include "core/result.h"
#include "ipc/unique_fd.h"

namespace veilgate::process {

struct SpawnSettings {
  std::string executable;               ///< path, or a bare name found in PATH
  std::vector<std::string> arguments{};   ///< without argv[0]
  /// NAME=value. Absent = our environment; a worker gets a short list only.
  std::vector<std::string> environment{};
  enum class Environment { kInherit, kReplace } environment_mode = Environment::kInherit;
  int channel = -1;                     ///< becomes descriptor kChildChannel in the child; -1 = none
  int death_signal = 0;                 ///< sent to the child when we die: SIGTERM or SIGKILL
};
inline constexpr int kChildChannel = 3;

/// How a child ended.
struct ExitStatus {
  int code = -1;    ///< exit code, -1 when a signal ended it
  int signal = 0;   ///< 0 when it exited by itself
};
std::string to_string(const ExitStatus& status);  ///< "exit code 78", "signal 9"

class Child {
 public:
  /// kMissingPart when the executable does not exist, kInternal when it cannot be started.
  static Result<Child> spawn(const SpawnSettings& settings);
  Child(Child&&) noexcept = default;
  Child& operator=(Child&&) noexcept = default;
  ~Child();  ///< kills and reaps a child that still runs

  pid_t pid() const { return pid_; }
  int exit_fd() const { return pidfd_.get(); }  ///< readable once the child has ended (pidfd)
  void signal(int number) const;                ///< through the pidfd: never another process
  /// The child has ended: collects it. kUnavailable while it runs.
  Result<ExitStatus> reap();

 private:
  Child(pid_t pid, ipc::UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_ = -1;
  ipc::UniqueFd pidfd_;  // empty once reaped or moved from
};

}  // namespace veilgate::process
