#pragma once
// One worker process as its parent sees it: started, watched, restarted with the brake, listened to with suspicion.
// A message that breaks the protocol, or names a camera that is not this worker's, ends the worker (SIGKILL) and is
// counted; results beyond the rate limit are dropped and counted; a worker that reports nothing for kSilence is killed.
// Thread word: thread-bound to its loop.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ipc/connection.h"
#include "ipc/event_loop.h"
#include "lane/rate_limit.h"
#include "lane/worker_protocol.h"
#include "process/supervised.h"

namespace veilgate::surveillance {

struct WorkerProgram {
  std::string executable;
  std::vector<std::string> arguments;
};

struct WorkerCounters {
  std::uint64_t violations = 0;     ///< messages that broke the protocol
  std::uint64_t rate_limited = 0;   ///< results dropped for coming too fast
  std::uint64_t silent = 0;         ///< killed for reporting nothing
};

class WorkerLink {
 public:
  static constexpr Millis kSilence{20'000};
  static constexpr Millis kStopGrace{5'000};

  struct Callbacks {
    std::function<WorkerTask()> task;  ///< asked for at every start
    std::function<void(WorkerResult&&)> on_result;
    std::function<void(CameraReport&&)> on_report;
    std::function<void()> on_ended;
  };

  WorkerLink(ipc::EventLoop& loop, std::string name, std::set<CameraId> cameras, WorkerProgram program,
             Callbacks callbacks);
  ~WorkerLink();

  void start() { child_.start(); }
  void restart() { child_.restart(kStopGrace); }
  /// A clean end: its last results arrive before `on_stopped`.
  void stop(std::function<void()> on_stopped) { child_.stop(kStopGrace, std::move(on_stopped)); }
  Result<void> confirm_view(const CameraId& camera);

  const std::set<CameraId>& cameras() const { return cameras_; }
  const process::Supervised& child() const { return child_; }
  const WorkerCounters& counters() const { return counters_; }
  /// What the worker sent contradicts its camera's configuration: counted like a broken message, and it ends.
  void refuse(const Error& error) { violation(error); }
  /// Time since it last showed that its loop turns; none when it does not run.
  std::optional<Millis> silence() const;

 private:
  Result<process::Child> spawn();
  void on_message(const ipc::Message& message);
  void on_exit();
  void violation(const Error& error);
  void look_for_silence();
  bool is_mine(const CameraId& camera);

  ipc::EventLoop& loop_;
  std::set<CameraId> cameras_;
  WorkerProgram program_;
  Callbacks callbacks_;
  std::unique_ptr<ipc::Connection> connection_;
  RateLimit results_;
  RateLimit reports_;
  WorkerCounters counters_;
  MonoTime last_report_{};
  ipc::EventLoop::TimerId silence_timer_ = 0;
  process::Supervised child_;
};

}  // namespace veilgate::surveillance
