#pragma once
// Who and what is in view: face tracks, object tracks, and which belong together. A face inside an object
// makes that object a person; a face without an object (somebody who has stood still from the first frame on)
// is an object too, whose standing point is estimated from the face. Object ids live as long as face or
// object is followed, so a person who turns away stays the same object. Thread word: thread-bound.

#include <vector>

#include "core/clock.h"
#include "detect/body_test.h"
#include "detect/face_detector.h"
#include "detect/motion.h"
#include "track/box_tracker.h"

namespace veilgate::surveillance {

/// What one analysed frame showed. Views, valid during the call.
struct SceneInput {
  UtcTime time{};
  int width = 0;  ///< frame pixels
  int height = 0;
  const std::vector<FaceDetection>& faces;
  const std::vector<Box>& looked;  ///< where faces were looked for
  const std::vector<MotionObject>& objects;
};

/// One person or thing in view, at most one per object id.
struct SceneObject {
  std::uint64_t id = 0;   ///< ephemeral, from 1
  Box box;                ///< the object's; from the face when there is no object
  bool seen = false;      ///< observed in this step, not predicted
  bool person = false;    ///< a face was seen in its track, or the body test passes
  double seen_share = 1;  ///< steps observed over steps followed, 0…1
  UtcTime first_seen{};
  std::uint64_t object_track = 0;  ///< serial of the object track, 0 = face only
};

class SceneTracker {
 public:
  SceneTracker(TrackerSettings faces, TrackerSettings objects);

  void update(const SceneInput& input);
  void end_all();

  const BoxTracker& faces() const { return faces_; }
  const BoxTracker& objects() const { return objects_; }
  const std::vector<SceneObject>& scene() const { return scene_; }  ///< confirmed ones, by id

 private:
  struct Subject {
    std::uint64_t id = 0;
    std::uint64_t face = 0;    ///< serial of a live face track, 0 = none
    std::uint64_t object = 0;  ///< serial of a live object track, 0 = none
    bool face_seen = false;
    bool seen = false;
    BodyTest body;
    int steps = 0, seen_steps = 0;
    UtcTime first_seen{};
  };

  const Track* face_of(const Subject& subject) const;
  const Track* object_of(const Subject& subject) const;
  void drop_ended();
  void attach_faces();
  void attach_objects();
  void join_split_persons();
  void report(const SceneInput& input);

  BoxTracker faces_;
  BoxTracker objects_;
  std::vector<Subject> subjects_;
  std::vector<SceneObject> scene_;
  std::uint64_t next_id_ = 1;
};

/// Where the body of a face reaches: 3 face widths wide, 7.5 face heights high from the top of the head (a
/// head is an eighth of an adult's height), cut at the picture's edge.
Box body_box(const Box& face, int width, int height);

/// Trackers as tuned for this lane.
TrackerSettings face_tracker_settings();
TrackerSettings object_tracker_settings();

}  // namespace veilgate::surveillance
