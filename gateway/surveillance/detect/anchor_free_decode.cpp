#include "detect/anchor_free_decode.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {
namespace {

constexpr double kMaxLogSize = 6;  // e^6 strides: larger than any input we feed, and exp() stays finite

/// cls and obj are probabilities; rounding in the network may leave the interval by a hair.
double probability(float value) { return std::clamp(static_cast<double>(value), 0.0, 1.0); }

bool decode_box(const float* b, int column, int row, int stride, Box& box) {
  for (int i = 0; i < 4; ++i)
    if (!std::isfinite(b[i])) return false;
  if (b[2] > kMaxLogSize || b[3] > kMaxLogSize) return false;
  const double w = std::exp(b[2]) * stride, h = std::exp(b[3]) * stride;
  box = {(column + b[0]) * stride - w / 2, (row + b[1]) * stride - h / 2, w, h};
  return w >= 1 && h >= 1;
}

}  // namespace

void decode_stride(const StrideOutputs& outputs, double threshold, std::vector<FaceDetection>& out) {
  const double product = threshold * threshold;  // of cls · obj; saves the root for almost every cell
  for (int row = 0, cell = 0; row < outputs.rows; ++row) {
    for (int column = 0; column < outputs.columns; ++column, ++cell) {
      const double joint = probability(outputs.cls[cell]) * probability(outputs.obj[cell]);
      if (!(joint >= product)) continue;  // also passes over NaN
      FaceDetection face;
      if (!decode_box(outputs.bbox + 4 * cell, column, row, outputs.stride, face.box)) continue;
      face.score = std::sqrt(joint);
      face.has_landmarks = true;
      const float* k = outputs.kps + 10 * cell;
      for (std::size_t j = 0; j < face.landmarks.size(); ++j) {
        face.landmarks[j] = {(column + k[2 * j]) * outputs.stride, (row + k[2 * j + 1]) * outputs.stride};
        face.has_landmarks = face.has_landmarks && std::isfinite(k[2 * j]) && std::isfinite(k[2 * j + 1]);
      }
      out.push_back(face);
    }
  }
}

}  // namespace veilgate::surveillance
