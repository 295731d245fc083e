#include "detect/scan_plan.h"

#include <cstdint>
#include <limits>

#include "detect/face_network.h"
#include "detect/window.h"

namespace veilgate::surveillance {
namespace {

constexpr int kMostTiles = 12;  // per direction: beyond any camera

/// Length of each of `count` tiles that cover `length` with the overlap.
double tile_length(double length, int count, double overlap) {
  return (length + (count - 1) * overlap) / count;
}

std::int64_t input_pixels(double width, double height) {
  return std::int64_t{network_size(scaled_pixels(width, 1))} * network_size(scaled_pixels(height, 1));
}

}  // namespace

std::vector<ScanTile> plan_scan(const Box& area, double scale, const ScanLimits& limits) {
  VG_ASSERT(limits.visible_px < limits.overlap);  // else the looks for larger faces would not end
  const double width = area.w * scale, height = area.h * scale;
  int columns = kMostTiles, rows = kMostTiles;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (int c = 1; c <= kMostTiles; ++c) {
    for (int r = 1; r <= kMostTiles; ++r) {
      const auto one =
          input_pixels(tile_length(width, c, limits.overlap), tile_length(height, r, limits.overlap));
      if (one > limits.max_input_pixels || one * c * r >= least) continue;
      least = one * c * r;
      columns = c, rows = r;
    }
  }
  const double tile_w = tile_length(width, columns, limits.overlap) / scale;
  const double tile_h = tile_length(height, rows, limits.overlap) / scale;
  std::vector<ScanTile> tiles;
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const double x = columns > 1 ? c * (area.w - tile_w) / (columns - 1) : 0;
      const double y = rows > 1 ? r * (area.h - tile_h) / (rows - 1) : 0;
      tiles.push_back({{area.x + x, area.y + y, tile_w, tile_h}, scale});
    }
  if (tiles.size() == 1) return tiles;
  const auto large_faces = plan_scan(area, scale * limits.visible_px / limits.overlap, limits);
  tiles.insert(tiles.end(), large_faces.begin(), large_faces.end());
  return tiles;
}

}  // namespace veilgate::surveillance
