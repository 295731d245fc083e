#pragma once
// The commands of `veilgate`, one file each. A command registers itself under the root and sets `exit_code` when it
// runs. Thread word: thread-bound.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace veilgate::cli {

void add_version(CLI::App& root, int& exit_code);
void add_check(CLI::App& root, int& exit_code);
void add_audit(CLI::App& root, int& exit_code);
void add_models(CLI::App& root, int& exit_code);
void add_run(CLI::App& root, int& exit_code);
void add_status(CLI::App& root, int& exit_code);
void add_camera(CLI::App& root, int& exit_code);

/// Commands that another executable carries out (the command line never links a lane): the arguments are handed over
/// unchanged and the process is replaced. Returns only when that executable cannot be started.
struct Delegate {
  const char* command;     ///< "analyze"
  const char* executable;  ///< "veilgate-surveillance"
  const char* help_zh;
  const char* help_en;
};
const std::vector<Delegate>& delegates();
int run_delegate(const Delegate& delegate, char** arguments);

/// The full path of a sibling executable: beside this one, else the bare name (found in PATH).
std::string sibling_executable(const std::string& name);

}  // namespace veilgate::cli
