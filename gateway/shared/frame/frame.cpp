#include "frame/frame.h"

#include <string>

#include "frame/frame_source.h"

namespace veilgate {

const char* to_string(PixelFormat format) {
  switch (format) {
    case PixelFormat::kI420: return "I420";
    case PixelFormat::kYv12: return "YV12";
    case PixelFormat::kNv12: return "NV12";
    case PixelFormat::kNv21: return "NV21";
    case PixelFormat::kY42b: return "Y42B";
    case PixelFormat::kY444: return "Y444";
    case PixelFormat::kGray8: return "GRAY8";
  }
  return "unknown";
}

const char* to_string(SourceState state) {
  switch (state) {
    case SourceState::kStarting: return "starting";
    case SourceState::kOnline: return "online";
    case SourceState::kLost: return "lost";
    case SourceState::kHeld: return "held";
    case SourceState::kEnded: return "ended";
  }
  return "unknown";
}

FormatShape shape_of(PixelFormat format) {
  constexpr PlaneShape kFull{};
  constexpr PlaneShape kQuarter{.x_shift = 1, .y_shift = 1};
  constexpr PlaneShape kHalf{.x_shift = 1};
  constexpr PlaneShape kInterleaved{.x_shift = 1, .y_shift = 1, .sample_bytes = 2};
  switch (format) {
    case PixelFormat::kI420:
    case PixelFormat::kYv12: return {3, {kFull, kQuarter, kQuarter}};
    case PixelFormat::kNv12:
    case PixelFormat::kNv21: return {2, {kFull, kInterleaved, {}}};
    case PixelFormat::kY42b: return {3, {kFull, kHalf, kHalf}};
    case PixelFormat::kY444: return {3, {kFull, kFull, kFull}};
    case PixelFormat::kGray8: return {1, {kFull, {}, {}}};
  }
  return {};
}

Result<RawFrame> RawFrame::create(FrameInfo info, FrameMemory memory) {
  const auto refuse = [&](const std::string& why) {
    return Error(ErrorCode::kInvalidInput, "frame " + std::to_string(info.width) + "x" + std::to_string(info.height) +
                                               " " + to_string(info.format) + ": " + why);
  };
  const FormatShape shape = shape_of(info.format);
  if (shape.plane_count == 0) return refuse("unknown pixel format");
  if (info.width < 1 || info.height < 1 || info.width > kMaxFrameSide || info.height > kMaxFrameSide)
    return refuse("size outside 1..16384");
  if (memory.plane_count != shape.plane_count) return refuse("wrong number of planes");
  for (int i = 0; i < shape.plane_count; ++i) {
    const Plane& plane = memory.planes[i];
    if (!plane.data) return refuse("plane without memory");
    if (plane.rows != shape.planes[i].rows(info.height) || plane.row_bytes != shape.planes[i].row_bytes(info.width))
      return refuse("plane " + std::to_string(i) + " does not fit the size");
    if (plane.stride < plane.row_bytes) return refuse("stride shorter than a row");
  }
  return RawFrame(info, std::move(memory));
}

const Plane& MaskedFrame::plane(int index) const {
  VG_ASSERT(index >= 0 && index < memory_.plane_count);
  return memory_.planes[index];
}

}  // namespace veilgate
