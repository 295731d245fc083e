#pragma once
// The opt-in picture of one face: everything outside an ellipse around it and every other face is painted
// solid, so that nobody else and no background leaves with it. Thread word: reentrant.

#include <cstdint>
#include <vector>

#include "frame/frame.h"
#include "frame/scale.h"

namespace veilgate::surveillance {

/// Move-only, wiped when it goes.
class FaceCrop {
 public:
  static constexpr int kLargestSide = 256;   ///< pixels; larger faces are shrunk
  static constexpr std::uint8_t kPaint = 0;  ///< the mask's own colour

  /// `others` are the boxes of the other faces in the frame. They win: where they overlap, this face is
  /// painted too.
  static FaceCrop cut(const MaskedFrame& frame, const Box& face, const std::vector<Box>& others);

  FaceCrop() = default;
  FaceCrop(FaceCrop&&) noexcept = default;
  FaceCrop& operator=(FaceCrop&& other) noexcept;
  FaceCrop(const FaceCrop&) = delete;
  FaceCrop& operator=(const FaceCrop&) = delete;
  ~FaceCrop();

  bool empty() const { return image_.pixels.empty(); }
  const BgrImage& image() const { return image_; }

 private:
  void wipe();
  BgrImage image_;
};

}  // namespace veilgate::surveillance
