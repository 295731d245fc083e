#pragma once
// Reading the twelve outputs of a YuNet-shaped network: cls, obj, bbox and kps at strides 8, 16 and 32, one
// cell per row of the tensors, cells in row-major order. With (col, row) the cell and s the stride:
//
//   score = sqrt(cls · obj)
//   centre = ((col + b0) · s, (row + b1) · s), size = (exp(b2) · s, exp(b3) · s)
//   point j = ((col + k[2j]) · s, (row + k[2j+1]) · s)
//
// Source: Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023, and the published 2023mar
// model. Our own network has the same outputs. Thread word: reentrant.

#include <array>
#include <vector>

#include "detect/face_detector.h"

namespace veilgate::surveillance {

inline constexpr std::array<int, 3> kStrides{8, 16, 32};

/// Borrowed float tensors of one stride; `columns · rows` cells.
struct StrideOutputs {
  int stride = 8;
  int columns = 0;
  int rows = 0;
  const float* cls = nullptr;   ///< 1 per cell
  const float* obj = nullptr;   ///< 1 per cell
  const float* bbox = nullptr;  ///< 4 per cell
  const float* kps = nullptr;   ///< 10 per cell
};

/// Appends every cell with a score of at least `threshold`, in pixels of the network's input. Cells whose
/// numbers are not finite or not a plausible box are passed over.
void decode_stride(const StrideOutputs& outputs, double threshold, std::vector<FaceDetection>& out);

}  // namespace veilgate::surveillance
