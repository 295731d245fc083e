// One state machine for the four rules about being somewhere; they differ only in what makes it long enough.
#include <algorithm>

#include "rules/path_turns.h"
#include "rules/rule.h"

namespace veilgate::surveillance {
namespace {

/// What is known of one object in one zone.
struct Presence {
  bool inside = false;
  UtcTime entered{};  // of the stretch that runs, or of the first one that counts (loitering)
  UtcTime stretch_begin{};
  UtcTime last_inside{};
  Millis earlier{0};  // loitering: time in zone of finished stretches
  int entries = 0;
  PathTurns turns;
  bool firing = false;
  bool firing_person = false;
  UtcTime last_message{};
  Sighting last;
  bool in_view = false;
};

class PresenceRule final : public Rule {
 public:
  PresenceRule(const RuleConfig& rule, Polygon zone) : rule_(rule), zone_(std::move(zone)) {}

  void step(const RuleStep& step, std::vector<RuleEvent>& events) override {
    for (auto& [id, presence] : objects_) presence.in_view = false;
    for (const Sighting& sighting : step.sightings) {
      auto found = objects_.find(sighting.object);
      if (found == objects_.end()) {
        if (objects_.size() >= kMaxJudgedObjects) continue;
        found = objects_.emplace(sighting.object, Presence{}).first;
      }
      found->second.in_view = true;
      found->second.last = sighting;
      if (step.armed && sighting.seen && covers(sighting.at)) be_inside(found->second, sighting, step.time);
    }
    for (auto it = objects_.begin(); it != objects_.end();) {
      judge(it->second, step, events);
      it = it->second.in_view || it->second.inside ? std::next(it) : objects_.erase(it);
    }
  }

  void finish(UtcTime time, std::vector<RuleEvent>& events) override {
    for (auto& [id, presence] : objects_)
      if (presence.firing) end(presence, time, events);
    objects_.clear();
  }

 private:
  bool covers(Point at) const { return zone_.empty() || contains(zone_, at); }
  bool loitering() const { return rule_.type == RuleType::kLoitering; }

  void be_inside(Presence& p, const Sighting& sighting, UtcTime time) {
    if (!p.inside) {
      p.inside = true;
      p.stretch_begin = time;
      if (!loitering() || p.entries == 0) p.entered = time;
      ++p.entries;
    }
    p.last_inside = time;
    if (loitering()) p.turns.add(sighting.at);
  }

  bool long_enough(const Presence& p) const {
    const Millis stretch = p.last_inside - p.stretch_begin;
    switch (rule_.type) {
      case RuleType::kStay:
        return stretch >= std::max(rule_.threshold, rule_.inertia);
      case RuleType::kLoitering:
        return p.earlier + stretch >= std::max(rule_.threshold, rule_.inertia) &&
               p.turns.count() + p.entries - 1 >= rule_.min_passes;
      default:
        return stretch >= rule_.inertia;
    }
  }

  void judge(Presence& p, const RuleStep& step, std::vector<RuleEvent>& events) {
    if (!p.inside) return;
    if (!step.armed || step.time - p.last_inside > rule_.hysteresis) {
      leave(p, step.time, events);
      return;
    }
    const bool applies = rule_.applies_to == AppliesTo::kAny || p.last.person;
    if (!p.firing && applies && long_enough(p)) {
      p.firing = true;
      say(p, EventPhase::kNew, step.time, events);
    } else if (p.firing && (p.last.person != p.firing_person || step.time - p.last_message >= kUpdateEvery)) {
      say(p, EventPhase::kUpdate, step.time, events);
    }
  }

  void leave(Presence& p, UtcTime time, std::vector<RuleEvent>& events) {
    if (p.firing) {
      end(p, time, events);
      p.turns = {};
      p.entries = 0;
      p.earlier = Millis{0};
    } else {
      p.earlier += p.last_inside - p.stretch_begin;
    }
    p.inside = false;
  }

  void end(Presence& p, UtcTime time, std::vector<RuleEvent>& events) {
    p.firing = false;
    say(p, EventPhase::kEnd, std::max(time, p.last_inside), events);
    events.back().end = p.last_inside;
  }

  void say(Presence& p, EventPhase phase, UtcTime time, std::vector<RuleEvent>& events) {
    RuleEvent event = event_about(rule_, p.last, phase);
    event.begin = p.entered;
    event.time = time;
    p.firing_person = p.last.person;
    p.last_message = time;
    events.push_back(event);
  }

  RuleConfig rule_;
  Polygon zone_;
  std::map<std::uint64_t, Presence> objects_;
};

}  // namespace

RuleEvent event_about(const RuleConfig& rule, const Sighting& sighting, EventPhase phase) {
  RuleEvent event;
  event.rule = rule.id;
  event.type = rule.type;
  event.phase = phase;
  event.zone = rule.zone;
  event.line = rule.line;
  event.object = sighting.object;
  event.person = sighting.person;
  event.confidence = std::clamp(sighting.confidence, 0.0, 1.0);
  return event;
}

std::unique_ptr<Rule> make_presence_rule(const RuleConfig& rule, const Polygon& zone) {
  return std::make_unique<PresenceRule>(rule, zone);
}

}  // namespace veilgate::surveillance
