#pragma once
// What differs between the running configuration and a candidate, and what each change takes to come into
// force. For SIGHUP: load the candidate; refuse it whole when it has errors; else compare and act. The table
// of keys (config/sections.h) says which change is which. Thread word: reentrant.

#include <string>
#include <vector>

#include "config/config.h"

namespace veilgate {

enum class Reload {
  kLive,     ///< taken over while everything runs
  kCamera,   ///< taken over by starting this camera's worker again; the others go on
  kRestart,  ///< needs a restart of the gateway: SIGHUP reports it and keeps the running value
};
const char* to_string(Reload reload);  ///< "live", "camera", "restart"

struct Change {
  std::string path;    ///< list elements by id: surveillance.cameras[gate-east].rules[stay].threshold
  std::string camera;  ///< id of the camera concerned; empty = none in particular
  std::string before;  ///< as written in a file; empty = absent
  std::string after;
  Reload reload = Reload::kRestart;
};

/// Every difference, in table order; empty when both say the same. A camera added or taken away is one
/// change.
std::vector<Change> compare(const Config& running, const Config& candidate);

}  // namespace veilgate
