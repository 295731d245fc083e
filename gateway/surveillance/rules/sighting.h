#pragma once
// What a rule sees: plain sightings. Rules know no detector, no tracker and no frame. Thread word: reentrant.

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.h"
#include "core/clock.h"
#include "core/geometry.h"

namespace veilgate::surveillance {

/// One object at one moment.
struct Sighting {
  std::uint64_t object = 0;  ///< ephemeral id, the same while it is followed
  Point at;                  ///< where it stands (bottom centre of its box), relative coordinates
  bool seen = true;          ///< false: only predicted; it is still there but proves nothing about where
  bool person = false;       ///< else: an object of any kind
  double confidence = 1;     ///< 0…1
};

enum class EventPhase { kNew, kUpdate, kEnd };
const char* to_string(EventPhase phase);  ///< "new" | "update" | "end"
const char* name_of(RuleType type);       ///< "intrusion" | "line_crossing" | "stay" | "loitering" | …

/// What a rule has to say. Phases of one event share `serial`; every serial begins with kNew and ends with
/// kEnd.
struct RuleEvent {
  std::uint64_t serial = 0;  ///< from 1, unique per rule engine
  std::string rule;
  RuleType type = RuleType::kIntrusion;
  EventPhase phase = EventPhase::kNew;
  std::string zone;
  std::string line;
  std::uint64_t object = 0;
  bool person = false;
  UtcTime begin{};
  std::optional<UtcTime> end;  ///< in phase kEnd only; ≥ begin
  UtcTime time{};
  double confidence = 0;
};

}  // namespace veilgate::surveillance
