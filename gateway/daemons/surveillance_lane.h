#pragma once
// veilgate-surveillance without a mode: the lane's parent process. Thread word: thread-bound.

namespace veilgate::surveillance {

/// Runs until SIGTERM or SIGINT; SIGHUP reloads. Returns the exit code.
int run_lane(int argc, char** argv);

}  // namespace veilgate::surveillance
