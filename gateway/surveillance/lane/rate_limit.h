#pragma once
// A token bucket: `per_second` on average, `burst` at once. Thread word: thread-bound.

#include <algorithm>

#include "core/clock.h"

namespace veilgate::surveillance {

class RateLimit {
 public:
  RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  /// True when one more is allowed at `now`.
  bool allow(MonoTime now) {
    const double passed = std::chrono::duration<double>(now - last_).count();
    if (last_ != MonoTime{}) tokens_ = std::min(burst_, tokens_ + std::max(passed, 0.0) * per_second_);
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  MonoTime last_{};
};

}  // namespace veilgate::surveillance
