#pragma once
// Thin outlines on a picture for people. Thread word: reentrant.

#include <cstdint>

#include "core/geometry.h"
#include "frame/scale.h"

namespace veilgate::surveillance {

struct OutlineColor {
  std::uint8_t b, g, r;
};

/// Two pixels wide; `from` and `to` in relative coordinates. What lies outside the picture is left out.
void draw_segment(BgrImage& image, Point from, Point to, OutlineColor color);
void draw_polygon(BgrImage& image, const Polygon& polygon, OutlineColor color);

}  // namespace veilgate::surveillance
