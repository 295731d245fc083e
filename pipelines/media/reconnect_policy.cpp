#include "media/reconnect_policy.h"

#include <algorithm>
#include <utility>

namespace veilgate::media {

void ReconnectPolicy::online() {
  failures_ = 0;
  credential_failures_ = 0;
  absent_since_.reset();
  was_online_ = true;
}

void ReconnectPolicy::credentials_changed() {
  failures_ = 0;
  credential_failures_ = 0;
}

ReconnectPolicy::Wait ReconnectPolicy::lost(Loss loss, MonoTime now) {
  if (std::exchange(was_online_, false)) losses_.push_back(now);
  while (!losses_.empty() && now - losses_.front() > settings_.brake_span) losses_.pop_front();

  if (!absent_since_) absent_since_ = now;

  if (loss == Loss::kCredentials && ++credential_failures_ >= settings_.credential_tries) {
    credential_failures_ = 0;  // two more tries after the hold
    return {now + settings_.credential_hold, true, "credentials_refused"};
  }
  if (loss == Loss::kIdentity) return {now + settings_.longest_wait, true, "device_refused"};
  if (static_cast<int>(losses_.size()) >= settings_.brake_losses) {
    losses_.clear();
    return {now + settings_.brake_span, true, "restart_brake"};
  }
  const bool eager = now - *absent_since_ < settings_.eager_span;
  const int doublings = std::min(failures_++, 16);
  const auto wait = std::min(settings_.first_wait * (1 << doublings), eager ? settings_.eager_wait : settings_.longest_wait);
  if (eager) failures_ = std::min(failures_, 2);
  return {now + jittered(wait), false, ""};
}

std::chrono::nanoseconds ReconnectPolicy::jittered(std::chrono::milliseconds wait) {
  // Half fixed, half random: a hundred cameras behind one switch do not come back in step.
  std::uniform_real_distribution<double> share(0.5, 1.0);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(wait * share(random_));
}

}  // namespace veilgate::media
