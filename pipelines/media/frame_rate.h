#pragma once
// Frames per second over the last few seconds. Thread word: thread-bound.

#include <chrono>
#include <cstdint>
#include <deque>
#include <utility>

#include "core/clock.h"

namespace veilgate::media {

class FrameRate {
 public:
  /// `decoded`: frames decoded so far, not only those that analysis took.
  void note(MonoTime now, std::uint64_t decoded) {
    seen_.emplace_back(now, decoded);
    while (seen_.size() > 2 && now - seen_.front().first > kWindow) seen_.pop_front();
  }
  void restart() { seen_.clear(); }

  double per_second() const {
    if (seen_.size() < 2) return 0;
    const double seconds = std::chrono::duration<double>(seen_.back().first - seen_.front().first).count();
    return seconds > 0 ? static_cast<double>(seen_.back().second - seen_.front().second) / seconds : 0;
  }

 private:
  static constexpr std::chrono::seconds kWindow{3};
  std::deque<std::pair<MonoTime, std::uint64_t>> seen_;
};

}  // namespace veilgate::media
