#include "rules/path_turns.h"

#include <algorithm>

namespace veilgate::surveillance {

void PathTurns::Axis::add(double value) {
  if (!started) {
    started = true;
    low = high = value;
    return;
  }
  if (direction == 0) {  // the first leg: in whichever direction a leg's length is reached
    low = std::min(low, value);
    high = std::max(high, value);
    if (value - low >= kLeg) direction = 1;
    if (high - value >= kLeg) direction = -1;
    extreme = value;
    return;
  }
  if ((value - extreme) * direction > 0) extreme = value;
  if ((extreme - value) * direction >= kLeg) {
    direction = -direction;
    extreme = value;
    ++turns;
  }
}

void PathTurns::add(Point at) {
  axes_[0].add(at.x);
  axes_[1].add(at.y);
}

int PathTurns::count() const { return std::max(axes_[0].turns, axes_[1].turns); }

}  // namespace veilgate::surveillance
