#pragma once
// `veilgate run`: the daemons of a small site under one supervisor, for a desk, a demo or a site without systemd units.
// Starts the uplink first and what feeds it afterwards; ends them the other way round, so that last results and
// checkpoints get through. Thread word: thread-bound to its loop.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ipc/event_loop.h"
#include "process/supervised.h"

namespace veilgate::cli {

struct DaemonSpec {
  std::string name;        ///< "uplink": executable veilgate-uplink, socket <runtime>/uplink.sock
  std::string executable;  ///< full path
  Millis grace{15'000};    ///< from SIGTERM to SIGKILL
};

class SiteSupervisor {
 public:
  struct Settings {
    std::string runtime_dir;
    std::vector<std::string> arguments;  ///< of every daemon
    std::vector<DaemonSpec> daemons;     ///< in the order of starting
    std::vector<std::size_t> stop_order; ///< indices into daemons
  };
  /// `on_ended(exit_code)` once: 0 after stop(), else the code of the daemon that could not start.
  SiteSupervisor(ipc::EventLoop& loop, Settings settings, std::function<void()> on_ready,
                 std::function<void(int exit_code)> on_ended);
  ~SiteSupervisor();

  void start();
  void stop(int exit_code);
  void forward(int signal);

 private:
  void start_next();
  void wait_for_socket(std::size_t index);
  void on_exit(std::size_t index, const process::ExitStatus& status);
  void stop_next(std::size_t position);
  process::Supervised::Callbacks callbacks_for(std::size_t index);

  ipc::EventLoop& loop_;
  Settings settings_;
  std::function<void()> on_ready_;
  std::function<void(int)> on_ended_;
  std::vector<std::unique_ptr<process::Supervised>> daemons_;
  std::size_t started_ = 0;
  bool ready_ = false;
  bool stopping_ = false;
  int exit_code_ = 0;
  ipc::EventLoop::TimerId timer_ = 0;
};

}  // namespace veilgate::cli
