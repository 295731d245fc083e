#include <algorithm>
#include <cmath>

#include "rules/rule.h"

namespace veilgate::surveillance {
namespace {

/// Nearer than this to the line (relative coordinates) an object is on neither side: a standing person's box
/// trembles.
constexpr double kOnTheLine = 0.008;

struct Walker {
  int side = 0;      // -1 left, +1 right; 0 = not yet known
  Point clear_at;    // last point that was clear of the line on that side
  int new_side = 0;  // where it seems to have gone, until inertia is over
  UtcTime crossed{};
  bool through = false;  // the way there led through the line, not round its end
  bool was_armed = false;
  bool in_view = false;
  UtcTime last_in_view{};
};

class LineCrossingRule final : public Rule {
 public:
  LineCrossingRule(const RuleConfig& rule, const Segment& line) : rule_(rule), line_(line) {
    length_ = std::max(1e-9, std::hypot(line.to.x - line.from.x, line.to.y - line.from.y));
  }

  void step(const RuleStep& step, std::vector<RuleEvent>& events) override {
    for (auto& [id, walker] : walkers_) walker.in_view = false;
    for (const Sighting& sighting : step.sightings) {
      auto found = walkers_.find(sighting.object);
      if (found == walkers_.end()) {
        if (walkers_.size() >= kMaxJudgedObjects) continue;
        found = walkers_.emplace(sighting.object, Walker{}).first;
      }
      found->second.in_view = true;
      found->second.last_in_view = step.time;
      if (sighting.seen) follow(found->second, sighting, step, events);
    }
    std::erase_if(walkers_, [&](const auto& entry) {
      return !entry.second.in_view && step.time - entry.second.last_in_view > rule_.hysteresis;
    });
  }

  void finish(UtcTime, std::vector<RuleEvent>&) override { walkers_.clear(); }

 private:
  void follow(Walker& w, const Sighting& sighting, const RuleStep& step, std::vector<RuleEvent>& events) {
    const double distance = side_of(line_, sighting.at) / length_;
    const int side = distance > kOnTheLine ? 1 : distance < -kOnTheLine ? -1 : 0;
    if (side == 0) return;
    if (w.side == 0 || side == w.side) {  // here from the start, stayed, or came back before it counted
      w.side = side;
      w.clear_at = sighting.at;
      w.new_side = 0;
      return;
    }
    if (w.new_side == 0) {
      w.new_side = side;
      w.crossed = step.time;
      w.through = intersects({w.clear_at, sighting.at}, line_);
      w.was_armed = step.armed;
    }
    if (step.time - w.crossed < rule_.inertia) return;
    const bool counts =
        w.through && w.was_armed && wanted(side) && (rule_.applies_to == AppliesTo::kAny || sighting.person);
    w.side = side;
    w.clear_at = sighting.at;
    w.new_side = 0;
    if (counts) report(w, sighting, step.time, events);
  }

  bool wanted(int side) const {
    if (rule_.direction == CrossingDirection::kBoth) return true;
    return (side > 0) == (rule_.direction == CrossingDirection::kLeftToRight);
  }

  /// A crossing is a moment: its event ends with the message that begins it.
  void report(const Walker& w, const Sighting& sighting, UtcTime time, std::vector<RuleEvent>& events) {
    for (const EventPhase phase : {EventPhase::kNew, EventPhase::kEnd}) {
      RuleEvent event = event_about(rule_, sighting, phase);
      event.begin = w.crossed;
      event.time = time;
      if (phase == EventPhase::kEnd) event.end = w.crossed;
      events.push_back(event);
    }
  }

  RuleConfig rule_;
  Segment line_;
  double length_ = 1;
  std::map<std::uint64_t, Walker> walkers_;
};

}  // namespace

std::unique_ptr<Rule> make_line_crossing_rule(const RuleConfig& rule, const Segment& line) {
  return std::make_unique<LineCrossingRule>(rule, line);
}

}  // namespace veilgate::surveillance
