#pragma once
// Where the edges of a view are, and how well two views agree, block by block. The privacy zones are left out: their
// outlines do not move with the camera. Thread word: reentrant.

#include <cstdint>
#include <vector>

#include "frame/scale.h"

namespace veilgate::surveillance {

struct EdgeMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;  ///< strength of edges, row by row; negative in and beside privacy zones
};

struct EdgeGrid {
  int columns;
  int rows;
};
struct EdgeOffset {
  int x = 0;
  int y = 0;
};
struct EdgeMatch {
  double share = 1;   ///< of the textured blocks: in place
  double score = 1;   ///< their mean correlation, −1…1
  int textured = 0;   ///< blocks with enough structure to be recognised
};

inline constexpr int kZoneBlack = 16;       ///< the privacy mask's luma
inline constexpr int kFewestTextured = 6;  ///< blocks; with fewer a displacement is not judged

/// A quarter of the size each way, box averaged.
LumaImage quarter(const LumaImage& picture);
/// 1 where a pixel may be used, 0 in and beside zones (and in true black, where there is nothing to see either).
std::vector<std::uint8_t> usable_pixels(const LumaImage& picture);
EdgeMap edges_of(const LumaImage& picture);
/// 3 × 3 mean, so that a camera that trembles by a pixel still matches.
void smooth(EdgeMap& map);

/// Compares `now` displaced by `offset` with `reference` (same size); blocks that leave the picture do not count.
EdgeMatch compare(const EdgeMap& now, const EdgeMap& reference, EdgeGrid grid, EdgeOffset offset = {});
/// The displacement within `reach` of `around` that agrees best.
EdgeOffset best_offset(const EdgeMap& now, const EdgeMap& reference, EdgeGrid grid, EdgeOffset around, int reach);

}  // namespace veilgate::surveillance
