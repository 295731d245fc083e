#include "handlers/metrics.h"

#include <array>
#include <cstdio>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

namespace veilgate::console {
namespace {

using nlohmann::json;

/// Collects samples by family, because the format wants each family's samples together.
class Exposition {
 public:
  void sample(const std::string& family, const std::string& labels, double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.10g", value);
    samples_[family] += family + (labels.empty() ? "" : "{" + labels + "}") + " " + text + "\n";
  }
  std::string text(const std::string& family, const char* type, const char* help) const {
    const auto found = samples_.find(family);
    if (found == samples_.end()) return "";
    return "# HELP " + family + " " + help + "\n# TYPE " + family + " " + type + "\n" + found->second;
  }

 private:
  std::map<std::string, std::string> samples_;
};

struct Family {
  const char* name;
  const char* type;
  const char* help;
};
constexpr std::array kFamilies{
    Family{"veilgate_build_info", "gauge", "Version of the gateway."},
    Family{"veilgate_up", "gauge", "1 while the process answers."},
    Family{"veilgate_camera_online", "gauge", "1 while the last decoded frame is younger than the limit."},
    Family{"veilgate_camera_fps", "gauge", "Decoded frames per second."},
    Family{"veilgate_camera_frames_total", "counter", "Decoded frames."},
    Family{"veilgate_camera_frames_analysed_total", "counter", "Frames that went through the chain."},
    Family{"veilgate_camera_frames_dropped_total", "counter", "Decoded but not analysed in time."},
    Family{"veilgate_camera_frames_refused_total", "counter", "Refused by the privacy mask (fail closed)."},
    Family{"veilgate_camera_last_frame_age_seconds", "gauge", "Age of the last decoded frame."},
    Family{"veilgate_camera_reconnects_total", "counter", "Connections made again."},
    Family{"veilgate_camera_faces_total", "counter", "Face results."},
    Family{"veilgate_camera_dedup_suppressed_total", "counter", "Visits suppressed by deduplication."},
    Family{"veilgate_camera_events_total", "counter", "New events by type."},
    Family{"veilgate_camera_mask_active", "gauge", "1 while zones, or the whole frame, are covered."},
    Family{"veilgate_camera_mask_whole_frame", "gauge", "1 while the whole frame is covered."},
    Family{"veilgate_camera_worker_restarts_total", "counter", "Restarts of the camera's worker process."},
    Family{"veilgate_camera_worker_violations_total", "counter", "Protocol violations by the worker."},
    Family{"veilgate_submit_waiting", "gauge", "Results not yet accepted by the uplink."},
    Family{"veilgate_submit_accepted_total", "counter", "Records accepted by the uplink."},
    Family{"veilgate_submit_dropped_total", "counter", "Results dropped before acceptance, by class."},
    Family{"veilgate_uplink_connected", "gauge", "1 while the broker is connected."},
    Family{"veilgate_outbox_depth", "gauge", "Records not yet sent."},
    Family{"veilgate_outbox_oldest_seconds", "gauge", "Age of the oldest record not yet sent."},
    Family{"veilgate_outbox_dropped_total", "counter", "Records dropped at a bound."},
    Family{"veilgate_outbox_quarantined", "gauge", "Records that the broker refuses."},
};

/// Label values: backslash, quote and newline are escaped (exposition format).
std::string label(const char* name, const std::string& value) {
  std::string out = std::string(name) + "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + '"';
}

/// A missing or odd value gives no sample, never a made-up one.
void put(Exposition& out, const std::string& family, const std::string& labels, const json& object, const char* key,
         double scale = 1) {
  if (!object.is_object() || !object.contains(key)) return;
  const auto& value = object[key];
  if (value.is_boolean()) out.sample(family, labels, value.get<bool>() ? 1 : 0);
  else if (value.is_number()) out.sample(family, labels, value.get<double>() * scale);
}

void put_camera(Exposition& out, const json& camera) {
  const std::string id = label("camera", camera.value("id", ""));
  out.sample("veilgate_camera_online", id, camera.value("state", "") == "online" ? 1 : 0);
  put(out, "veilgate_camera_fps", id, camera, "fps");
  put(out, "veilgate_camera_frames_total", id, camera, "frames");
  put(out, "veilgate_camera_frames_analysed_total", id, camera, "frames_analysed");
  put(out, "veilgate_camera_frames_dropped_total", id, camera, "frames_dropped");
  put(out, "veilgate_camera_frames_refused_total", id, camera, "frames_refused");
  put(out, "veilgate_camera_last_frame_age_seconds", id, camera, "last_frame_age_ms", 0.001);
  put(out, "veilgate_camera_reconnects_total", id, camera, "reconnects");
  put(out, "veilgate_camera_faces_total", id, camera, "faces");
  put(out, "veilgate_camera_dedup_suppressed_total", id, camera, "visits_suppressed");
  const bool whole = camera.value("mask_whole_frame", false);
  out.sample("veilgate_camera_mask_active", id, whole || camera.value("mask_zones", 0) > 0 ? 1 : 0);
  out.sample("veilgate_camera_mask_whole_frame", id, whole ? 1 : 0);
  if (camera.contains("events") && camera["events"].is_object())
    for (const auto& [type, count] : camera["events"].items())
      if (count.is_number()) out.sample("veilgate_camera_events_total", id + "," + label("type", type), count);
  if (!camera.contains("worker")) return;
  put(out, "veilgate_camera_worker_restarts_total", id, camera["worker"], "restarts");
  put(out, "veilgate_camera_worker_violations_total", id, camera["worker"], "violations");
}

void put_surveillance(Exposition& out, const json& status) {
  if (status.contains("cameras") && status["cameras"].is_array())
    for (const auto& camera : status["cameras"])
      if (camera.is_object()) put_camera(out, camera);
  const auto submit = status.value("submit", json::object());
  put(out, "veilgate_submit_waiting", "", submit, "waiting");
  put(out, "veilgate_submit_accepted_total", "", submit, "accepted");
  if (submit.contains("dropped") && submit["dropped"].is_object())
    for (const auto& [klass, count] : submit["dropped"].items())
      if (count.is_number()) out.sample("veilgate_submit_dropped_total", label("class", klass), count);
}

void put_uplink(Exposition& out, const json& status) {
  put(out, "veilgate_uplink_connected", "", status.value("link", json::object()), "online");
  const auto outbox = status.value("outbox", json::object());
  put(out, "veilgate_outbox_depth", "", outbox, "unsent");
  put(out, "veilgate_outbox_oldest_seconds", "", outbox, "oldest_unsent_age_ms", 0.001);
  put(out, "veilgate_outbox_dropped_total", "", outbox, "dropped");
  put(out, "veilgate_outbox_quarantined", "", outbox, "quarantined");
}

}  // namespace

std::string metrics_text(const SiteSnapshot& site, const std::string& version) {
  Exposition out;
  out.sample("veilgate_build_info", label("version", version), 1);
  for (const char* process : {"surveillance", "uplink"}) {
    const auto* text = site.fresh(process);
    const json status = text ? json::parse(*text, nullptr, false) : json();
    out.sample("veilgate_up", label("process", process), status.is_object() ? 1 : 0);
    if (!status.is_object()) continue;
    try {
      if (std::string(process) == "surveillance") put_surveillance(out, status);
      else put_uplink(out, status);
    } catch (const json::exception&) {
      // A value of another type than ours: the series before it stand, the rest is left out.
    }
  }
  std::string text;
  for (const auto& family : kFamilies) text += out.text(family.name, family.type, family.help);
  return text;
}

}  // namespace veilgate::console
