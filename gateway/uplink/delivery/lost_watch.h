#pragma once
// When to believe that a broker lost what it acknowledged. A receipt shows that the platform is alive and has worked
// through what reached it; a record that was acknowledged well before and is still uncovered did not arrive. That is
// asked once after every reconnection (a broker that died may have forgotten), and otherwise now and then, less often
// each time, because a record that the platform refuses stays uncovered too.
// Pure decision, no I/O. Thread word: thread-bound.

#include <algorithm>
#include <optional>

#include "core/clock.h"

namespace veilgate::uplink {

class LostWatch {
 public:
  static constexpr Millis kAfterReconnect{3'000};
  static constexpr Millis kPatience{20'000};
  static constexpr Millis kLongest{640'000};

  void on_online(MonoTime now) { online_since_ = now; }
  /// A receipt came. A value: records sent at least that long ago are to be sent again; tell found() how many were.
  std::optional<Millis> on_receipt(MonoTime now);
  void found(std::int64_t records) { wait_ = records > 0 ? std::min(wait_ * 2, kLongest) : kPatience; }

 private:
  std::optional<MonoTime> online_since_;  ///< of a connection not looked at yet
  std::optional<MonoTime> last_;
  Millis wait_ = kPatience;
};

inline std::optional<Millis> LostWatch::on_receipt(MonoTime now) {
  if (online_since_ && now - *online_since_ >= kAfterReconnect) {
    const auto since = std::chrono::duration_cast<Millis>(now - *online_since_);
    online_since_.reset();
    last_ = now;
    return since;
  }
  if (!last_) last_ = now;
  if (now - *last_ < wait_) return std::nullopt;
  last_ = now;
  return kPatience;
}

}  // namespace veilgate::uplink
