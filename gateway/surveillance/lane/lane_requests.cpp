// What LaneParent answers on its socket, and what it does on SIGHUP.

#include <nlohmann/json.hpp>

#include <unistd.h>

#include "core/log.h"
#include "ipc/strict_json.h"
#include "lane/lane_parent.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json to_json(const Problem& problem) {
  return {{"code", problem.code}, {"path", problem.path}, {"line", problem.line}, {"message", problem.message}};
}

Result<CameraId> camera_of(const json& object) {
  if (!object["camera"].is_string()) return Error(ErrorCode::kInvalidInput, "camera must be an id");
  return CameraId(object["camera"].get<std::string>());
}

}  // namespace

void LaneParent::on_request(ipc::Message&& request, const ipc::Responder& responder) {
  if (request.kind == "status") return responder.send({"status", 0, status_json(), {}});
  Result<void> done = Error(ErrorCode::kInvalidInput, "unknown request");
  if (request.kind == "approve") done = approve(request);
  if (request.kind == "confirm_view") done = confirm_view(request);
  responder.send(done ? ipc::accepted() : ipc::refused(done.error()));
}

Result<void> LaneParent::approve(const ipc::Message& request) {
  VG_TRY(const auto object, ipc::parse_strict_object(request.json));
  VG_CHECK(ipc::check_keys(object, {"camera", "certificate_sha256", "onvif_serial", "mac"}));
  VG_TRY(const auto id, camera_of(object));
  if (!accepted_.config.camera(id)) return Error(ErrorCode::kNotFound, "no camera \"" + id.get() + "\" is configured");
  DeviceConfig device;
  for (auto [key, field] : {std::pair{"certificate_sha256", &device.certificate_sha256},
                            std::pair{"onvif_serial", &device.onvif_serial}, std::pair{"mac", &device.mac}}) {
    if (!object[key].is_string()) return Error(ErrorCode::kInvalidInput, "a pin must be text");
    *field = object[key];
  }
  VG_CHECK(approvals_.approve(id, device, clock_.now()));
  witness_({Happening::Kind::kCameraAdmitted, id.get(), dump({{"certificate_sha256", device.certificate_sha256},
                                                               {"onvif_serial", device.onvif_serial},
                                                               {"mac", device.mac}})});
  if (auto* link = link_of(id)) link->restart();
  return {};
}

Result<void> LaneParent::confirm_view(const ipc::Message& request) {
  VG_TRY(const auto object, ipc::parse_strict_object(request.json));
  VG_CHECK(ipc::check_keys(object, {"camera"}));
  VG_TRY(const auto id, camera_of(object));
  auto* link = link_of(id);
  if (!link) return Error(ErrorCode::kNotFound, "no camera \"" + id.get() + "\" is configured");
  VG_CHECK(unconfirmed_views_.confirm(id, now()));
  VG_CHECK(link->confirm_view(id));
  witness_({Happening::Kind::kViewConfirmed, id.get(), ""});
  return {};
}

std::string LaneParent::status_json() const {
  json out{{"process", "surveillance"}, {"pid", getpid()}, {"site", accepted_.config.site.id},
           {"gateway", accepted_.config.gateway.get()}, {"cameras", json::array()}, {"problems", json::array()}};
  out["uptime_s"] = std::chrono::duration_cast<Seconds>(now() - started_).count();
  out["clock"] = to_string(clock_.state());
  bool ok = queue_.connected() && reload_problems_.empty() && queue_.counters().dropped_total() == 0;
  for (const auto& camera : accepted_.config.cameras) {
    out["cameras"].push_back(board_.to_json(camera.id, link_of(camera.id), now()));
    const auto& shown = out["cameras"].back();
    const bool good = shown["state"] == "online" || (shown["state"] == "ended" && shown["reason"] == "");
    if (good) continue;
    ok = false;
    out["problems"].push_back({{"code", "camera_" + shown["state"].get<std::string>()}, {"path", camera.id.get()},
                               {"line", 0}, {"message", shown["reason"]}});
  }
  const auto& counters = queue_.counters();
  json dropped = json::object();
  for (const auto klass : kAllClasses) dropped[to_string(klass)] = counters.dropped[static_cast<std::size_t>(klass)];
  out["submit"] = {{"connected", queue_.connected()}, {"waiting", queue_.waiting()}, {"accepted", counters.accepted},
                   {"refused", counters.refused}, {"unsealable", counters.unsealable}, {"dropped", std::move(dropped)}};
  if (!queue_.connected())
    out["problems"].push_back({{"code", "uplink_away"}, {"path", "uplink.sock"}, {"line", 0},
                               {"message", "the uplink does not answer; results wait in memory"}});
  out["config"] = {{"file", accepted_.config.file}, {"sm3", accepted_.config.sm3}, {"reloads", reloads_},
                   {"restart_needed", restart_needed_}, {"refused", json::array()}};
  for (const auto& problem : reload_problems_) {
    out["config"]["refused"].push_back(to_json(problem));
    out["problems"].push_back({{"code", "config_refused"}, {"path", problem.path}, {"line", problem.line},
                               {"message", problem.message}});
  }
  out["ok"] = ok;
  return dump(out);
}

void LaneParent::reload() {
  const std::string file = accepted_.config.file;
  auto candidate = accept_config(file);
  if (!candidate.accepted) {
    reload_problems_ = std::move(candidate.problems);
    VG_LOG(kError, "config", "refused, the running configuration stays: " + file + " problems=" +
                                 std::to_string(reload_problems_.size()));
    witness_({Happening::Kind::kConfigRefused, file, reload_problems_.front().message});
    return;
  }
  const auto changes = compare(accepted_.config, candidate.accepted->config);
  ++reloads_;
  reload_problems_.clear();
  apply(std::move(*candidate.accepted), changes);
  witness_({Happening::Kind::kConfigChanged, file, std::to_string(changes.size()) + " changes"});
}

void LaneParent::apply(AcceptedConfig&& candidate, const std::vector<Change>& changes) {
  restart_needed_.clear();
  std::set<CameraId> touched;
  for (const auto& change : changes) {
    VG_LOG(kInfo, "config", std::string("changed ") + change.path + " by=" + to_string(change.reload));
    if (change.reload == Reload::kRestart) restart_needed_.push_back(change.path);
    if (change.reload == Reload::kCamera) touched.insert(CameraId(change.camera));
  }
  // What needs a restart keeps its running value here; the workers do not use it.
  candidate.config.site = accepted_.config.site;
  candidate.config.gateway = accepted_.config.gateway;
  candidate.config.uplink = accepted_.config.uplink;
  candidate.config.workers = accepted_.config.workers;
  accepted_ = std::move(candidate);
  board_.set_cameras(accepted_.config.cameras);
  if (accepted_.config.workers == Workers::kShared && !touched.empty()) replace_worker("shared");
  else for (const auto& camera : touched) replace_worker(camera.get());
}

void LaneParent::replace_worker(const std::string& name) {
  const auto found = workers_.find(name);
  if (found == workers_.end()) return make_workers();
  found->second.link->stop([this, name] {
    loop_.post([this, name] {  // not from inside the link that goes
      if (stopping_) return;  // stop() counts on every worker that was there
      workers_.erase(name);
      make_workers();
    });
  });
}

}  // namespace veilgate::surveillance
