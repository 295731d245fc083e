#pragma once
// When a child that ended may be started again: soon at first (200 ms, doubling to 5 s), and after the fifth restart
// within 60 s not for another 60 s. No limit of attempts: a camera must come back by itself.
// Thread word: reentrant.

#include <deque>

#include "core/clock.h"

namespace veilgate::process {

class RestartBrake {
 public:
  static constexpr int kMaxRestarts = 5;
  static constexpr Millis kWindow{60'000};
  static constexpr Millis kHold{60'000};

  struct Decision {
    Millis wait;        ///< before the next start
    bool held = false;  ///< the brake is on: say so
  };

  /// The child ended at `now`.
  Decision on_exit(MonoTime now);
  /// A person changed something (SIGHUP, approval): start afresh.
  void release() { restarts_.clear(); }

 private:
  std::deque<MonoTime> restarts_;
};

}  // namespace veilgate::process
