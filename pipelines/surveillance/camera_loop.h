#pragma once
// One camera inside a worker: frames → mask → chain → results, until told to end. A source or a chain that cannot be
// opened is reported with its reason and tried again every kRetry: the camera, file or model may come later.
// Thread word: run() is thread-bound (one thread per camera); stop() and confirm_view() are thread-safe.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "config/config.h"
#include "frame/frame_source.h"
#include "lane/camera_chain.h"
#include "lane/worker_protocol.h"

namespace veilgate::surveillance {

class CameraLoop {
 public:
  static constexpr Millis kRetry{10'000};

  struct Settings {
    CameraConfig camera;
    std::string timezone;
    std::string credentials_dir;
    bool view_unconfirmed = false;  ///< shifted before this worker began, and no person has confirmed it yet
  };
  struct Outlets {
    std::function<Result<void>(WorkerResult&&)> result;
    std::function<void(const CameraReport&)> report;
  };

  CameraLoop(Settings settings, Outlets outlets);
  ~CameraLoop();

  /// Until stop(); running visits and events are ended and handed over before it returns.
  void run();
  void stop() { stopping_ = true; }
  /// A person has looked at the new view: zones apply again instead of the whole picture.
  void confirm_view() { view_confirmed_ = true; }

 private:
  class Sink;
  Result<void> open();
  void close();
  void take_frames();
  void wait_and_report(const Error& error);
  void report(const SourceStatus& status);
  void mind_view();
  bool report_due();

  Settings settings_;
  Outlets outlets_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> view_confirmed_{false};
  ViewGuard view_;                       // over reconnects: a camera may be turned while it is away
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<PrivacyMask> mask_;
  std::unique_ptr<FrameSource> source_;  // painted by mask_: destroyed before it
  std::unique_ptr<CameraChain> chain_;
  MonoTime reported_{};
};

}  // namespace veilgate::surveillance
