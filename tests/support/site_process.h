#pragma once
// `veilgate run` on a site of its own: temporary directories, a test PKI, a configuration, and the pids that it said it
// started. Ends only what it started. Thread word: thread-bound.

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/child_process.h"
#include "support/site_config.h"
#include "support/temp_dir.h"

namespace veilgate::test {

class SiteProcess {
 public:
  explicit SiteProcess(std::string bin) : bin_(std::move(bin)) {}

  void make_pki(const std::string& script) {
    ChildProcess pki({script, dir_ / "pki"}, dir_ / "pki.log");
    ASSERT_EQ(pki.wait(), 0) << text(dir_ / "pki.log");
  }
  void write_config(const std::string& yaml) { std::ofstream(config()) << yaml; }
  void start() {
    run_ = ChildProcess({bin_ + "/veilgate", "run", "--config", config(), "--runtime", runtime(), "--state",
                         dir_ / "state", "--credentials", credentials()},
                        log_file());
  }
  ChildProcess& run() { return run_; }
  /// `veilgate COMMAND…`; its output is output().
  int veilgate(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), bin_ + "/veilgate");
    std::ofstream(dir_ / "out").close();
    ChildProcess command(arguments, dir_ / "out", {"LC_ALL=C.UTF-8"});
    return command.wait();
  }
  std::string output() const { return text(dir_ / "out"); }

  std::string config() const { return dir_ / "site.yaml"; }
  std::string runtime() const { return dir_ / "run"; }
  std::string credentials() const { return dir_ / "pki/gateway"; }
  std::string log_file() const { return dir_ / "run.log"; }
  std::string log() const { return text(log_file()); }
  bool logged(const std::string& line) const { return log().find(line) != std::string::npos; }

  /// Every pid that the log says was started under this name, oldest first.
  std::vector<pid_t> pids(const std::string& name) const {
    const std::string all = log();
    const std::regex pattern("started " + name + " pid=([0-9]+)");
    std::vector<pid_t> found;
    for (std::sregex_iterator i(all.begin(), all.end(), pattern), end; i != end; ++i)
      found.push_back(static_cast<pid_t>(std::stol((*i)[1])));
    return found;
  }
  static bool alive(pid_t pid) { return ::kill(pid, 0) == 0 && !zombie(pid); }

  /// Looks again every 20 ms, at most `seconds`.
  template <typename Condition>
  static bool wait_for(Condition condition, int seconds = 30) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

 private:
  static std::string text(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static bool zombie(pid_t pid) {
    const auto stat = text("/proc/" + std::to_string(pid) + "/stat");
    const auto at = stat.rfind(')');
    return at != std::string::npos && at + 2 < stat.size() && stat[at + 2] == 'Z';
  }

  TempDir dir_;
  std::string bin_;
  ChildProcess run_;
};

}  // namespace veilgate::test
