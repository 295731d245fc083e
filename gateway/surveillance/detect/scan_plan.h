#pragma once
// How a large area is looked at with bounded memory: in tiles. A network's memory grows with its input; a
// whole 1080p frame at once would take 90 MB per camera. Tiles overlap, so that every face up to the
// overlap's size lies wholly in one of them; larger faces are found in one more look at everything, at a much
// smaller scale. Thread word: reentrant.

#include <vector>

#include "core/geometry.h"

namespace veilgate::surveillance {

struct ScanTile {
  Box window;    ///< frame pixels
  double scale;  ///< input pixels per frame pixel, 0…1
};

struct ScanLimits {
  int max_input_pixels = 1 << 19;  ///< of one look; 960 × 544 is one look, 1440 × 810 is four
  double overlap = 64;             ///< pixels of the input
  double visible_px = 18;          ///< smallest face the network sees, pixels of its input
};

/// `area` must not be empty. One tile when it fits.
std::vector<ScanTile> plan_scan(const Box& area, double scale, const ScanLimits& limits);

}  // namespace veilgate::surveillance
