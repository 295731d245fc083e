#pragma once
// Which pixels a privacy zone covers: every pixel that the polygon touches at all, widened by a margin. Rounded
// outward in every step, because a pixel too many is harmless and a pixel too few is a leak.
// Thread word: reentrant.

#include <vector>

#include "core/geometry.h"

namespace veilgate {

/// Half-open interval of columns.
struct ColumnSpan {
  int begin = 0;
  int end = 0;
  friend bool operator==(const ColumnSpan&, const ColumnSpan&) = default;
};
/// One entry per row, each sorted and free of overlaps.
using RowSpans = std::vector<std::vector<ColumnSpan>>;

/// Sorts and joins the overlapping and adjoining spans of one row.
void join_spans(std::vector<ColumnSpan>& spans);

/// The union of `polygons` (relative coordinates) on a width × height picture, widened by `margin_px` to every side.
/// Self-intersecting polygons cover everything that they wind around.
RowSpans cover_polygons(const std::vector<Polygon>& polygons, int width, int height, int margin_px);

/// The same cover on a plane subsampled by 2^x_shift, 2^y_shift: a sample is covered when any of its pixels is.
RowSpans subsample_cover(const RowSpans& cover, int plane_rows, int x_shift, int y_shift);

}  // namespace veilgate
