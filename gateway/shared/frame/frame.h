#pragma once
// Video frames on their way from the decoder to analysis. The types carry the first privacy promise: a RawFrame shows
// its pixels to nobody but PrivacyMask, a MaskedFrame can only come out of PrivacyMask::apply, and everything
// downstream takes a MaskedFrame.
//
// Thread word: thread-bound (a frame belongs to one thread at a time; move it to hand it over).

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/clock.h"
#include "core/result.h"

namespace veilgate {

/// Planar or semi-planar 8-bit layouts that a decoder may hand over. Anything else is refused (fail closed).
enum class PixelFormat : std::uint8_t {
  kI420,   ///< Y, U, V; chroma halved both ways
  kYv12,   ///< Y, V, U; chroma halved both ways
  kNv12,   ///< Y, interleaved UV; chroma halved both ways
  kNv21,   ///< Y, interleaved VU; chroma halved both ways
  kY42b,   ///< Y, U, V; chroma halved horizontally
  kY444,   ///< Y, U, V; full chroma
  kGray8,  ///< Y only
};
const char* to_string(PixelFormat format);

/// How one plane of a format lies in memory, in the order of the enumeration's comments.
struct PlaneShape {
  int x_shift = 0;       ///< horizontal subsampling: samples = ceil(width / 2^shift)
  int y_shift = 0;
  int sample_bytes = 1;  ///< 2 for interleaved chroma
  int rows(int height) const { return (height + (1 << y_shift) - 1) >> y_shift; }
  int row_bytes(int width) const { return ((width + (1 << x_shift) - 1) >> x_shift) * sample_bytes; }
};
struct FormatShape {
  int plane_count = 0;  ///< 0: not one of the enumeration's values
  std::array<PlaneShape, 3> planes{};
};
FormatShape shape_of(PixelFormat format);

constexpr int kMaxFrameSide = 16384;  ///< luma pixels; a wider or higher picture is refused

/// One plane. `data` is borrowed from the frame's keeper; rows are `stride` bytes apart.
struct Plane {
  const std::uint8_t* data = nullptr;
  int stride = 0;           ///< bytes from row to row, ≥ bytes of a row
  int rows = 0;
  int row_bytes = 0;        ///< meaningful bytes in a row
};

struct FrameInfo {
  int width = 0;    ///< luma pixels
  int height = 0;   ///< luma pixels
  PixelFormat format = PixelFormat::kI420;
  std::uint64_t number = 0;       ///< 0-based count of decoded frames of this stream
  UtcTime time{};                 ///< when it was seen: wall clock, or media time in offline analysis
  MonoTime arrived{};             ///< steady clock at decoding; for ages and latencies
  friend bool operator==(const FrameInfo&, const FrameInfo&) = default;
};

/// What a media library must supply for a frame: the planes and whatever keeps them alive (a mapped GstBuffer).
struct FrameMemory {
  std::array<Plane, 3> planes{};
  int plane_count = 0;
  std::shared_ptr<const void> keeper;
};

/// A decoded frame before the mask. Move-only, and without any access to its pixels.
class RawFrame {
 public:
  /// Checks that the planes fit the format and size; a frame that does not is refused.
  static Result<RawFrame> create(FrameInfo info, FrameMemory memory);

  RawFrame(RawFrame&&) noexcept = default;
  RawFrame& operator=(RawFrame&&) noexcept = default;
  RawFrame(const RawFrame&) = delete;
  RawFrame& operator=(const RawFrame&) = delete;

  const FrameInfo& info() const { return info_; }

 private:
  friend class PrivacyMask;
  RawFrame(FrameInfo info, FrameMemory memory) : info_(info), memory_(std::move(memory)) {}

  FrameInfo info_;
  FrameMemory memory_;
};

/// A frame whose every privacy-zone sample is the mask colour. Only PrivacyMask::apply makes one.
class MaskedFrame {
 public:
  MaskedFrame(MaskedFrame&&) noexcept = default;
  MaskedFrame& operator=(MaskedFrame&&) noexcept = default;
  MaskedFrame(const MaskedFrame&) = delete;
  MaskedFrame& operator=(const MaskedFrame&) = delete;

  const FrameInfo& info() const { return info_; }
  int width() const { return info_.width; }
  int height() const { return info_.height; }
  int plane_count() const { return memory_.plane_count; }
  /// Plane 0 is always luma. The view lives as long as this frame.
  const Plane& plane(int index) const;

 private:
  friend class PrivacyMask;
  MaskedFrame(FrameInfo info, FrameMemory memory) : info_(info), memory_(std::move(memory)) {}

  FrameInfo info_;
  FrameMemory memory_;
};

}  // namespace veilgate
