#pragma once
// A SQLite VFS for power-loss tests: it remembers what every write since the last sync overwrote. cut_power()
// makes all further writes fail and takes the unsynced ones back (all of them, or a random part, as a disk
// that reorders would), so that reopening sees what would be on the platter. Thread word: thread-bound.

#include <cstdint>
#include <random>
#include <string>

namespace veilgate::testing_support {

enum class PowerLoss {
  kForgetAll,   ///< nothing unsynced reached the disk
  kForgetSome,  ///< an arbitrary part of it did
};

class ForgetfulVfs {
 public:
  /// Registers the VFS under name() once per process.
  static const char* name();
  /// Until restore_power(), every write, truncate and sync of any file of this VFS fails.
  static void cut_power(PowerLoss kind, std::mt19937& random);
  static void restore_power();
  /// From now on a file may not grow by more than this many bytes; negative: no limit.
  static void limit_growth(std::int64_t bytes);
  static std::uint64_t syncs();  ///< since the process began; a test that sees none tests nothing
};

}  // namespace veilgate::testing_support
