#pragma once
// Windows of a frame that a detector reads at another scale. Thread word: reentrant.

#include "core/geometry.h"

namespace veilgate::surveillance {

/// A square of `side` frame pixels around `center`, moved (not cut) to lie inside the frame, and cut only
/// where the frame is smaller than it: the picture beside a face at the edge says more than black would.
Box window_around(Point center, double side, int frame_width, int frame_height);

/// `region` grown by `margin` on every side and clipped to the frame; empty when it does not touch the frame.
Box grown_region(const Box& region, double margin, int frame_width, int frame_height);

/// Whole pixels of `length` frame pixels at `scale`, at least 1.
int scaled_pixels(double length, double scale);

}  // namespace veilgate::surveillance
