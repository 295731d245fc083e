#pragma once
// The test camera in its room: metres, x to the right, y up from the floor, z away from the camera. Pixels: x
// to the right, y down. Thread word: reentrant.

#include "core/geometry.h"
#include "simcam/render/vector.h"

namespace veilgate::simcam {

struct PictureSize {
  int width = 1280;  ///< even
  int height = 720;  ///< even
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

class View {
 public:
  explicit View(PictureSize size);

  struct Projected {
    Point at;                    ///< pixels
    float pixels_per_metre = 0;  ///< at that depth; ≤ 0 = behind the camera
  };
  Projected project(Vec3 world) const;
  /// Direction, in the room, of the ray through a pixel's position.
  Vec3 ray(float x, float y) const;
  Vec3 eye() const { return {0, kHeight, 0}; }
  PictureSize size() const { return size_; }
  /// Pixels per metre at one metre.
  float focal() const { return focal_; }

 private:
  static constexpr float kHeight = 2.05f;
  static constexpr float kTilt = .175f;  // radians downwards

  PictureSize size_;
  float focal_;
};

}  // namespace veilgate::simcam
