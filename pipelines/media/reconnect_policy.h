#pragma once
// When to try a camera again. Never gives up: jittered exponential back-off from 1 s to 60 s without an attempt limit,
// at most 3 s apart in the first two minutes of an absence (a camera that restarts is back at once), except where
// trying does harm. Refused credentials get two tries and then a hold of 35 minutes, because cameras lock
// accounts (ours; common lock-outs are 30 minutes); a device that is not the approved one is looked at once a minute;
// a camera that comes and goes five times within 60 s is braked for 60 s.
//
// Pure: time comes in as an argument, jitter from a seeded generator. Thread word: thread-bound.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>

#include "core/clock.h"

namespace veilgate::media {

/// Why a try or a running stream ended, sorted by what trying again can do.
enum class Loss {
  kTransient,    ///< network, server, stream: trying again may help
  kCredentials,  ///< the camera refused user or password: trying again may lock the account
  kIdentity,     ///< not the approved device: only a person can change that
};

class ReconnectPolicy {
 public:
  struct Settings {
    std::chrono::milliseconds first_wait{1000};
    std::chrono::milliseconds longest_wait{60'000};
    std::chrono::milliseconds eager_wait{3000};   ///< longest wait while the absence is younger than eager_span
    std::chrono::milliseconds eager_span{120'000};
    int credential_tries = 2;
    std::chrono::milliseconds credential_hold{std::chrono::minutes{35}};
    int brake_losses = 5;
    std::chrono::milliseconds brake_span{60'000};
  };
  struct Wait {
    MonoTime until{};
    bool held = false;    ///< waiting on purpose, not merely backing off
    std::string reason;   ///< "" | "credentials_refused" | "device_refused" | "restart_brake"
  };

  ReconnectPolicy(Settings settings, std::uint64_t seed) : settings_(settings), random_(seed) {}

  /// A decoded frame arrived: the next loss starts again at the shortest wait.
  void online();
  /// A try failed or the stream was lost; says until when not to try.
  Wait lost(Loss loss, MonoTime now);
  /// New credentials are in place: what was held for them may be tried at once.
  void credentials_changed();

 private:
  std::chrono::nanoseconds jittered(std::chrono::milliseconds wait);

  Settings settings_;
  std::mt19937_64 random_;
  int failures_ = 0;
  std::optional<MonoTime> absent_since_;
  int credential_failures_ = 0;
  bool was_online_ = false;
  std::deque<MonoTime> losses_;  ///< of streams that had been online, within brake_span
};

}  // namespace veilgate::media
