#include "surveillance/camera_loop.h"

#include <thread>

#include "core/log.h"
#include "media/open_source.h"
#include "surveillance/chain_parts.h"

namespace veilgate::surveillance {
namespace {

constexpr Millis kFrameWait{200};
constexpr Millis kReportPeriod{1'000};
constexpr Millis kNap{100};

MonoTime mono_now() { return SystemClock().monotonic(); }

const char* detector_name(DetectorKind kind) {
  switch (kind) {
    case DetectorKind::kAuto: return "auto";
    case DetectorKind::kOwn: return "own";
    case DetectorKind::kHog: return "hog";
    case DetectorKind::kYunet: return "yunet";
  }
  return "";
}

/// Why the camera cannot work at all just now.
SourceStatus refused_status(const Error& error) {
  SourceStatus status;
  status.state = SourceState::kHeld;
  status.reason = to_string(error.code());
  status.message = error.message().substr(0, 300);
  for (auto& c : status.message)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return status;
}

}  // namespace

class CameraLoop::Sink final : public ResultSink {
 public:
  explicit Sink(CameraLoop& loop) : loop_(loop) {}
  Result<void> submit(SurveillanceResult result) override {
    return loop_.outlets_.result({loop_.settings_.camera.id, std::move(result)});
  }

 private:
  CameraLoop& loop_;
};

CameraLoop::CameraLoop(Settings settings, Outlets outlets)
    : settings_(std::move(settings)), outlets_(std::move(outlets)), sink_(std::make_unique<Sink>(*this)) {
  if (settings_.view_unconfirmed) view_.begin_shifted(SystemClock().now());
}

CameraLoop::~CameraLoop() { close(); }

void CameraLoop::run() {
  while (!stopping_) {
    if (const auto opened = open(); !opened) {
      close();
      wait_and_report(opened.error());
      continue;
    }
    take_frames();
    chain_->finish();
    close();
  }
}

Result<void> CameraLoop::open() {
  const auto& camera = settings_.camera;
  VG_TRY(mask_, make_privacy_mask(camera));
  mind_view();
  VG_TRY(chain_, make_camera_chain(camera, *mask_, *sink_,
                                   {model_search_path(), settings_.timezone, fresh_chain_seed(), nullptr, &view_}));
  media::OpenOptions options;
  options.pace = camera.source.file.empty() ? media::Pace::kLive : media::Pace::kRealtime;
  options.credentials_dir = settings_.credentials_dir;
  VG_TRY(source_, media::open_source(camera, *mask_, options));
  return {};
}

void CameraLoop::close() {
  source_.reset();
  chain_.reset();
  mask_.reset();
}

void CameraLoop::take_frames() {
  const SystemClock clock;
  while (!stopping_) {
    if (view_confirmed_.exchange(false)) {
      view_.accept_view();
      mask_->cover_everything(false);
    }
    auto frame = source_->next(kFrameWait);
    if (!frame) {
      VG_LOG(kError, "camera", settings_.camera.id.get() + ": " + frame.error().message());
      return wait_and_report(frame.error());
    }
    if (*frame) {
      (void)chain_->process(std::move(**frame));  // a refused frame is counted by the chain
      mind_view();
    } else {
      chain_->idle(clock.now());
      if (source_->status().state == SourceState::kEnded) std::this_thread::sleep_for(kNap);
    }
    if (report_due()) report(source_->status());
  }
}

/// On a shifted view the zones lie over the wrong things: everything is covered until a person confirms it.
/// (A clip played over and over has no mount that could be knocked: its cuts and its beginning are no turn.)
void CameraLoop::mind_view() {
  if (settings_.camera.source.loop) return;
  if (view_.verdict().condition != ViewCondition::kShifted || mask_->covers_everything()) return;
  mask_->cover_everything(true);
  VG_LOG(kWarning, "camera", settings_.camera.id.get() + ": the view has shifted; the whole picture is covered");
}

bool CameraLoop::report_due() {
  const auto now = mono_now();
  if (reported_ != MonoTime{} && now - reported_ < kReportPeriod) return false;
  reported_ = now;
  return true;
}

void CameraLoop::report(const SourceStatus& status) {
  CameraReport report;
  report.camera = settings_.camera.id;
  report.source = status;
  if (chain_) report.chain = chain_->counters();
  if (mask_) {
    report.mask_revision = mask_->revision();
    report.mask = mask_->covers_everything() ? MaskExtent::kWholeFrame : MaskExtent::kZones;
  }
  report.view = to_string(view_.verdict().condition);
  report.detector = detector_name(settings_.camera.detector.kind);
  outlets_.report(report);
}

void CameraLoop::wait_and_report(const Error& error) {
  const auto until = mono_now() + kRetry;
  const auto status = refused_status(error);
  while (!stopping_ && mono_now() < until) {
    if (report_due()) report(status);
    std::this_thread::sleep_for(kNap);
  }
}

}  // namespace veilgate::surveillance
