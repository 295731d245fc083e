#include "mqtt/backoff.h"

#include <algorithm>

namespace veilgate::uplink {

Backoff::Backoff(Millis first, Millis longest, std::uint64_t seed)
    : first_(first), longest_(longest), random_(seed) {}

Millis Backoff::next() {
  const int doublings = std::min(attempts_, 20);
  ++attempts_;
  const auto step = std::min(longest_.count(), first_.count() << doublings);
  std::uniform_int_distribution<std::int64_t> jitter(0, step - step / 2);
  return Millis{step / 2 + jitter(random_)};
}

void Backoff::reset() { attempts_ = 0; }

}  // namespace veilgate::uplink
