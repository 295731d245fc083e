#pragma once
// Turning many overlapping candidates for one face into one. Thread word: reentrant.

#include <vector>

#include "detect/face_detector.h"

namespace veilgate::surveillance {

/// Greedy non-maximum suppression: keeps the best of those that overlap it by more than `max_iou` (0…1). The
/// result is in order of descending score; equal scores keep a fixed order, so that the same input gives the
/// same output.
std::vector<FaceDetection> merge_overlapping(std::vector<FaceDetection> candidates, double max_iou);

/// Moves detections found in a scaled window into frame pixels: x · 1/scale + origin.
void to_frame_pixels(std::vector<FaceDetection>& detections, Point origin, double scale_x, double scale_y);

}  // namespace veilgate::surveillance
