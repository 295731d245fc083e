#pragma once
// dlib's frontal face detector: histograms of oriented gradients under a linear classifier, five views,
// compiled in, no file. Sees upright faces from about 73 pixels on; smaller wanted faces are not enlarged,
// because that costs four times as much and still misses half of them. The only dlib user here.
//
// Source: Dalal, Triggs, CVPR 2005; King, arXiv:1502.00046. Thread word: thread-bound.

#include <memory>

#include "detect/face_detector.h"

namespace veilgate::surveillance {

/// `score_threshold` is on the 0…1 scale of the other detectors; 0 means the default.
std::unique_ptr<FaceDetector> make_hog_detector(double score_threshold);

}  // namespace veilgate::surveillance
