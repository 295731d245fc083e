#include "core/geometry.h"

#include <algorithm>

namespace veilgate {
namespace {

bool on_segment(const Segment& s, Point p) {
  return std::min(s.from.x, s.to.x) <= p.x && p.x <= std::max(s.from.x, s.to.x) &&
         std::min(s.from.y, s.to.y) <= p.y && p.y <= std::max(s.from.y, s.to.y);
}

}  // namespace

Box intersect(const Box& a, const Box& b) {
  const double x = std::max(a.x, b.x), y = std::max(a.y, b.y);
  return {x, y, std::max(0.0, std::min(a.right(), b.right()) - x), std::max(0.0, std::min(a.bottom(), b.bottom()) - y)};
}

double iou(const Box& a, const Box& b) {
  const double common = intersect(a, b).area();
  const double all = a.area() + b.area() - common;
  return all > 0 ? common / all : 0;
}

bool contains(const Polygon& polygon, Point p) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Segment edge{polygon[j], polygon[i]};
    if (side_of(edge, p) == 0 && on_segment(edge, p)) return true;
    const bool straddles = (edge.from.y > p.y) != (edge.to.y > p.y);
    if (straddles && p.x < (edge.from.x - edge.to.x) * (p.y - edge.to.y) / (edge.from.y - edge.to.y) + edge.to.x)
      inside = !inside;
  }
  return inside;
}

bool intersects(const Segment& a, const Segment& b) {
  const double d1 = side_of(b, a.from), d2 = side_of(b, a.to), d3 = side_of(a, b.from), d4 = side_of(a, b.to);
  if (((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0))) return true;
  return (d1 == 0 && on_segment(b, a.from)) || (d2 == 0 && on_segment(b, a.to)) ||
         (d3 == 0 && on_segment(a, b.from)) || (d4 == 0 && on_segment(a, b.to));
}

double side_of(const Segment& line, Point p) {
  return (line.to.x - line.from.x) * (p.y - line.from.y) - (line.to.y - line.from.y) * (p.x - line.from.x);
}

}  // namespace veilgate
