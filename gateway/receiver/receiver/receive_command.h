#pragma once
// `veilgate-receive --config F [--json] [--for SECONDS]`: builds the receiver from its configuration and runs it until
// the time is over or a signal comes; then waits for the last checkpoint before it says what it received.
// Thread word: start of a process.

#include <optional>
#include <string>

#include "core/clock.h"

namespace veilgate::receiver {

enum class OutputForm { kLines, kJson };

struct ReceiveOptions {
  std::string config;
  OutputForm form = OutputForm::kLines;
  std::optional<Millis> run_for;  ///< absent: until SIGINT or SIGTERM
};

/// Returns the exit code.
int run_receive(const ReceiveOptions& options, char** arguments);

}  // namespace veilgate::receiver
