#pragma once
// A live camera over RTSP, supervised: preflight → admission → guarded pipeline → watchdog on *decoded* frames → back-off
// and again, for years. A socket is not a frame: when no frame was decoded for the watchdog's span the camera is lost,
// whatever the connection says; the open connection gets a little patience (a camera that hung resumes on it), then it
// is built anew. Everything blocking runs beside the caller's loop.
//
// Thread word: next() and the destructor are thread-bound, status() is thread-safe.

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/config.h"
#include "frame/frame_source.h"
#include "media/camera_trust.h"
#include "media/device_admission.h"
#include "media/frame_rate.h"
#include "media/guarded_pipeline.h"
#include "media/open_source.h"
#include "media/reconnect_policy.h"
#include "media/rtsp_preflight.h"
#include "media/rtsp_properties.h"

namespace veilgate::media {

struct RtspTiming {
  Millis watchdog{2500};      ///< no decoded frame for this long: lost
  Millis patience{8000};      ///< … and after this long the connection is built anew
  Millis first_frame{10'000}; ///< a new connection must give a frame within this
  Millis preflight{4000};
  Millis knock_every{2000};   ///< while waiting for a camera that did not answer
  ReconnectPolicy::Settings reconnect{};
};

class RtspSource final : public FrameSource {
 public:
  /// Errors: kMissingPart (no TLS backend, plugin), kInvalidInput (CA file, description), kUntrusted (description).
  static Result<std::unique_ptr<FrameSource>> create(const CameraConfig& camera, PrivacyMask& mask,
                                                     const OpenOptions& options, RtspTiming timing = {});
  ~RtspSource() override;

  Result<std::optional<RawFrame>> next(Millis timeout) override;
  SourceStatus status() const override;

 private:
  RtspSource(const CameraConfig& camera, PrivacyMask& mask, const OpenOptions& options, RtspTiming timing,
             PipelineDescription description, std::shared_ptr<CameraTrust> trust);

  struct Findings {
    PreflightReport report;
    DeviceSeen seen;
    Admission admission;
  };
  struct Cause {
    std::string reason, zh, en;
  };

  void wait_or_connect(Millis timeout);
  void wait(Millis timeout);
  void start_preflight();
  static DeviceSeen look_at_device(const CameraConfig& camera, const PreflightRequest& request,
                                   const PreflightReport& report, const Clock& clock);
  void finish_preflight(const Findings& findings);
  void connect();
  Result<std::optional<RawFrame>> pull(Millis timeout);
  void judge_silence();
  void lose(Loss loss, const Cause& cause);
  bool credentials_file_changed();
  void publish(SourceState state, const Cause& cause);

  const CameraConfig camera_;
  PrivacyMask& mask_;
  const OpenOptions options_;
  const Clock& clock_;
  const RtspTiming timing_;
  const PipelineDescription description_;
  std::shared_ptr<CameraTrust> trust_;  ///< rtsps only; shared with a preflight under way

  ReconnectPolicy policy_;
  CameraCredentials credentials_;
  std::unique_ptr<GuardedPipeline> pipeline_;
  std::future<Findings> preflight_;
  std::shared_ptr<void> preflight_connection_;  ///< open until the first frame
  std::future<bool> knock_;
  ReconnectPolicy::Wait wait_;
  MonoTime connected_{};
  MonoTime last_knock_{};
  std::optional<MonoTime> last_frame_;  ///< guarded by status_mutex_ where status() may read it
  bool frame_on_this_connection_ = false;
  bool unanswered_ = false;             ///< the camera did not answer at all: knock while waiting
  std::int64_t credentials_stamp_ = 0;  ///< modification time of the credential file
  MaskCounters before_;                 ///< of earlier pipelines
  std::uint64_t delivered_ = 0;
  std::shared_ptr<ClockOffset> sender_clock_;

  mutable std::mutex status_mutex_;
  SourceStatus status_;
  FrameRate rate_;
};

}  // namespace veilgate::media
