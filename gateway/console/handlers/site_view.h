#pragma once
// What the console knows of the other processes: their answers to "status", asked for once a second and never older
// than they say. Thread word: poll side thread-bound to its loop; snapshot() and loop_age() are thread-safe.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "ipc/client.h"
#include "ipc/event_loop.h"

namespace veilgate::console {

struct ProcessAnswer {
  std::string json;   ///< the last answer; empty = none yet
  MonoTime received{};
};

struct SiteSnapshot {
  std::map<std::string, ProcessAnswer> processes;  ///< by name: "surveillance", "uplink"
  MonoTime now{};
  Millis loop_age{};                               ///< since the console's own loop last turned

  /// The answer of `process` if it is younger than kFresh.
  const std::string* fresh(const std::string& process) const;
  static constexpr Millis kFresh{5'000};
};

class SiteView {
 public:
  SiteView(ipc::EventLoop& loop, const std::string& runtime_dir, const std::vector<std::string>& processes,
           const Clock& clock);
  ~SiteView();

  SiteSnapshot snapshot() const;

 private:
  void poll();

  ipc::EventLoop& loop_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<ipc::Client>> clients_;
  ipc::EventLoop::TimerId timer_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, ProcessAnswer> answers_;
  MonoTime turned_{};
};

}  // namespace veilgate::console
