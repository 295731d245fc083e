#pragma once
// A rendered figure with its outline, ready to be drawn into a video frame: premultiplied Y, U, V and
// coverage, 8 bit each (BT.601 limited range, what IP cameras send), in up to four sizes so that shrinking
// does not flicker.
//
// Thread word: Sprite is immutable once rendered; rendering is reentrant.

#include <cstdint>
#include <vector>

#include "simcam/render/figures.h"

namespace veilgate::simcam {

/// y, u, v multiplied by a/255.
struct Texel {
  std::uint8_t y, u, v, a;
};

struct SpriteLevel {
  int width = 0;
  int height = 0;
  std::vector<Texel> texels;  ///< row by row
};

struct Sprite {
  float left = 0;             ///< of the picture, head units right of the figure's origin
  float top = 0;              ///< head units above the origin
  float pixels_per_unit = 1;  ///< of level 0; halved with each further level
  std::vector<SpriteLevel> levels;
};

/// The size at which a sprite is rendered.
struct SpriteFrame {
  float left, right, bottom, top;  ///< head units around the origin
  float pixels_per_unit;
  Lens lens;
};

Sprite render_sprite(const HeadFigure& figure, const SpriteFrame& frame);
Sprite render_sprite(const BodyFigure& figure, const SpriteFrame& frame);

/// Appends the smaller sizes of a sprite whose first level is set.
void add_smaller_levels(Sprite& sprite);

}  // namespace veilgate::simcam
