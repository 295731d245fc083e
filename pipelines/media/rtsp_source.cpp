#include "media/rtsp_source.h"

#include <functional>
#include <random>
#include <thread>

#include <sys/stat.h>

#include "core/log.h"
#include "media/onvif_identity.h"

namespace veilgate::media {
namespace {

const Clock& clock_of(const OpenOptions& options) {
  static const SystemClock machine;
  return options.clock ? *options.clock : machine;
}

/// Beside the caller's loop. Detached, because a camera that does not answer must not hold up the end of the process;
/// what it uses it owns.
template <typename T>
std::future<T> run_beside(std::function<T()> work) {
  std::packaged_task<T()> task(std::move(work));
  auto result = task.get_future();
  std::thread(std::move(task)).detach();
  return result;
}

template <typename T>
bool is_ready(std::future<T>& future, Millis wait) {
  return future.wait_for(wait) == std::future_status::ready;
}

std::int64_t modification_time(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec : 0;
}

Loss loss_of(const PreflightReport& report) {
  if (report.reason == "credentials_refused") return Loss::kCredentials;
  return report.reason == "certificate_differs" ? Loss::kIdentity : Loss::kTransient;
}

}  // namespace

Result<std::unique_ptr<FrameSource>> RtspSource::create(const CameraConfig& camera, PrivacyMask& mask,
                                                        const OpenOptions& options, RtspTiming timing) {
  VG_TRY(auto description, description_for(camera.source));
  std::shared_ptr<CameraTrust> trust;
  if (camera.source.rtsp.rfind("rtsps://", 0) == 0) {
    VG_TRY(trust, CameraTrust::create(camera.source.ca, camera.device.certificate_sha256));
  }
  return std::unique_ptr<FrameSource>(
      new RtspSource(camera, mask, options, timing, std::move(description), std::move(trust)));
}

RtspSource::RtspSource(const CameraConfig& camera, PrivacyMask& mask, const OpenOptions& options, RtspTiming timing,
                       PipelineDescription description, std::shared_ptr<CameraTrust> trust)
    : camera_(camera),
      mask_(mask),
      options_(options),
      clock_(clock_of(options)),
      timing_(timing),
      description_(std::move(description)),
      trust_(std::move(trust)),
      policy_(timing.reconnect, std::hash<std::string>{}(camera.id.get()) ^ std::random_device{}()),
      sender_clock_(std::make_shared<ClockOffset>(kNoClock)) {}

RtspSource::~RtspSource() = default;

Result<std::optional<RawFrame>> RtspSource::next(Millis timeout) {
  if (pipeline_) return pull(timeout);
  wait_or_connect(timeout);
  return std::optional<RawFrame>();
}

void RtspSource::wait_or_connect(Millis timeout) {
  if (preflight_.valid()) {
    if (is_ready(preflight_, timeout)) finish_preflight(preflight_.get());
    return;
  }
  if (wait_.reason == "credentials_refused" && credentials_file_changed()) {
    policy_.credentials_changed();
    wait_ = {};
  }
  if (clock_.monotonic() < wait_.until) wait(timeout);
  else start_preflight();
}

/// While a camera that did not answer is away, a knock every few seconds notices its return.
void RtspSource::wait(Millis timeout) {
  const auto left = std::chrono::duration_cast<Millis>(wait_.until - clock_.monotonic()) + Millis{1};
  const Millis span = std::min(timeout, left);
  if (!unanswered_ || wait_.held) {
    std::this_thread::sleep_for(span);
    return;
  }
  if (!knock_.valid() && clock_.monotonic() - last_knock_ > timing_.knock_every) {
    last_knock_ = clock_.monotonic();
    const PreflightRequest request{camera_.source.rtsp, {}, trust_.get(), timing_.preflight};
    knock_ = run_beside<bool>([request, trust = trust_] { return rtsp_answers(request); });
  }
  if (!knock_.valid()) {
    std::this_thread::sleep_for(span);
  } else if (is_ready(knock_, span) && knock_.get()) {
    wait_ = {};  // it answers again: try at once
  }
}

void RtspSource::start_preflight() {
  const std::string path = options_.credentials_dir + "/" + camera_.source.credentials;
  credentials_stamp_ = modification_time(path);
  auto credentials = read_camera_credentials(options_.credentials_dir, camera_.source.credentials);
  if (!credentials) {
    lose(Loss::kTransient, {"credentials_unreadable", "摄像机凭据无法读取：" + path, credentials.error().message()});
    return;
  }
  credentials_ = std::move(*credentials);
  const PreflightRequest request{camera_.source.rtsp, credentials_, trust_.get(), timing_.preflight};
  preflight_ = run_beside<Findings>([request, camera = camera_, clock = &clock_, trust = trust_] {
    Findings findings;
    findings.report = rtsp_preflight(request, *clock);
    findings.seen = look_at_device(camera, request, findings.report, *clock);
    findings.admission = judge_device(camera, findings.seen);
    return findings;
  });
}

/// ONVIF is asked only when its serial is pinned, or when it is the best there is to approve a new device by.
DeviceSeen RtspSource::look_at_device(const CameraConfig& camera, const PreflightRequest& request,
                                      const PreflightReport& report, const Clock& clock) {
  DeviceSeen seen;
  seen.certificate = report.certificate;
  const DeviceConfig& pinned = camera.device;
  if (camera.source.test || report.stage == PreflightStage::kName || report.stage == PreflightStage::kNetwork) return seen;
  seen.mac = mac_of(request.url);
  const bool unknown = pinned.certificate_sha256.empty() && pinned.mac.empty() && !report.certificate.seen;
  if (!pinned.onvif_serial.empty() || unknown) {
    const std::string service =
        pinned.onvif_service.empty() ? onvif_device_service(request.url) : pinned.onvif_service;
    seen.onvif_serial = onvif_serial_number(service, request.credentials, clock, request.timeout).value_or("");
  }
  return seen;
}

void RtspSource::finish_preflight(const Findings& findings) {
  const PreflightReport& report = findings.report;
  {
    const std::lock_guard lock(status_mutex_);
    if (report.certificate.seen) status_.device_certificate_sha256 = report.certificate.sha256;
    if (!findings.seen.mac.empty()) status_.device_mac = findings.seen.mac;
    if (!findings.seen.onvif_serial.empty()) status_.device_onvif_serial = findings.seen.onvif_serial;
    if (report.clock_offset) status_.clock_offset = report.clock_offset;
  }
  unanswered_ = report.stage == PreflightStage::kName || report.stage == PreflightStage::kNetwork;
  const bool device_seen = report.stage != PreflightStage::kName && report.stage != PreflightStage::kNetwork;
  if (device_seen && !findings.admission.admitted && report.reason != "certificate_differs") {
    lose(Loss::kIdentity, {findings.admission.reason, findings.admission.message_zh, findings.admission.message});
  } else if (report.stage != PreflightStage::kPassed) {
    lose(loss_of(report), {report.reason, report.message_zh, report.message});
  } else {
    preflight_connection_ = report.connection;
    connect();
  }
}

void RtspSource::connect() {
  PipelineParts parts;
  parts.description = description_;
  parts.mask = &mask_;
  parts.clock = &clock_;
  parts.pace = Pace::kLive;
  parts.configure = rtsp_properties(camera_.source, credentials_, trust_.get(), sender_clock_);
  auto pipeline = GuardedPipeline::create(std::move(parts));
  Result<void> started = pipeline ? (*pipeline)->start() : Result<void>(pipeline.error());
  if (!started) {
    const bool refused = started.error().code() == ErrorCode::kUntrusted;
    lose(Loss::kTransient, {refused ? "mask_not_proven" : "pipeline_failed", "媒体管道无法启动：" + started.error().message(),
                            started.error().message()});
    return;
  }
  const std::lock_guard lock(status_mutex_);
  pipeline_ = std::move(*pipeline);
  connected_ = clock_.monotonic();
  frame_on_this_connection_ = false;
  rate_.restart();
}

Result<std::optional<RawFrame>> RtspSource::pull(Millis timeout) {
  const FrameTimer timer = [this](const MaskStamp& stamp, std::optional<std::chrono::nanoseconds>) {
    return clock_.now() - std::chrono::duration_cast<Millis>(clock_.monotonic() - stamp.arrived);
  };
  auto frame = pipeline_->pull(timeout, timer);
  if (frame && *frame) {
    const FrameInfo& info = (*frame)->info();
    policy_.online();
    preflight_connection_.reset();
    {
      const std::lock_guard lock(status_mutex_);
      ++delivered_;
      last_frame_ = info.arrived;
      frame_on_this_connection_ = true;
      status_.width = info.width;
      status_.height = info.height;
      rate_.note(info.arrived, info.number);
    }
    publish(SourceState::kOnline, {});
    return frame;
  }
  if (const auto failed = pipeline_->failure()) {
    const bool denied = failed->error.code() == ErrorCode::kPermission;
    const bool mask = failed->error.code() == ErrorCode::kUntrusted;
    lose(denied ? Loss::kCredentials : Loss::kTransient,
         {denied ? "credentials_refused" : mask ? "mask_not_proven" : "stream_error",
          "视频流出错：" + failed->error.message(), failed->error.message()});
  } else if (pipeline_->ended()) {
    lose(Loss::kTransient, {"stream_ended", "摄像机结束了视频流", "the camera ended its stream"});
  } else {
    judge_silence();
  }
  return std::optional<RawFrame>();
}

void RtspSource::judge_silence() {
  const MonoTime now = clock_.monotonic();
  const auto counters = pipeline_->counters();
  if (counters.last_decoded) {
    const std::lock_guard lock(status_mutex_);
    last_frame_ = *counters.last_decoded;
    frame_on_this_connection_ = true;
  }
  const bool was_online = frame_on_this_connection_;
  const auto silent = now - (was_online ? *last_frame_ : connected_);
  const Cause cause = counters.refused > 0 && !counters.last_decoded
                          ? Cause{"frames_refused", "隐私遮挡无法覆盖该画面格式，已全部丢弃",
                                  "the privacy mask cannot cover these frames; all were dropped"}
                          : Cause{"no_frames", "连接仍在，但没有解码出画面", "the connection is open, but no frame was decoded"};
  if (silent > (was_online ? timing_.patience : timing_.first_frame)) lose(Loss::kTransient, cause);
  else if (was_online && silent > timing_.watchdog) publish(SourceState::kLost, cause);
}

void RtspSource::lose(Loss loss, const Cause& cause) {
  preflight_connection_.reset();
  if (pipeline_) {
    const MaskCounters counters = pipeline_->counters();
    before_.decoded += counters.decoded;
    before_.refused += counters.refused;
    const std::lock_guard lock(status_mutex_);
    pipeline_.reset();
    ++status_.reconnects;
  }
  wait_ = policy_.lost(loss, clock_.monotonic());
  const bool held = wait_.held;
  if (wait_.reason == "restart_brake")
    publish(SourceState::kHeld, {"restart_brake", "60 秒内多次中断，暂停 60 秒；最近一次：" + cause.zh,
                                 "lost too often within 60 s, pausing for 60 s; last: " + cause.en});
  else
    publish(held ? SourceState::kHeld : SourceState::kLost, cause);
}

bool RtspSource::credentials_file_changed() {
  return modification_time(options_.credentials_dir + "/" + camera_.source.credentials) != credentials_stamp_;
}

void RtspSource::publish(SourceState state, const Cause& cause) {
  bool changed = false;
  {
    const std::lock_guard lock(status_mutex_);
    changed = status_.state != state || status_.reason != cause.reason;
    status_.state = state;
    status_.reason = cause.reason;
    status_.message = cause.en;
    status_.message_zh = cause.zh;
  }
  if (!changed) return;
  const std::string text = "camera=" + camera_.id.get() + " state=" + to_string(state) +
                           (cause.reason.empty() ? "" : " reason=" + cause.reason + " " + cause.en);
  if (state == SourceState::kOnline) VG_LOG(kInfo, "camera", text);
  else VG_LOG(kWarning, "camera", text);
}

SourceStatus RtspSource::status() const {
  const std::lock_guard lock(status_mutex_);
  SourceStatus status = status_;
  MaskCounters counters;
  if (pipeline_) {
    counters = pipeline_->counters();
    status.codec = pipeline_->codec();
  }
  status.frames = before_.decoded + counters.decoded;
  status.frames_refused = before_.refused + counters.refused;
  const std::uint64_t passed = status.frames - status.frames_refused;
  status.frames_dropped = passed > delivered_ ? passed - delivered_ : 0;
  status.fps = status.state == SourceState::kOnline ? rate_.per_second() : 0;
  if (last_frame_) status.last_frame_age = std::chrono::duration_cast<Millis>(clock_.monotonic() - *last_frame_);
  if (const auto offset = sender_clock_->load(); offset != kNoClock)
    status.clock_offset = std::chrono::seconds{offset / 1000};
  return status;
}

}  // namespace veilgate::media
