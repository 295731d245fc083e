#pragma once
// One child that is kept running: started, watched, started again with the brake, ended with SIGTERM and, when it does
// not go, SIGKILL. Thread word: thread-bound to its loop.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "ipc/event_loop.h"
#include "process/child.h"
#include "process/restart_brake.h"

namespace veilgate::process {

enum class ChildState {
  kRunning,
  kWaiting,   ///< ended; starts again in a moment
  kHeld,      ///< the restart brake is on
  kStopping,  ///< asked to end
  kStopped,   ///< ended as asked, or not started yet
  kFailed,    ///< ended with a code after which starting again is of no use
};
const char* to_string(ChildState state);

class Supervised {
 public:
  struct Callbacks {
    /// Prepares and spawns; called for every start.
    std::function<Result<Child>()> spawn;
    std::function<void(const ExitStatus&)> on_exit;  ///< before it is decided whether to start again
    /// True for an exit code that starting again cannot mend (kExitConfig). Absent = always start again.
    std::function<bool(const ExitStatus&)> is_final;
  };

  Supervised(ipc::EventLoop& loop, std::string name, Callbacks callbacks);
  ~Supervised();  ///< kills a child that still runs

  void start();
  /// SIGTERM now, SIGKILL after `grace`; `on_stopped` once, later, also when it did not run.
  void stop(Millis grace, std::function<void()> on_stopped);
  /// A clean end and a fresh start, without counting as a failure (reload of this camera).
  void restart(Millis grace);
  void signal(int number) const;  ///< nothing when it does not run

  const std::string& name() const { return name_; }
  ChildState state() const { return state_; }
  std::uint64_t restarts() const { return restarts_; }
  std::optional<pid_t> pid() const;
  const std::string& last_end() const { return last_end_; }  ///< "signal 9"; empty = never ended
  bool running() const { return child_.has_value(); }

 private:
  void launch();
  void on_ended();
  void schedule();
  void finish_stop();

  ipc::EventLoop& loop_;
  std::string name_;
  Callbacks callbacks_;
  RestartBrake brake_;
  ChildState state_ = ChildState::kStopped;
  std::optional<Child> child_;
  std::uint64_t restarts_ = 0;
  std::string last_end_;
  ipc::EventLoop::TimerId timer_ = 0;
  std::function<void()> on_stopped_;
};

}  // namespace veilgate::process
