#pragma once
// One configured rule watching one camera: a state machine per object. Time comes only from the sightings'
// steps, so that the same steps give the same events. Thread word: thread-bound.

#include <map>
#include <memory>
#include <vector>

#include "rules/sighting.h"

namespace veilgate::surveillance {

/// One step: everything in view at `time`.
struct RuleStep {
  UtcTime time{};
  bool armed = true;
  const std::vector<Sighting>& sightings;
};

/// At most this many objects have a state in one rule; further ones are not judged until others left.
inline constexpr std::size_t kMaxJudgedObjects = 256;
/// An event that lasts sends an update this often, and when its object turns out to be a person.
inline constexpr Millis kUpdateEvery{60'000};

class Rule {
 public:
  virtual ~Rule() = default;
  /// Appends what this step says; serials are left 0 in phase kNew and filled in by the engine.
  virtual void step(const RuleStep& step, std::vector<RuleEvent>& events) = 0;
  /// Ends what is open, at its last sighting.
  virtual void finish(UtcTime time, std::vector<RuleEvent>& events) = 0;
};

/// 禁行闯入 (zone), 异常滞留, 异常徘徊, 出现异常: an object in a zone, or in the whole picture, for long
/// enough. An empty polygon is the whole picture.
std::unique_ptr<Rule> make_presence_rule(const RuleConfig& rule, const Polygon& zone);

/// 禁行闯入 (line): an object goes from one side of a line to the other, through the line itself.
std::unique_ptr<Rule> make_line_crossing_rule(const RuleConfig& rule, const Segment& line);

/// The event of `rule` about this sighting, without times.
RuleEvent event_about(const RuleConfig& rule, const Sighting& sighting, EventPhase phase);

}  // namespace veilgate::surveillance
