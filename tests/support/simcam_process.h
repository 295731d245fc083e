#pragma once
// veilgate-simcam as a process of its own on a port the kernel chose, commanded over its standard input, ended with the
// object. The camera of tests that need its faults. Thread word: thread-bound.

#include <string>
#include <vector>

#include <sys/types.h>

namespace veilgate::test {

class SimcamProcess {
 public:
  /// Waits until the camera is ready; url() is empty when it did not become so within 60 s.
  explicit SimcamProcess(std::vector<std::string> arguments);
  ~SimcamProcess();
  SimcamProcess(const SimcamProcess&) = delete;
  SimcamProcess& operator=(const SimcamProcess&) = delete;

  const std::string& url() const { return url_; }
  pid_t pid() const { return pid_; }
  /// Sends one line; true when the camera answers "ok".
  bool command(const std::string& line);

 private:
  std::string read_line(int timeout_ms);

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string pending_;
  std::string url_;
};

}  // namespace veilgate::test
