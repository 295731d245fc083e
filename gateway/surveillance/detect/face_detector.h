#pragma once
// Finding faces in a masked frame. Three technologies stand behind this role: our own network, dlib's HOG and
// YuNet (where installed). Detection only: nothing here can tell who a face belongs to.
//
// Thread word: an instance is thread-bound.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/result.h"
#include "frame/frame.h"

namespace veilgate::surveillance {

/// Landmarks in frame pixels, subject's sides: right eye, left eye, nose tip, right and left mouth corner.
using FaceLandmarks = std::array<Point, 5>;

struct FaceDetection {
  Box box;                     ///< frame pixels; may reach over the frame's edge
  double score = 0;            ///< 0…1, the detector's own confidence
  bool has_landmarks = false;  ///< false for HOG
  FaceLandmarks landmarks{};
};

class FaceDetector {
 public:
  virtual ~FaceDetector() = default;

  /// Faces in `region` (frame pixels; clipped to the frame) whose longer side is at least `min_face_px`. The
  /// cost falls with the square of `min_face_px`: a coarse look at everything and a fine look where something
  /// moves are cheaper than a fine look at everything. Coordinates of the result are frame pixels.
  /// Overlapping duplicates are already merged; order is by descending score.
  virtual std::vector<FaceDetection> detect(const MaskedFrame& frame, const Box& region, int min_face_px) = 0;

  /// Looks again for a face that was at `last` a moment ago: in the surroundings of that box only, at a scale
  /// that fits its size, so that the cost is the same small one for every size of face and frame. May return
  /// neighbours.
  virtual std::vector<FaceDetection> detect_near(const MaskedFrame& frame, const Box& last) = 0;

  virtual std::string name() const = 0;  ///< "own" | "hog" | "yunet"
  virtual std::string version()
      const = 0;  ///< first 12 hex digits of the weights' SHA-256, or the library's version
  virtual double score_threshold() const = 0;
};

}  // namespace veilgate::surveillance
