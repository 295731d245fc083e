#pragma once
// When a rule is armed. Thread word: reentrant.

#include "config/config.h"
#include "core/clock.h"
#include "rules/time_zone.h"

namespace veilgate::surveillance {

/// True while a span of `schedule` covers local time; always for an empty schedule. A span past midnight
/// belongs to the day it starts: Mon-Fri 22:00-06:00 covers Saturday 05:59 and not Monday 05:59. Follows the
/// wall clock through a change of summer time.
bool is_armed(const Schedule& schedule, const TimeZone& zone, UtcTime time);

}  // namespace veilgate::surveillance
