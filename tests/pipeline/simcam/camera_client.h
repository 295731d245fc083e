#pragma once
// What tests of the test camera need: the camera as a process with its control socket, and a GStreamer client
// that sees decoded pictures. Thread word: thread-bound.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.h"
#include "support/temp_dir.h"

namespace veilgate::test {

/// veilgate-simcam, 320×180 at 10 pictures per second unless `options` say otherwise; waits until it is
/// ready.
class SimcamProcess {
 public:
  explicit SimcamProcess(std::vector<std::string> options = {});
  const std::vector<std::string>& urls() const { return urls_; }
  const std::string& url() const { return urls_.at(0); }
  /// Sends one line to the control socket and gives the answer.
  std::string tell(const std::string& line) const;
  std::string truth_file() const { return directory_ / "truth.jsonl"; }
  std::string log() const;
  pid_t pid() const { return child_.pid(); }
  bool running() { return child_.running(); }
  int end() { return child_.end(SIGTERM); }

 private:
  TempDir directory_;
  ChildProcess child_;
  std::vector<std::string> urls_;
};

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> luma;
  double mean() const;
  double sharpness() const;                       ///< mean difference of neighbours
  double difference(const Picture& other) const;  ///< mean of absolute differences; 255 when sizes differ
};

/// Plays a URL over TCP, decodes whatever codec it is.
class CameraClient {
 public:
  struct Login {
    std::string user, password;
  };
  explicit CameraClient(const std::string& url, Login login = {}, const std::string& ca_file = {});
  ~CameraClient();

  /// The next picture within the time, or none.
  std::optional<Picture> next(std::chrono::milliseconds within = std::chrono::seconds(8));
  /// Throws away what is queued and gives the newest picture.
  std::optional<Picture> newest();
  bool ended(std::chrono::milliseconds within = std::chrono::seconds(8));  ///< EOS or a lost connection
  std::string error();                                                     ///< of the bus, waits up to 8 s
  /// Waits up to 8 s until the camera has offered that many.
  bool has_tracks(int awaited) const;
  /// Wall clock of the camera by its sender reports minus ours, seconds; waits up to 8 s.
  std::optional<double> clock_offset();

 private:
  struct Pipeline;
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace veilgate::test
