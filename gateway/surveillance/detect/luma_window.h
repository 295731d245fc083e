#pragma once
// The luma of a part of a frame at another size. Thread word: reentrant.

#include "core/geometry.h"
#include "frame/frame.h"
#include "frame/scale.h"

namespace veilgate::surveillance {

/// `window` (frame pixels, rounded to whole ones, inside the frame) at width × height: area-averaged when
/// shrinking, bilinear when enlarging. `out` is reused.
void scale_luma_window(const MaskedFrame& frame, const Box& window, int width, int height, LumaImage& out);

}  // namespace veilgate::surveillance
