#pragma once
// Reading a masked frame at analysis size: box-filtered luma, and BGR for the detectors. These are the only full-frame
// reads on the way to analysis; the results are small. Thread word: reentrant.

#include <cstdint>
#include <vector>

#include "core/geometry.h"
#include "frame/frame.h"

namespace veilgate {

/// 8-bit luma, rows tightly packed (stride == width).
struct LumaImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// 8-bit B, G, R interleaved, rows tightly packed (stride == 3 · width).
struct BgrImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Box-averages the frame's luma down to width × height (each ≤ the frame's); `out` is reused to save allocations.
void scale_luma(const MaskedFrame& frame, int width, int height, LumaImage& out);

/// Converts `region` (frame pixels, clipped to the frame) to BGR at width × height, box-averaged when shrinking and
/// bilinear when enlarging. BT.601 limited range, what IP cameras send. `out` is reused.
void scale_bgr(const MaskedFrame& frame, const Box& region, int width, int height, BgrImage& out);

}  // namespace veilgate
