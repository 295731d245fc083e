#include "delivery/status_report.h"

#include <nlohmann/json.hpp>

namespace veilgate::uplink {
namespace {

using nlohmann::json;

json age_of(const std::optional<UtcTime>& oldest, UtcTime now) {
  return oldest ? json(std::max<std::int64_t>(0, (now - *oldest).count())) : json(nullptr);
}

json class_json(const OutboxClassStats& stats, UtcTime now) {
  return {{"unsent", stats.unsent},       {"sent", stats.sent},           {"quarantined", stats.quarantined},
          {"bytes", stats.bytes},         {"oldest_unsent_age_ms", age_of(stats.oldest_unsent, now)},
          {"accepted", stats.accepted},   {"delivered", stats.delivered}, {"dropped", stats.dropped},
          {"expired_sent", stats.expired_sent}};
}

json link_json(const LinkStatus& link) {
  json faults = json::object();
  for (const auto& [cause, count] : link.faults) faults[cause] = count;
  json object{{"online", link.online},     {"broker", to_string(link.broker)}, {"connects", link.connects},
              {"failures", link.failures}, {"in_flight", link.in_flight},      {"faults", std::move(faults)}};
  if (link.online) {
    object["tls"] = {{"version", link.tls_version}, {"suite", link.tls_suite}, {"group", link.tls_group},
                     {"signature", link.tls_signature}};
  } else {
    object["problem"] = {{"cause", to_string(link.problem.fault)}, {"reason_code", link.problem.reason_code},
                         {"detail", link.problem.detail}};
  }
  return object;
}

json problem(const char* code, const std::string& path, const std::string& message) {
  return {{"code", code}, {"path", path}, {"line", 0}, {"message", message}};
}

json problems_of(const StatusFacts& facts) {
  json problems = json::array();
  if (!facts.link.online)
    problems.push_back(problem("uplink_offline", to_string(facts.link.broker),
                               std::string(to_string(facts.link.problem.fault)) + ": " + facts.link.problem.detail));
  if (facts.outbox.total.quarantined > 0)
    problems.push_back(problem("records_quarantined", "outbox", "the broker refuses " +
                                                                    std::to_string(facts.outbox.total.quarantined) +
                                                                    " records: check its access rules"));
  if (facts.outbox.total.dropped > 0)
    problems.push_back(problem("records_dropped", "outbox",
                               std::to_string(facts.outbox.total.dropped) + " records were dropped at a bound"));
  if (facts.resting)
    problems.push_back(problem("no_subscriber", to_string(facts.link.broker), "nobody subscribes to the results"));
  return problems;
}

json commands_json(const StatusFacts& facts) {
  json answers = json::object();
  for (std::size_t i = 0; i < kCommandAnswerCount; ++i) {
    const auto answer = static_cast<CommandAnswer>(i);
    answers[to_string(answer)] = facts.commands.count(answer);
  }
  return {{"answers", std::move(answers)}, {"receipts", facts.receipts}, {"resends", facts.resends}};
}

}  // namespace

std::string status_report(const StatusFacts& facts) {
  json classes = json::object();
  for (const auto klass : kAllClasses) classes[to_string(klass)] = class_json(facts.outbox.of(klass), facts.now);
  json outbox = class_json(facts.outbox.total, facts.now);
  outbox["classes"] = std::move(classes);
  json problems = problems_of(facts);
  const UplinkConfig& uplink = facts.config.uplink;
  json report{{"schema", "veilgate.uplink-status/1.0"},
              {"process", "uplink"},
              {"gateway", facts.config.gateway.get()},
              {"time", format_utc(facts.now)},
              {"started", format_utc(facts.started)},
              {"clock", to_string(facts.clock)},
              {"config_sm3", facts.config.sm3},
              {"link", link_json(facts.link)},
              {"tls_profile", uplink.tls_profile == TlsProfile::kSm ? "sm" : "intl"},
              {"delivery", uplink.delivery == DeliveryMode::kReceipt ? "receipt" : "broker"},
              {"outbox", std::move(outbox)},
              {"submissions", {{"accepted", facts.accepted}, {"refused", facts.refused}}},
              {"publishes", {{"acknowledged", facts.pump.acknowledged}, {"no_subscriber", facts.pump.no_subscriber},
                             {"refused", facts.pump.refused}, {"failed", facts.pump.failed}}},
              {"sealed_to_acknowledged_ms", {{"count", facts.latency.count()},
                                             {"p50", facts.latency.quantile(0.5).count()},
                                             {"p95", facts.latency.quantile(0.95).count()},
                                             {"max", facts.latency.quantile(1).count()}}},
              {"commands", commands_json(facts)},
              {"gap_records", facts.gap_records},
              {"lost_at_broker", facts.lost_at_broker},
              {"ok", problems.empty()},
              {"problems", std::move(problems)}};
  if (uplink.delivery == DeliveryMode::kBroker)
    report["delivery_note"] = "the platform gives no receipts: what a broker loses after acknowledging is lost";
  return report.dump();
}

std::string info_json(const Config& config, UtcTime started) {
  return json{{"schema", "veilgate.info/1.0"},       {"version", VEILGATE_VERSION},
              {"gateway", config.gateway.get()},     {"config_sm3", config.sm3},
              {"started", format_utc(started)},      {"record_format", 1},
              {"algorithms", {"SM2", "SM3", "SM4-GCM"}}}
      .dump();
}

std::string camera_state_json(const json& camera) {
  json state{{"schema", "veilgate.camera-state/1.0"}};
  for (const char* key : {"id", "state", "reason"})
    if (camera.contains(key) && camera.at(key).is_string()) state[key] = camera.at(key);
  return state.dump();
}

}  // namespace veilgate::uplink
