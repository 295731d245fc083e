#pragma once
// What a surface reflects: base colour and highlight, before any light.

#include "simcam/render/vector.h"

namespace veilgate::simcam {

struct Paint {
  Vec3 colour;
  float highlight = .03f;  ///< strength
  float polish = 18;       ///< exponent
  float translucency = 0;  ///< 0…1: how softly light wraps around (skin)
};

}  // namespace veilgate::simcam
