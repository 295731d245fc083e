#include "process/restart_brake.h"

#include <algorithm>

namespace veilgate::process {
namespace {
constexpr Millis kFirstWait{200};
constexpr Millis kLongestWait{5000};
}  // namespace

RestartBrake::Decision RestartBrake::on_exit(MonoTime now) {
  while (!restarts_.empty() && now - restarts_.front() > kWindow) restarts_.pop_front();
  if (static_cast<int>(restarts_.size()) >= kMaxRestarts) {
    restarts_.clear();
    return {kHold, true};
  }
  const Millis wait = std::min(kFirstWait * (1 << restarts_.size()), kLongestWait);
  restarts_.push_back(now);
  return {wait, false};
}

}  // namespace veilgate::process
