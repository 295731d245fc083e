#pragma once
// Counting how often somebody turns back: the sign of pacing up and down. Thread word: thread-bound.

#include <array>

#include "core/geometry.h"

namespace veilgate::surveillance {

class PathTurns {
 public:
  /// A turn counts when the path comes back by this much after having gone at least as far, in relative
  /// coordinates: less is swaying, not walking.
  static constexpr double kLeg = 0.06;

  void add(Point at);
  int count() const;  ///< turns along the axis with more of them

 private:
  struct Axis {
    bool started = false;
    int direction = 0;   // -1, +1; 0 before the first leg
    double extreme = 0;  // farthest point in that direction
    double low = 0, high = 0;
    int turns = 0;
    void add(double value);
  };
  std::array<Axis, 2> axes_;
};

}  // namespace veilgate::surveillance
