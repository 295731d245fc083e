#pragma once
// Motion: the gate that says whether a frame is worth the face detector, and the objects that stand out from
// the learned background, so that a person seen from behind is an object too.
//
// The background is learned on a small luma picture. What has moved in stays an object while it stands still
// (for `hold`, minutes), so that a stay rule sees it; what was there from the first frame on belongs to the
// background until it moves. A hole that somebody left behind (a ghost) is told from an object by where the
// edges are, and is learned at once. Light that changes slowly is followed; light that changes suddenly is
// reported as `scene_changed`.
//
// Cost: one luma read of the frame (frame/scale.h) and about 0.3 ms. Time is the frame's own `time`, so that
// the same input gives the same output. Thread word: thread-bound, one instance per camera.

#include <memory>
#include <vector>

#include "core/clock.h"
#include "core/geometry.h"
#include "frame/frame.h"

namespace veilgate::surveillance {

/// How an object's silhouette is shaped in one frame: the evidence of the body test (detect/body_test.h).
struct Silhouette {
  double fill = 0;        ///< share of the box that is foreground, 0…1
  double head_width = 0;  ///< mean width of the top fifth over the widest row, 0…1
  double change = 0;  ///< share of the silhouette that changed since the last frame, after alignment, 0…1
};

struct MotionObject {
  Box box;  ///< frame pixels, inside the frame, hugging the silhouette down to the feet
  Silhouette silhouette;
};

struct MotionReport {
  bool moved = false;  ///< something moved against the frames before: a face detection is worth its cost
  bool scene_changed =
      false;  ///< most of the picture changed at once; no objects, the background is learned anew
  std::vector<MotionObject> objects;  ///< largest first
};

struct MotionSettings {
  double min_height = 0.10;  ///< smallest object, share of the frame's height, 0…1
  double min_area = 0.002;   ///< smallest silhouette, share of the frame's area, 0…1
  Millis hold{600'000};      ///< how long a still object stays an object, > 0
};

class MotionObjects {
 public:
  explicit MotionObjects(MotionSettings settings = {});
  ~MotionObjects();
  MotionObjects(MotionObjects&&) noexcept;
  MotionObjects& operator=(MotionObjects&&) noexcept;

  /// To be called with every frame that is looked at, in order. The first frame never moved.
  MotionReport observe(const MaskedFrame& frame);

  /// Forgets everything: after a reconnect or a change of the picture's size (which it also notices itself).
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veilgate::surveillance
