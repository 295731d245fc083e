#pragma once
// The body test: is a motion object a person? One instance per object track collects silhouettes. A sighting
// speaks for a person when the object is upright and narrower at the top than below, as head and shoulders
// are and a car is not; a sighting cut by the left, right or lower edge of the picture says nothing. A track
// passes while most of its sightings speak for a person. A face seen in the track outranks all this.
//
// What it cannot tell: a person on a bicycle, sitting or bent, or a group grown together (an object, not a
// person), and anything else that is upright and narrow at the top. Recall and false rate:
// docs/performance.md, "Detectors".
//
// Thread word: thread-bound.

#include "detect/motion.h"

namespace veilgate::surveillance {

/// What one sighting says.
enum class BodyVote { kNothing, kPerson, kOther };
BodyVote judge_body(const MotionObject& object, int frame_width, int frame_height);

class BodyTest {
 public:
  /// One sighting of the track's object (predicted boxes without an object are not shown to it).
  void add(const MotionObject& object, int frame_width, int frame_height);

  /// True once enough sightings agree; may become false again.
  bool passed() const;

 private:
  int judged_ = 0;
  int person_ = 0;
};

}  // namespace veilgate::surveillance
