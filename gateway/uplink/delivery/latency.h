#pragma once
// The newest waits of records, from sealing to the broker's acknowledgement. Thread word: thread-bound.

#include <algorithm>
#include <array>
#include <vector>

#include "core/clock.h"

namespace veilgate::uplink {

class Latency {
 public:
  void add(Millis wait) { samples_[count_++ % samples_.size()] = wait; }
  std::uint64_t count() const { return count_; }
  /// `part` 0…1 of the newest 1000 samples were at most this long; 0 without samples.
  Millis quantile(double part) const {
    std::vector<Millis> sorted(samples_.begin(), samples_.begin() + std::min<std::size_t>(count_, samples_.size()));
    if (sorted.empty()) return Millis{0};
    const auto at = std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())));
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
    return sorted[at];
  }

 private:
  std::array<Millis, 1000> samples_{};
  std::uint64_t count_ = 0;
};

}  // namespace veilgate::uplink
