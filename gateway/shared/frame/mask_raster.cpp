#include "frame/mask_raster.h"

#include <algorithm>
#include <cmath>

namespace veilgate {
namespace {

struct Crossing {
  double x;
  int winding;
};

void add_span(std::vector<ColumnSpan>& row, double from, double to, int width) {
  const int begin = std::max(0, static_cast<int>(std::floor(from)));
  const int end = std::min(width, static_cast<int>(std::floor(to)) + 1);
  if (begin < end) row.push_back({begin, end});
}

/// Pixels whose centre row lies inside, by the non-zero winding rule.
void fill_interior(const Polygon& pixels, int width, RowSpans& rows) {
  std::vector<Crossing> crossings;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    const double center = static_cast<double>(y) + 0.5;
    crossings.clear();
    for (std::size_t i = 0, j = pixels.size() - 1; i < pixels.size(); j = i++) {
      const Point a = pixels[j], b = pixels[i];
      if ((a.y <= center) == (b.y <= center)) continue;
      crossings.push_back({a.x + (b.x - a.x) * (center - a.y) / (b.y - a.y), a.y <= center ? 1 : -1});
    }
    std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
    int winding = 0;
    for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
      winding += crossings[i].winding;
      if (winding != 0) add_span(rows[y], crossings[i].x, crossings[i + 1].x, width);
    }
  }
}

/// Every pixel that the edge a–b touches.
void trace_edge(Point a, Point b, int width, RowSpans& rows) {
  if (a.y > b.y) std::swap(a, b);
  const int last = std::min(static_cast<int>(rows.size()) - 1, static_cast<int>(std::floor(b.y)));
  for (int y = std::max(0, static_cast<int>(std::floor(a.y))); y <= last; ++y) {
    double from = a.x, to = b.x;
    if (b.y > a.y) {
      const double slope = (b.x - a.x) / (b.y - a.y);
      from = a.x + slope * (std::max<double>(y, a.y) - a.y);
      to = a.x + slope * (std::min<double>(y + 1, b.y) - a.y);
    }
    add_span(rows[y], std::min(from, to), std::max(from, to), width);
  }
}

RowSpans widen(const RowSpans& rows, int width, int margin) {
  const int height = static_cast<int>(rows.size());
  RowSpans out(rows.size());
  for (int y = 0; y < height; ++y) {
    for (int near = std::max(0, y - margin); near <= std::min(height - 1, y + margin); ++near)
      for (const ColumnSpan& span : rows[near])
        out[y].push_back({std::max(0, span.begin - margin), std::min(width, span.end + margin)});
    join_spans(out[y]);
  }
  return out;
}

}  // namespace

void join_spans(std::vector<ColumnSpan>& spans) {
  if (spans.empty()) return;
  std::sort(spans.begin(), spans.end(), [](const ColumnSpan& a, const ColumnSpan& b) { return a.begin < b.begin; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].begin <= spans[last].end)
      spans[last].end = std::max(spans[last].end, spans[i].end);
    else
      spans[++last] = spans[i];
  }
  spans.resize(last + 1);
}

RowSpans cover_polygons(const std::vector<Polygon>& polygons, int width, int height, int margin_px) {
  RowSpans rows(static_cast<std::size_t>(height));
  for (const Polygon& polygon : polygons) {
    Polygon pixels = polygon;
    for (Point& p : pixels) p = {p.x * width, p.y * height};
    fill_interior(pixels, width, rows);
    for (std::size_t i = 0, j = pixels.size() - 1; i < pixels.size(); j = i++)
      trace_edge(pixels[j], pixels[i], width, rows);
  }
  for (auto& row : rows) join_spans(row);
  return margin_px > 0 ? widen(rows, width, margin_px) : rows;
}

RowSpans subsample_cover(const RowSpans& cover, int plane_rows, int x_shift, int y_shift) {
  RowSpans rows(static_cast<std::size_t>(plane_rows));
  const int round_up = (1 << x_shift) - 1;
  for (std::size_t y = 0; y < cover.size(); ++y)
    for (const ColumnSpan& span : cover[y])
      rows[y >> y_shift].push_back({span.begin >> x_shift, (span.end + round_up) >> x_shift});
  for (auto& row : rows) join_spans(row);
  return rows;
}

}  // namespace veilgate
