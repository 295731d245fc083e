#pragma once
// What every veilgate executable returns (BSD sysexits where one fits).

namespace veilgate {

enum ExitCode : int {
  kExitOk = 0,            ///< done, and what was examined is good
  kExitNotGood = 1,       ///< done, and what was examined is not good (ports, accept, verify, check)
  kExitUsage = 64,        ///< the command line is wrong
  kExitNoInput = 66,      ///< an input cannot be read
  kExitMissingPart = 69,  ///< a needed part is absent; the message names the command that installs it
  kExitInternal = 70,     ///< our fault
  kExitPermission = 77,   ///< not permitted
  kExitConfig = 78,       ///< the configuration is wrong
};

}  // namespace veilgate
