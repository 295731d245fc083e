#pragma once
// The body test: is a motion object a person? One instance per object track collects silhouettes; a track
// passes when most of its sightings are upright, narrower at the top and changing in shape the way legs and
// arms do, which a car is not. A face seen in the track outranks it. Recall and false rate:
// docs/performance.md, section "Detectors".
//
// Thread word: thread-bound.

#include "detect/motion.h"

namespace veilgate::surveillance {

class BodyTest {
 public:
  /// One sighting of the track's object (frame-to-frame predictions without an object are not shown to it).
  void add(const MotionObject& object, int frame_width, int frame_height);

  /// True once enough sightings agree; may become false again.
  bool passed() const;

 private:
  int seen_ = 0;
  int person_like_ = 0;
};

}  // namespace veilgate::surveillance
