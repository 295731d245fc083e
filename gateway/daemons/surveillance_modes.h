#pragma once
// The modes of `veilgate-surveillance`: its first argument names one; without one it is the lane itself, the parent of
// the camera workers. One line per mode in surveillance_modes.cpp; the work is in the library that is named there.
// Thread word: thread-bound.

#include <span>

namespace veilgate::surveillance {

struct Mode {
  const char* name;                     ///< "analyze"
  int (*run)(int argc, char** argv);    ///< argv[0] is the executable, argv[1] the mode; returns the exit code
};

std::span<const Mode> modes();

}  // namespace veilgate::surveillance
