#pragma once
// The lobby behind the people: painted once per size from plain geometry and noise, with the depth that
// decides who stands behind what. Thread word: a Backdrop is immutable; paint_lobby uses two threads and is
// reentrant.

#include <cstdint>
#include <vector>

#include "simcam/scene/view.h"

namespace veilgate::simcam {

struct Backdrop {
  PictureSize size;
  std::vector<std::uint8_t> i420;   ///< Y, U, V, tightly packed
  std::vector<float> depth;         ///< z of what can hide people, metres, per pixel
  std::vector<std::uint8_t> floor;  ///< 255 where the floor is seen
};

Backdrop paint_lobby(const View& view);

}  // namespace veilgate::simcam
