#pragma once
// All rules of one camera. Gives every event its serial and knows which rule is armed when. Thread word:
// thread-bound.

#include <memory>
#include <vector>

#include "config/config.h"
#include "rules/rule.h"
#include "rules/time_zone.h"

namespace veilgate::surveillance {

class RuleEngine {
 public:
  /// Errors: a rule names a zone or line that the camera does not have.
  static Result<RuleEngine> create(const CameraConfig& camera, TimeZone zone);

  /// Everything in view at `time`; an earlier time than the last step's is taken as that one.
  std::vector<RuleEvent> evaluate(UtcTime time, const std::vector<Sighting>& sightings);
  /// Ends what is open at its last sighting; after it, time may begin anew (clock jump).
  std::vector<RuleEvent> finish();

 private:
  struct Armed {
    std::unique_ptr<Rule> rule;
    Schedule schedule;
  };
  explicit RuleEngine(TimeZone zone) : zone_(std::move(zone)) {}
  void number(std::vector<RuleEvent>& events, std::size_t from);

  std::vector<Armed> rules_;
  TimeZone zone_;
  UtcTime last_{};
  std::uint64_t next_serial_ = 1;
  std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> open_;  // (rule, object) → serial
};

}  // namespace veilgate::surveillance
