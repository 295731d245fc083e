#include "rules/rule_engine.h"

#include <algorithm>

#include "rules/schedule.h"

namespace veilgate::surveillance {
namespace {

template <typename Items>
auto find_by_id(const Items& items, const std::string& id) {
  return std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
}

Result<std::unique_ptr<Rule>> make_rule(const RuleConfig& rule, const CameraConfig& camera) {
  if (rule.type == RuleType::kLineCrossing) {
    const auto line = find_by_id(camera.lines, rule.line);
    if (line == camera.lines.end())
      return Error(ErrorCode::kInvalidInput,
                   "rule '" + rule.id + "' names no line of this camera: '" + rule.line + "'");
    return make_line_crossing_rule(rule, line->segment);
  }
  if (rule.zone.empty()) return make_presence_rule(rule, {});
  const auto zone = find_by_id(camera.zones, rule.zone);
  if (zone == camera.zones.end())
    return Error(ErrorCode::kInvalidInput,
                 "rule '" + rule.id + "' names no zone of this camera: '" + rule.zone + "'");
  return make_presence_rule(rule, zone->polygon);
}

}  // namespace

Result<RuleEngine> RuleEngine::create(const CameraConfig& camera, TimeZone zone) {
  RuleEngine engine(std::move(zone));
  for (const RuleConfig& config : camera.rules) {
    VG_TRY(auto rule, make_rule(config, camera));
    engine.rules_.push_back({std::move(rule), config.schedule});
  }
  return engine;
}

std::vector<RuleEvent> RuleEngine::evaluate(UtcTime time, const std::vector<Sighting>& sightings) {
  last_ = std::max(last_, time);
  std::vector<RuleEvent> events;
  for (const Armed& armed : rules_) {
    const std::size_t before = events.size();
    armed.rule->step({last_, is_armed(armed.schedule, zone_, last_), sightings}, events);
    number(events, before);
  }
  return events;
}

std::vector<RuleEvent> RuleEngine::finish() {
  std::vector<RuleEvent> events;
  for (const Armed& armed : rules_) armed.rule->finish(last_, events);
  number(events, 0);
  last_ = {};
  return events;
}

void RuleEngine::number(std::vector<RuleEvent>& events, std::size_t from) {
  for (std::size_t i = from; i < events.size(); ++i) {
    RuleEvent& event = events[i];
    const auto key = std::make_pair(event.rule, event.object);
    if (event.phase == EventPhase::kNew) open_[key] = next_serial_++;
    const auto open = open_.find(key);
    VG_ASSERT(open != open_.end());  // a rule never updates or ends what it did not begin
    event.serial = open->second;
    if (event.phase == EventPhase::kEnd) open_.erase(open);
  }
}

}  // namespace veilgate::surveillance
