#pragma once
// Runs an UplinkService for the life of a process: profile, self-tests, signals, service manager.
// Thread word: start of a process.

#include "config/config.h"
#include "delivery/uplink_service.h"

namespace veilgate::uplink {

/// Returns the exit code. `arguments`: of main, for entering the TLS profile.
int run_uplink(const Config& config, const UplinkDirectories& directories, char** arguments);

}  // namespace veilgate::uplink
