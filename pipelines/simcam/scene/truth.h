#pragma once
// What is really in a frame, known because the frame was rendered. Boxes and points in pixels, angles in
// degrees. Thread word: plain data.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/geometry.h"

namespace veilgate::simcam {

struct FaceOnPicture {
  Box box;                         ///< hair line to chin, cheek to cheek; may reach over the frame's edge
  std::array<Point, 5> landmarks;  ///< subject's right eye, left eye, nose tip, right and left mouth corner
  double yaw = 0, pitch = 0, roll = 0;
  double blink = 0;       ///< 0 open, 1 shut
  double visibility = 0;  ///< share of the face that nothing and no edge hides, 0…1
};

struct PersonOnPicture {
  int id = 0;                         ///< of the person, the same whenever she comes
  int visit = 0;                      ///< of this coming and going
  Box body;                           ///< head to shoes, cut at the frame's edges
  double visibility = 0;              ///< share of the whole figure that is seen, 0…1
  Point feet;                         ///< on the floor between the shoes; may be outside the frame
  double depth_m = 0;                 ///< distance along the view: who is nearer hides whom
  bool masked = false;                ///< wears a face mask
  std::optional<FaceOnPicture> face;  ///< absent when turned away by more than 100°
};

struct FrameTruth {
  std::uint64_t number = 0;             ///< 0-based
  double scene_s = 0;                   ///< seconds since the scene began
  std::vector<PersonOnPicture> people;  ///< far to near
};

}  // namespace veilgate::simcam
