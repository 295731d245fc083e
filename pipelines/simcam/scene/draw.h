#pragma once
// Drawing sprites into an I420 frame, behind what stands nearer. Thread word: reentrant.

#include <cstdint>
#include <vector>

#include "simcam/scene/room.h"
#include "simcam/scene/sprite.h"

namespace veilgate::simcam {

/// A sprite at its place: the origin's pixel position and pixels per head unit.
struct Placement {
  const Sprite* sprite = nullptr;  ///< borrowed
  float x = 0;
  float y = 0;
  float scale_x = 1;
  float scale_y = 1;
  float depth = 0;  ///< metres along the room
};

/// A frame being composed; rows tightly packed.
struct Frame {
  PictureSize size;
  std::uint8_t* y = nullptr;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
};

void draw(const Placement& what, const Backdrop& backdrop, Frame& frame);
/// A faint upside-down image on the polished floor below `floor_y`.
void draw_reflection(const Placement& what, float floor_y, const Backdrop& backdrop, Frame& frame);
/// Darkens the floor in an ellipse that fades outward; `strength` 0…1.
void draw_shadow(float x, float y, float radius_x, float radius_y, float strength, const Backdrop& backdrop,
                 Frame& frame);
/// Coverage of the sprite at a pixel position, 0…1.
float coverage_at(const Placement& what, float x, float y);

/// Left, top, right, bottom of the sprite on the picture.
struct Extent {
  float left, top, right, bottom;
};
Extent extent_of(const Placement& what);

}  // namespace veilgate::simcam
