#include "handlers/health.h"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "handlers/metrics.h"

namespace veilgate::console {
namespace {

using nlohmann::json;
using Reasons = std::vector<std::string>;

HttpResponse verdict(const Reasons& reasons) {
  if (reasons.empty()) return {200, "text/plain; charset=utf-8", "ok\n"};
  std::string body;
  for (const auto& reason : reasons) body += reason + "\n";
  return {503, "text/plain; charset=utf-8", body};
}

json status_of(const SiteSnapshot& site, const char* process) {
  const auto* text = site.fresh(process);
  return text ? json::parse(*text, nullptr, false) : json();
}

std::vector<json> cameras_of(const json& surveillance) {
  if (!surveillance.is_object() || !surveillance.contains("cameras") || !surveillance["cameras"].is_array()) return {};
  return surveillance["cameras"].get<std::vector<json>>();
}

bool has(const json& object, const char* key, const char* value) {
  return object.is_object() && object.contains(key) && object[key] == value;
}

bool dropped_records(const json& uplink) {
  if (!uplink.contains("outbox") || !uplink["outbox"].is_object()) return false;
  const auto& outbox = uplink["outbox"];
  return outbox.contains("dropped") && outbox["dropped"].is_number() && outbox["dropped"] > 0;
}

Reasons live(const SiteSnapshot& site) {
  if (site.loop_age <= SiteSnapshot::kFresh) return {};
  return {"the console's loop does not turn"};
}

Reasons ready(const SiteSnapshot& site) {
  Reasons reasons;
  const auto uplink = status_of(site, "uplink");
  if (!uplink.is_object()) reasons.emplace_back("the uplink does not answer");
  else if (dropped_records(uplink)) reasons.emplace_back("the outbox has dropped records");
  const auto cameras = cameras_of(status_of(site, "surveillance"));
  if (std::none_of(cameras.begin(), cameras.end(), [](const json& c) { return has(c, "state", "online"); }))
    reasons.emplace_back("no camera is fresh");
  return reasons;
}

Reasons startup(const SiteSnapshot& site) {
  Reasons reasons;
  if (!status_of(site, "uplink").is_object()) reasons.emplace_back("the uplink has not answered");
  const auto surveillance = status_of(site, "surveillance");
  if (!surveillance.is_object()) reasons.emplace_back("the surveillance lane has not answered");
  for (const auto& camera : cameras_of(surveillance))
    if (has(camera, "reason", "worker_starting"))
      reasons.push_back("camera " + camera.value("id", "?") + " has not shown itself");
  return reasons;
}

}  // namespace

HttpResponse answer_health(const std::string& path, const SiteSnapshot& site, const std::string& version) {
  if (path == "/live") return verdict(live(site));
  if (path == "/ready") return verdict(ready(site));
  if (path == "/startup") return verdict(startup(site));
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(site, version)};
  return {404, "text/plain; charset=utf-8", "not found\n"};
}

}  // namespace veilgate::console
