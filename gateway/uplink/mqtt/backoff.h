#pragma once
// How long to wait before the next attempt: doubles from `first` to `longest`, with jitter so that a thousand gateways
// do not come back in the same second. No attempt limit. Half of each step is fixed and half is random ("equal
// jitter"), so that a wait is never near zero. Thread word: thread-bound.

#include <cstdint>
#include <random>

#include "core/clock.h"

namespace veilgate::uplink {

class Backoff {
 public:
  Backoff(Millis first, Millis longest, std::uint64_t seed);

  Millis next();             ///< between half the step and the step; the step doubles with every call
  void reset();              ///< after a success: the next wait is short again
  int attempts() const { return attempts_; }  ///< calls of next() since the last reset

 private:
  Millis first_;
  Millis longest_;
  std::mt19937_64 random_;
  int attempts_ = 0;
};

}  // namespace veilgate::uplink
