#pragma once
// Time. Everything that decides by time takes a Clock, so that tests and offline analysis use media or virtual time.
// UtcTime is milliseconds since 1970-01-01T00:00:00Z; MonoTime never jumps. Thread word: SystemClock and FakeClock
// are thread-safe.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "core/result.h"

namespace veilgate {

using Millis = std::chrono::milliseconds;
using UtcTime = std::chrono::sys_time<Millis>;

struct MonoClockTag {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonoClockTag, duration>;
  static constexpr bool is_steady = true;
};
using MonoTime = MonoClockTag::time_point;

/// How far the wall clock can be trusted; goes into every result.
enum class ClockState { kSynced, kHoldover, kUnsynced };
const char* to_string(ClockState state);  ///< "synced" | "holdover" | "unsynced"

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime now() const = 0;       ///< wall clock, may jump
  virtual MonoTime monotonic() const = 0;  ///< never goes back
  virtual ClockState state() const = 0;
};

/// The machine's clocks; state() asks the kernel (adjtimex), at most once a second.
class SystemClock final : public Clock {
 public:
  UtcTime now() const override;
  MonoTime monotonic() const override;
  ClockState state() const override;
};

/// A clock that moves only when told.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(UtcTime start = UtcTime{}) : utc_ms_(start.time_since_epoch().count()) {}
  UtcTime now() const override { return UtcTime{Millis{utc_ms_.load()}}; }
  MonoTime monotonic() const override { return MonoTime{std::chrono::nanoseconds{mono_ns_.load()}}; }
  ClockState state() const override { return state_.load(); }

  void advance(std::chrono::nanoseconds by) {
    mono_ns_ += by.count();
    utc_ms_ += std::chrono::duration_cast<Millis>(by).count();
  }
  void jump_to(UtcTime utc) { utc_ms_ = utc.time_since_epoch().count(); }  ///< wall clock only
  void set_state(ClockState state) { state_ = state; }

 private:
  std::atomic<std::int64_t> utc_ms_;
  std::atomic<std::int64_t> mono_ns_{0};
  std::atomic<ClockState> state_{ClockState::kSynced};
};

/// "2026-03-01T08:15:30.123Z"
std::string format_utc(UtcTime time);
/// Accepts exactly the form that format_utc writes; the fraction may be absent.
Result<UtcTime> parse_utc(const std::string& text);

}  // namespace veilgate
