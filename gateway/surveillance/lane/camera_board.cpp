#include "lane/camera_board.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "config/lawfulness.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

constexpr std::array kRuleTypes{RuleType::kIntrusion, RuleType::kLineCrossing, RuleType::kStay, RuleType::kLoitering,
                                RuleType::kAbnormalAppearance};

/// The worker is not there: its last report is history.
void worker_absent(SourceStatus& status, const WorkerLink* worker) {
  using process::ChildState;
  const auto state = worker ? worker->child().state() : ChildState::kStopped;
  status.state = state == ChildState::kHeld ? SourceState::kHeld : SourceState::kLost;
  status.reason = state == ChildState::kHeld ? "restart_brake" : "worker_not_running";
  status.message = std::string("worker ") + to_string(state);
  if (worker && !worker->child().last_end().empty()) status.message += ", last end: " + worker->child().last_end();
}

/// DB31/T 329.21 4.2.5: a camera's clock may be off by 30 s.
constexpr std::int64_t kClockTolerance = 30;

/// What is not right about a camera that works.
json findings_of(const CameraConfig& config, const CameraReport& report) {
  json findings = json::array();
  const auto add = [&](const char* code, const char* requirement, std::string zh, std::string en) {
    findings.push_back({{"code", code}, {"requirement", requirement}, {"message", std::move(en)}, {"message_zh", std::move(zh)}});
  };
  if (const auto small = resolution_finding(config, report.source.width, report.source.height);
      small && report.source.width > 0)
    add(small->code.c_str(), small->requirement.c_str(), small->message_zh, small->message);
  if (const auto offset = report.source.clock_offset; offset && std::abs(offset->count()) > kClockTolerance)
    add("camera_clock_off", "R-064", "摄像机时钟偏差 " + std::to_string(offset->count()) + " 秒，请对时（NTP）",
        "the camera's clock is off by " + std::to_string(offset->count()) + " s; set its NTP server");
  if (report.view == "shifted")
    add("view_shifted", "R-032", "视野已移动，整幅遮挡：核对遮挡区后运行 veilgate camera confirm-view " + config.id.get(),
        "the view has shifted and the whole picture is covered: check the zones, then run veilgate camera confirm-view " +
            config.id.get());
  else if (report.view == "covered" || report.view == "defocused" || report.view == "frozen")
    add(("view_" + report.view).c_str(), "", "画面异常（被遮挡、失焦或冻结）：" + report.view, "the picture is " + report.view);
  return findings;
}

}  // namespace

void CameraBoard::set_cameras(const std::vector<CameraConfig>& cameras) {
  std::map<CameraId, Entry> next;
  for (const auto& camera : cameras) {
    auto& entry = next[camera.id];
    if (const auto known = entries_.find(camera.id); known != entries_.end()) entry = std::move(known->second);
    entry.config = camera;
  }
  entries_ = std::move(next);
}

void CameraBoard::on_report(CameraReport&& report, MonoTime now) {
  const auto found = entries_.find(report.camera);
  if (found == entries_.end()) return;
  found->second.reported = now;
  found->second.report = std::move(report);
}

void CameraBoard::on_result(const WorkerResult& result) {
  const auto found = entries_.find(result.camera);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  if (const auto* event = std::get_if<EventResult>(&result.result); event && event->phase == EventPhase::kNew)
    ++entry.events[static_cast<std::size_t>(event->type)];
  if (std::holds_alternative<FaceResult>(result.result)) ++entry.faces;
  if (const auto* dedup = std::get_if<DedupResult>(&result.result))
    entry.suppressed += static_cast<std::uint64_t>(std::max(dedup->suppressed_count, 0));
}

void CameraBoard::on_worker_ended(const CameraId& camera) {
  const auto found = entries_.find(camera);
  if (found != entries_.end()) found->second.report.reset();
}

SourceStatus CameraBoard::status_of(const CameraId& camera, const WorkerLink* worker, MonoTime now) const {
  SourceStatus status;
  const auto found = entries_.find(camera);
  if (found == entries_.end() || !worker || !worker->child().running()) {
    worker_absent(status, worker);
    return status;
  }
  const auto& entry = found->second;
  if (!entry.report) {
    status.reason = "worker_starting";
    return status;
  }
  status = entry.report->source;
  const auto since_report = std::chrono::duration_cast<Millis>(now - entry.reported);
  if (status.last_frame_age) *status.last_frame_age += since_report;
  if (status.state != SourceState::kOnline) return status;
  if (since_report > kOnlineLimit) {
    status.state = SourceState::kLost;
    status.reason = "worker_silent";
  } else if (!status.last_frame_age || *status.last_frame_age > kOnlineLimit) {
    status.state = SourceState::kLost;
    status.reason = "no_frames";
  }
  return status;
}

json CameraBoard::to_json(const CameraId& camera, const WorkerLink* worker, MonoTime now) const {
  const auto status = status_of(camera, worker, now);
  const auto found = entries_.find(camera);
  if (found == entries_.end()) return json::object();
  const auto& entry = found->second;
  const auto report = entry.report.value_or(CameraReport{});
  json events = json::object();
  for (const auto type : kRuleTypes) events[name_of(type)] = entry.events[static_cast<std::size_t>(type)];
  json out{{"id", camera.get()}, {"name", entry.config.name}, {"state", to_string(status.state)},
           {"reason", status.reason}, {"message", status.message}, {"width", status.width},
           {"height", status.height}, {"codec", status.codec}, {"fps", status.fps},
           {"last_frame_age_ms", nullptr}, {"frames", status.frames}, {"frames_dropped", status.frames_dropped},
           {"frames_refused", status.frames_refused + report.chain.frames_refused},
           {"frames_analysed", report.chain.frames}, {"reconnects", status.reconnects},
           {"rules", entry.config.rules.size()}, {"detector", report.detector}, {"view", report.view},
           {"mask_zones", entry.config.privacy_masks.size()}, {"mask_revision", report.mask_revision},
           {"mask_whole_frame", report.mask == MaskExtent::kWholeFrame},
           {"faces", entry.faces}, {"visits_suppressed", entry.suppressed}, {"events", std::move(events)}};
  out["message_zh"] = status.message_zh;
  out["device"] = {{"certificate_sha256", status.device_certificate_sha256}, {"onvif_serial", status.device_onvif_serial},
                   {"mac", status.device_mac}};
  out["findings"] = findings_of(entry.config, report);
  if (status.last_frame_age) out["last_frame_age_ms"] = status.last_frame_age->count();
  if (status.clock_offset) out["clock_offset_s"] = status.clock_offset->count();
  if (!worker) return out;
  const auto& counters = worker->counters();
  out["worker"] = {{"state", to_string(worker->child().state())}, {"restarts", worker->child().restarts()},
                   {"last_end", worker->child().last_end()}, {"violations", counters.violations},
                   {"rate_limited", counters.rate_limited}, {"silent", counters.silent}};
  if (const auto pid = worker->child().pid()) out["worker"]["pid"] = *pid;
  return out;
}

}  // namespace veilgate::surveillance
