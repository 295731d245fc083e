#pragma once
// Geometry on the picture. Pixel coordinates: x to the right, y down, origin at the top left corner of the decoded
// frame. Relative coordinates: the same divided by width and height, 0…1. Thread word: reentrant.

#include <vector>

namespace veilgate {

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// Axis-parallel box; x and y are its top left corner. Empty when a side is not positive.
struct Box {
  double x = 0;
  double y = 0;
  double w = 0;
  double h = 0;

  double right() const { return x + w; }
  double bottom() const { return y + h; }
  double area() const { return w > 0 && h > 0 ? w * h : 0; }
  Point center() const { return {x + w / 2, y + h / 2}; }
  /// Where an object stands: the point that decides whether it is in a zone.
  Point bottom_center() const { return {x + w / 2, y + h}; }
  friend bool operator==(const Box&, const Box&) = default;
};

/// At least three points, not self-intersecting, closed implicitly.
using Polygon = std::vector<Point>;

struct Segment {
  Point from;
  Point to;
};

Box intersect(const Box& a, const Box& b);
/// Intersection over union, 0…1; 0 when either is empty.
double iou(const Box& a, const Box& b);
/// Even-odd rule; a point on an edge counts as inside.
bool contains(const Polygon& polygon, Point p);
/// True when the closed segments share a point.
bool intersects(const Segment& a, const Segment& b);
/// > 0 when p lies to the right of the line from → to as seen on the picture (y grows downward), < 0 to the left.
double side_of(const Segment& line, Point p);

}  // namespace veilgate
