#pragma once
// Frames made from synthetic memory, so that everything behind the mask can be tested without GStreamer. The link
// target of the test must reach vg_frame. Thread word: reentrant.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "frame/frame.h"
#include "frame/privacy_mask.h"
#include "frame/scale.h"

namespace veilgate::test {

/// Planes of any format and stride in memory of its own.
struct TestPicture {
  FrameInfo info;
  std::array<std::vector<std::uint8_t>, 3> memory;
  std::array<int, 3> stride{};

  TestPicture(int width, int height, PixelFormat format, int extra_stride = 0) {
    info.width = width;
    info.height = height;
    info.format = format;
    const FormatShape shape = shape_of(format);
    for (int i = 0; i < shape.plane_count; ++i) {
      stride[i] = shape.planes[i].row_bytes(width) + extra_stride;
      memory[i].assign(static_cast<std::size_t>(stride[i]) * shape.planes[i].rows(height), i == 0 ? 16 : 128);
    }
  }
  std::uint8_t& at(int plane, int row, int byte) { return memory[plane][row * stride[plane] + byte]; }
  const std::uint8_t& at(int plane, int row, int byte) const { return memory[plane][row * stride[plane] + byte]; }

  int plane_count() const { return shape_of(info.format).plane_count; }
  std::array<WritablePlane, 3> writable() {
    std::array<WritablePlane, 3> planes{};
    const FormatShape shape = shape_of(info.format);
    for (int i = 0; i < shape.plane_count; ++i)
      planes[i] = {memory[i].data(), stride[i], shape.planes[i].rows(info.height),
                   shape.planes[i].row_bytes(info.width)};
    return planes;
  }
  /// A frame over a copy of this picture.
  Result<RawFrame> raw() const {
    auto copy = std::make_shared<TestPicture>(*this);
    FrameMemory frame_memory;
    frame_memory.plane_count = plane_count();
    const auto planes = copy->writable();
    for (int i = 0; i < frame_memory.plane_count; ++i)
      frame_memory.planes[i] = {planes[i].data, planes[i].stride, planes[i].rows, planes[i].row_bytes};
    frame_memory.keeper = copy;
    return RawFrame::create(info, std::move(frame_memory));
  }
};

inline std::unique_ptr<PrivacyMask> no_zones() { return std::move(PrivacyMask::create({})).value(); }

inline MaskedFrame masked(const TestPicture& picture) {
  return std::move(no_zones()->apply(std::move(picture.raw()).value())).value();
}

/// I420 with neutral chroma; luma(x, y) gives 0…255.
inline TestPicture luma_picture(int width, int height, const std::function<int(int, int)>& luma) {
  TestPicture picture(width, height, PixelFormat::kI420);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) picture.at(0, y, x) = static_cast<std::uint8_t>(luma(x, y));
  return picture;
}

inline MaskedFrame make_masked_frame(int width, int height, const std::function<int(int, int)>& luma,
                                     UtcTime time = {}, std::uint64_t number = 0) {
  TestPicture picture = luma_picture(width, height, luma);
  picture.info.time = time;
  picture.info.number = number;
  return masked(picture);
}

/// Y444 so that no colour is lost to subsampling; BT.601 limited range.
inline MaskedFrame make_masked_frame(const BgrImage& image, UtcTime time = {}, std::uint64_t number = 0) {
  TestPicture picture(image.width, image.height, PixelFormat::kY444);
  picture.info.time = time;
  picture.info.number = number;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* p = &image.pixels[(static_cast<std::size_t>(y) * image.width + x) * 3];
      const int b = p[0], g = p[1], r = p[2];
      picture.at(0, y, x) = static_cast<std::uint8_t>(((66 * r + 129 * g + 25 * b + 128) >> 8) + 16);
      picture.at(1, y, x) = static_cast<std::uint8_t>(((-38 * r - 74 * g + 112 * b + 128) >> 8) + 128);
      picture.at(2, y, x) = static_cast<std::uint8_t>(((112 * r - 94 * g - 18 * b + 128) >> 8) + 128);
    }
  return masked(picture);
}

}  // namespace veilgate::test
