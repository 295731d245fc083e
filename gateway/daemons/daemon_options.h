#pragma once
// The command line that every daemon shares: --config F --runtime DIR --state DIR --credentials DIR.
// Thread word: reentrant.

#include <optional>
#include <string>
#include <vector>

#include "core/problem.h"

namespace veilgate {

struct DaemonOptions {
  std::string config = "/etc/veilgate/veilgate.yaml";
  std::string runtime = "/run/veilgate";   ///< sockets, and what dies with the process
  std::string state = "/var/lib/veilgate"; ///< what survives
  std::string credentials;                 ///< $CREDENTIALS_DIRECTORY, else /etc/veilgate/credentials
};

/// No value: `exit_code` says how to end (help was shown, or the command line is wrong).
std::optional<DaemonOptions> parse_daemon_options(int argc, char** argv, const char* name, int& exit_code);

/// One line per problem to standard error: "file:line: path: message".
void print_problems(const std::string& file, const std::vector<Problem>& problems);

}  // namespace veilgate
