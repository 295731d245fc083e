#pragma once
// The whole test camera: pictures at their time, faults as they are commanded, ground truth as it happens.
// Thread word: run() and the destructor thread-bound; stop() is async-signal-safe.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "simcam/serve/coded_stream.h"
#include "simcam/serve/control.h"
#include "simcam/serve/rtsp_server.h"
#include "simcam/serve/truth_file.h"

namespace veilgate::simcam {

class TestCamera {
 public:
  struct Settings {
    LobbyScene::Settings lobby;  ///< its size and frame rate hold for a video as well
    std::string video;           ///< a file instead of the lobby; empty = the lobby
    Encoder::Settings encoder;
    RtspServer::Settings server;
    std::string control;       ///< "-", a socket's path, or empty
    std::string ground_truth;  ///< JSON lines; empty = none
    std::string ready_file;    ///< gets the URLs, one per line, once clients are welcome
    double duration_s = 0;     ///< 0 = until stopped
    double pre_encode_s = 0;   ///< coded before the camera is ready
    std::vector<std::pair<double, std::string>> script;  ///< commands at seconds after the start, sorted
  };
  static Result<std::unique_ptr<TestCamera>> create(Settings settings);

  /// Serves until stop(), `quit` or the duration; an error is final.
  Result<void> run();
  void stop() { stopping_ = true; }
  std::vector<std::string> urls() const { return server_->urls(); }

 private:
  explicit TestCamera(Settings settings) : settings_(std::move(settings)) {}
  Result<void> open();
  Result<void> announce() const;
  std::string command(const std::string& line);  // from the control's thread
  Result<void> obey();                           // commands that the loop must do itself
  Result<void> show(std::uint64_t number, const Faults& faults);
  void serve_faults(const Faults& faults, double since_start_s);
  std::string status() const;

  Settings settings_;
  SystemClock clock_;
  std::unique_ptr<CodedStream> stream_;
  std::unique_ptr<RtspServer> server_;
  std::unique_ptr<TruthLines> truth_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> delivered_{0};
  mutable std::mutex mutex_;
  Faults faults_;
  std::vector<Command> orders_;
  Faults served_;  // what the server was told
  double last_drop_s_ = 0;
  std::unique_ptr<Control> control_;  // last: its thread uses the others
};

}  // namespace veilgate::simcam
