// What faults do to pictures and to coded bytes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "simcam/render/noise.h"
#include "simcam/serve/faults.h"

namespace veilgate::simcam {
namespace {

struct PlaneView {
  std::uint8_t* data;
  int width, height;
};

std::array<PlaneView, 3> planes_of(PictureSize size, std::vector<std::uint8_t>& i420) {
  const std::size_t luma = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  return {{{i420.data(), size.width, size.height},
           {i420.data() + luma, size.width / 2, size.height / 2},
           {i420.data() + luma + luma / 4, size.width / 2, size.height / 2}}};
}

/// Running mean along `count` samples that are `step` bytes apart; edges repeat.
void box_blur_line(const std::uint8_t* in, std::uint8_t* out, int count, std::ptrdiff_t step, int radius) {
  const auto at = [&](int i) { return static_cast<int>(in[std::clamp(i, 0, count - 1) * step]); };
  int sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  const int width = 2 * radius + 1;
  for (int i = 0; i < count; ++i) {
    out[i * step] = static_cast<std::uint8_t>((sum + radius) / width);
    sum += at(i + radius + 1) - at(i - radius);
  }
}

void blur(PlaneView plane, std::vector<std::uint8_t>& scratch, int radius) {
  scratch.resize(static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
  for (int y = 0; y < plane.height; ++y)
    box_blur_line(plane.data + std::ptrdiff_t{y} * plane.width,
                  scratch.data() + std::ptrdiff_t{y} * plane.width, plane.width, 1, radius);
  for (int x = 0; x < plane.width; ++x)
    box_blur_line(scratch.data() + x, plane.data + x, plane.height, plane.width, radius);
}

void shift(PlaneView plane, std::vector<std::uint8_t>& scratch, const Faults& faults) {
  const std::size_t bytes = static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height);
  scratch.assign(plane.data, plane.data + bytes);
  const double angle = faults.shift_deg * M_PI / 180.0, c = std::cos(angle), s = std::sin(angle);
  const double middle_x = plane.width / 2.0, middle_y = plane.height / 2.0;
  for (int y = 0; y < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x) {
      const double dx = x - middle_x - faults.shift_x * plane.width,
                   dy = y - middle_y - faults.shift_y * plane.height;
      const int from_x = std::clamp(static_cast<int>(middle_x + c * dx + s * dy), 0, plane.width - 1);
      const int from_y = std::clamp(static_cast<int>(middle_y - s * dx + c * dy), 0, plane.height - 1);
      plane.data[std::ptrdiff_t{y} * plane.width + x] =
          scratch[static_cast<std::size_t>(from_y) * plane.width + from_x];
    }
}

}  // namespace

void damage_picture(const Faults& faults, PictureSize size, std::vector<std::uint8_t>& i420,
                    std::vector<std::uint8_t>& scratch, std::vector<std::uint8_t>& last) {
  if (faults.freeze && last.size() == i420.size()) {
    i420 = last;
  } else {
    last = i420;
  }
  const auto planes = planes_of(size, i420);
  if (faults.shift_x != 0 || faults.shift_y != 0 || faults.shift_deg != 0)
    for (const PlaneView& plane : planes) shift(plane, scratch, faults);
  if (faults.defocus_px > 0) {
    blur(planes[0], scratch, faults.defocus_px);
    blur(planes[1], scratch, std::max(1, faults.defocus_px / 2));
    blur(planes[2], scratch, std::max(1, faults.defocus_px / 2));
  }
  if (faults.cover) {
    std::memset(planes[0].data, 18,
                static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
    std::memset(planes[1].data, 128,
                i420.size() - static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  }
}

void corrupt(std::vector<std::uint8_t>& coded, std::size_t spared, double rate, std::uint64_t seed) {
  if (rate <= 0 || coded.size() <= spared) return;
  // The gaps between flipped bits are geometric: one throw per flip, not one per bit.
  Dice dice(static_cast<std::uint32_t>(seed ^ (seed >> 32)));
  const double bits = 8.0 * static_cast<double>(coded.size() - spared);
  const double per_gap = std::log1p(-std::min(rate, .999999));
  for (double bit = std::log(1.0 - dice.unit()) / per_gap; bit < bits;
       bit += 1.0 + std::log(1.0 - dice.unit()) / per_gap) {
    const auto at = static_cast<std::size_t>(bit);
    coded[spared + at / 8] ^= static_cast<std::uint8_t>(1u << (at % 8));
  }
}

}  // namespace veilgate::simcam
