#pragma once
// Telling systemd how we are: one datagram to $NOTIFY_SOCKET (sd_notify(3)), without libsystemd. Does nothing when the
// variable is absent. Thread word: thread-safe.

#include <optional>
#include <string>

#include "core/clock.h"

namespace veilgate::process {

void notify(const std::string& state);       ///< "READY=1", "STOPPING=1", "RELOADING=1" …
void notify_status(const std::string& text); ///< shown by systemctl status: "7/8 cameras fresh"
/// Feed only after real progress (frames seen, the loop turned), never from a bare timer.
void notify_progress();                      ///< WATCHDOG=1

/// Half of $WATCHDOG_USEC: how often to feed. None when systemd watches us not ($WATCHDOG_PID is another process's).
std::optional<Millis> watchdog_period();

}  // namespace veilgate::process
