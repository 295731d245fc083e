#pragma once
// A face, upright and at one size: what descriptor and sharpness are computed on. Wiped when it goes.
// Thread word: reentrant.

#include <array>
#include <cstdint>

#include "detect/face_detector.h"
#include "frame/frame.h"

namespace veilgate::surveillance {

/// 8-bit luma, 80 × 80, eyes level. Move-only, wiped in the destructor.
class AlignedChip {
 public:
  static constexpr int kSide = 80;

  /// From the landmarks by the least-squares similarity transform (Umeyama 1991), or from the box alone where
  /// the detector gives none. Samples outside the picture repeat its edge.
  static AlignedChip cut(const MaskedFrame& frame, const FaceDetection& face);

  AlignedChip(AlignedChip&& other) noexcept;
  AlignedChip& operator=(AlignedChip&&) = delete;
  AlignedChip(const AlignedChip&) = delete;
  AlignedChip& operator=(const AlignedChip&) = delete;
  ~AlignedChip();

  std::uint8_t at(int x, int y) const { return pixels_[static_cast<std::size_t>(y) * kSide + x]; }
  /// Variance of the Laplacian over the squared contrast: 0 = flat or blurred; about 0.05 and more = sharp.
  double sharpness() const;

 private:
  AlignedChip() = default;
  std::array<std::uint8_t, kSide * kSide> pixels_{};
};

/// x' = a·x − b·y + tx, y' = b·x + a·y + ty.
struct Similarity {
  double a = 1, b = 0, tx = 0, ty = 0;
  Point operator()(Point p) const { return {a * p.x - b * p.y + tx, b * p.x + a * p.y + ty}; }
};
/// The similarity that takes `from` nearest to `to` in the least-squares sense.
Similarity fit_similarity(const FaceLandmarks& from, const FaceLandmarks& to);

}  // namespace veilgate::surveillance
