#include "lane/worker_protocol.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "ipc/strict_json.h"
#include "result/payload.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxCount = 1ULL << 53;
constexpr std::array kStates{SourceState::kStarting, SourceState::kOnline, SourceState::kLost, SourceState::kHeld,
                             SourceState::kEnded};

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Reads the keys of one object; the first that is not what it should be makes the whole object refused.
constexpr std::size_t kMaxMessage = 400;  // bytes

class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  std::uint64_t count(const char* key, std::uint64_t max = kMaxCount) {
    const auto& value = object_.at(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) return bad(key), 0;
    return value.get<std::uint64_t>();
  }
  double number(const char* key, double max) {
    const auto& value = object_.at(key);
    if (!value.is_number()) return bad(key), 0;
    const double number = value.get<double>();
    if (!std::isfinite(number) || number < 0 || number > max) return bad(key), 0;
    return number;
  }
  std::int64_t offset(const char* key) {
    const auto& value = object_.at(key);
    if (!value.is_number_integer() || std::abs(value.get<double>()) > 1e12) return bad(key), 0;
    return value.get<std::int64_t>();
  }
  std::string text(const char* key, std::size_t max_bytes) {
    const auto& value = object_.at(key);
    if (!value.is_string()) return bad(key), "";
    auto text = value.get<std::string>();
    const bool control = std::any_of(text.begin(), text.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (text.size() > max_bytes || control) return bad(key), "";
    return text;
  }
  std::string word(const char* key) {
    auto word = text(key, 48);
    if (!std::all_of(word.begin(), word.end(), is_word_char)) return bad(key), "";
    return word;
  }
  void bad(const char* key) {
    if (!error_) error_ = Error(ErrorCode::kInvalidInput, std::string("worker message: bad value of \"") + key + '"');
  }
  Result<void> result() const { return error_ ? Result<void>(*error_) : Result<void>(); }

 private:
  const json& object_;
  std::optional<Error> error_;
};

Error unexpected(const char* wanted) {
  return {ErrorCode::kInvalidInput, std::string("worker message: not a ") + wanted};
}

/// One line of at most kMaxMessage bytes, cut between characters.
std::string plain_line(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  std::size_t end = std::min(text.size(), kMaxMessage);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

json to_json(const SourceStatus& source) {
  json out{{"state", to_string(source.state)}, {"reason", source.reason}, {"message", plain_line(source.message)},
           {"width", source.width}, {"height", source.height}, {"codec", source.codec}, {"fps", source.fps},
           {"frames", source.frames}, {"frames_dropped", source.frames_dropped},
           {"frames_refused", source.frames_refused}, {"reconnects", source.reconnects}};
  out["message_zh"] = plain_line(source.message_zh);
  out["device"] = {{"certificate_sha256", source.device_certificate_sha256},
                   {"onvif_serial", source.device_onvif_serial}, {"mac", source.device_mac}};
  if (source.last_frame_age) out["last_frame_age_ms"] = std::max<std::int64_t>(source.last_frame_age->count(), 0);
  if (source.clock_offset) out["clock_offset_s"] = source.clock_offset->count();
  return out;
}

Result<DeviceConfig> device_from(const json& object);

Result<SourceStatus> source_from(const json& object) {
  if (!object.is_object()) return unexpected("source state");
  VG_CHECK(ipc::check_keys(object, {"state", "reason", "message", "message_zh", "width", "height", "codec", "fps",
                                    "frames", "frames_dropped", "frames_refused", "reconnects", "device"},
                           {"last_frame_age_ms", "clock_offset_s"}));
  Fields fields(object);
  SourceStatus source;
  const std::string state = fields.word("state");
  const auto known = std::find_if(kStates.begin(), kStates.end(), [&](auto s) { return state == to_string(s); });
  if (known == kStates.end()) return unexpected("known camera state");
  source.state = *known;
  source.reason = fields.word("reason");
  source.message = fields.text("message", kMaxMessage);
  source.message_zh = fields.text("message_zh", kMaxMessage);
  VG_TRY(const DeviceConfig device, device_from(object["device"]));
  source.device_certificate_sha256 = device.certificate_sha256;
  source.device_onvif_serial = device.onvif_serial;
  source.device_mac = device.mac;
  if (object.contains("clock_offset_s")) source.clock_offset = Seconds{fields.offset("clock_offset_s")};
  source.width = static_cast<int>(fields.count("width", 16384));
  source.height = static_cast<int>(fields.count("height", 16384));
  source.codec = fields.word("codec");
  source.fps = fields.number("fps", 10'000);
  source.frames = fields.count("frames");
  source.frames_dropped = fields.count("frames_dropped");
  source.frames_refused = fields.count("frames_refused");
  source.reconnects = fields.count("reconnects");
  if (object.contains("last_frame_age_ms"))
    source.last_frame_age = Millis{static_cast<std::int64_t>(fields.count("last_frame_age_ms"))};
  VG_CHECK(fields.result());
  return source;
}

json to_json(const ChainCounters& chain) {
  return {{"frames", chain.frames}, {"frames_refused", chain.frames_refused},
          {"full_detections", chain.full_detections}, {"region_detections", chain.region_detections},
          {"faces_reported", chain.faces_reported}, {"visits_suppressed", chain.visits_suppressed},
          {"visits_below_quality", chain.visits_below_quality}, {"events", chain.events},
          {"tracks_refused", chain.tracks_refused}, {"results_lost", chain.results_lost}};
}

Result<ChainCounters> chain_from(const json& object) {
  if (!object.is_object()) return unexpected("chain state");
  VG_CHECK(ipc::check_keys(object, {"frames", "frames_refused", "full_detections", "region_detections",
                                    "faces_reported", "visits_suppressed", "visits_below_quality", "events",
                                    "tracks_refused", "results_lost"}));
  Fields fields(object);
  ChainCounters chain;
  chain.frames = fields.count("frames");
  chain.frames_refused = fields.count("frames_refused");
  chain.full_detections = fields.count("full_detections");
  chain.region_detections = fields.count("region_detections");
  chain.faces_reported = fields.count("faces_reported");
  chain.visits_suppressed = fields.count("visits_suppressed");
  chain.visits_below_quality = fields.count("visits_below_quality");
  chain.events = fields.count("events");
  chain.tracks_refused = fields.count("tracks_refused");
  chain.results_lost = fields.count("results_lost");
  VG_CHECK(fields.result());
  return chain;
}

Result<json> object_of(const ipc::Message& message, const char* kind, std::initializer_list<const char*> keys) {
  if (message.kind != kind) return unexpected(kind);
  VG_TRY(auto object, ipc::parse_strict_object(message.json));
  VG_CHECK(ipc::check_keys(object, keys));
  return object;
}

Result<CameraId> camera_of(const json& object) {
  Fields fields(object);
  const std::string id = fields.text("camera", 64);
  VG_CHECK(fields.result());
  if (id.empty()) return unexpected("camera id");
  return CameraId(id);
}

Result<DeviceConfig> device_from(const json& object) {
  if (!object.is_object()) return unexpected("device");
  VG_CHECK(ipc::check_keys(object, {"certificate_sha256", "onvif_serial", "mac"}));
  Fields fields(object);
  DeviceConfig device;
  device.certificate_sha256 = fields.text("certificate_sha256", 64);
  device.onvif_serial = fields.text("onvif_serial", 128);
  device.mac = fields.text("mac", 17);
  VG_CHECK(fields.result());
  return device;
}

}  // namespace

ipc::Message to_message(const WorkerTask& task) {
  json object{{"config", task.config_name}, {"credentials", task.credentials_dir}, {"cameras", json::array()},
              {"approved", json::object()}, {"unconfirmed_views", json::array()}};
  for (const auto& camera : task.cameras) object["cameras"].push_back(camera.get());
  for (const auto& camera : task.unconfirmed_views) object["unconfirmed_views"].push_back(camera.get());
  for (const auto& [camera, device] : task.approved)
    object["approved"][camera.get()] = {{"certificate_sha256", device.certificate_sha256},
                                        {"onvif_serial", device.onvif_serial}, {"mac", device.mac}};
  const auto text = as_bytes(task.config_text);
  return {"configure", 0, dump(object), Bytes(text.begin(), text.end())};
}

Result<WorkerTask> parse_task(const ipc::Message& message) {
  VG_TRY(const auto object, object_of(message, "configure", {"config", "credentials", "cameras", "approved", "unconfirmed_views"}));
  Fields fields(object);
  WorkerTask task;
  task.config_name = fields.text("config", 4096);
  task.credentials_dir = fields.text("credentials", 4096);
  VG_CHECK(fields.result());
  if (!object["cameras"].is_array() || object["cameras"].empty()) return unexpected("list of cameras");
  for (const auto& camera : object["cameras"]) {
    if (!camera.is_string()) return unexpected("list of cameras");
    task.cameras.emplace_back(camera.get<std::string>());
  }
  if (!object["unconfirmed_views"].is_array()) return unexpected("list of unconfirmed views");
  for (const auto& camera : object["unconfirmed_views"]) {
    if (!camera.is_string()) return unexpected("list of unconfirmed views");
    task.unconfirmed_views.emplace_back(camera.get<std::string>());
  }
  if (!object["approved"].is_object()) return unexpected("list of approved devices");
  for (const auto& item : object["approved"].items()) {
    VG_TRY(task.approved[CameraId(item.key())], device_from(item.value()));
  }
  task.config_text = std::string(as_text(message.body));
  return task;
}

ipc::Message to_message(const CameraReport& report) {
  const json object{{"camera", report.camera.get()}, {"source", to_json(report.source)},
                    {"chain", to_json(report.chain)}, {"mask_revision", report.mask_revision},
                    {"mask_whole_frame", report.mask == MaskExtent::kWholeFrame}, {"view", report.view},
                    {"detector", report.detector}};
  return {"report", 0, dump(object), {}};
}

Result<CameraReport> parse_report(const ipc::Message& message) {
  VG_TRY(const auto object, object_of(message, "report", {"camera", "source", "chain", "mask_revision",
                                                          "mask_whole_frame", "view", "detector"}));
  if (!message.body.empty()) return unexpected("report without body");
  CameraReport report;
  VG_TRY(report.camera, camera_of(object));
  VG_TRY(report.source, source_from(object["source"]));
  VG_TRY(report.chain, chain_from(object["chain"]));
  Fields fields(object);
  report.mask_revision = fields.text("mask_revision", 128);
  report.view = fields.word("view");
  report.detector = fields.text("detector", 64);
  if (!object["mask_whole_frame"].is_boolean()) fields.bad("mask_whole_frame");
  VG_CHECK(fields.result());
  report.mask = object["mask_whole_frame"] ? MaskExtent::kWholeFrame : MaskExtent::kZones;
  return report;
}

ipc::Message to_message(const WorkerResult& result) {
  const auto text = encode_transfer(result.result);
  const auto bytes = as_bytes(text);
  return {"result", 0, dump({{"camera", result.camera.get()}}), Bytes(bytes.begin(), bytes.end())};
}

Result<WorkerResult> parse_result(const ipc::Message& message) {
  VG_TRY(const auto object, object_of(message, "result", {"camera"}));
  VG_TRY(auto camera, camera_of(object));
  VG_TRY(auto result, decode_transfer(as_text(message.body)));
  return WorkerResult{std::move(camera), std::move(result)};
}

ipc::Message confirm_view_message(const CameraId& camera) {
  return {"confirm_view", 0, dump({{"camera", camera.get()}}), {}};
}

Result<CameraId> parse_confirm_view(const ipc::Message& message) {
  VG_TRY(const auto object, object_of(message, "confirm_view", {"camera"}));
  return camera_of(object);
}

}  // namespace veilgate::surveillance
