#include "frame/scale.h"

#include <algorithm>
#include <cmath>
#include <cstring>

// Every scaling is separable and runs rows first: that pass is a plain loop over bytes, which the compiler turns into
// vector code for the baseline instruction set, and it already reduces the data for the second pass.

namespace veilgate {
namespace {

constexpr int kOne = 256;  // weights of one output sample add up to this

/// Where one output sample comes from: `count` neighbours from `first`, weights in weights[offset…].
struct Taps {
  int first = 0;
  int count = 0;
  int offset = 0;
};
struct Kernel {
  std::vector<Taps> taps;
  std::vector<std::uint16_t> weights;
};

void add_normalised(Kernel& kernel, int first, const std::vector<double>& raw) {
  double total = 0;
  for (double w : raw) total += w;
  Taps taps{first, static_cast<int>(raw.size()), static_cast<int>(kernel.weights.size())};
  int given = 0;
  double wanted = 0;
  for (double w : raw) {  // running rounding: the weights add up to exactly kOne
    wanted += w / total * kOne;
    const int weight = static_cast<int>(std::lround(wanted)) - given;
    kernel.weights.push_back(static_cast<std::uint16_t>(weight));
    given += weight;
  }
  kernel.taps.push_back(taps);
}

/// Resamples [from, from + length) of `limit` samples to `out` samples: area average when shrinking, linear between
/// sample centres when enlarging.
Kernel make_kernel(double from, double length, int limit, int out) {
  Kernel kernel;
  const double step = length / out;
  std::vector<double> raw;
  for (int i = 0; i < out; ++i) {
    raw.clear();
    if (step > 1) {
      const double begin = from + i * step, end = begin + step;
      const int first = std::clamp(static_cast<int>(std::floor(begin + 1e-9)), 0, limit - 1);
      const int last = std::clamp(static_cast<int>(std::ceil(end - 1e-9)) - 1, first, limit - 1);
      for (int s = first; s <= last; ++s)
        raw.push_back(std::max(1e-6, std::min<double>(s + 1, end) - std::max<double>(s, begin)));
      add_normalised(kernel, first, raw);
    } else {
      const double center = std::clamp(from + (i + 0.5) * step - 0.5, 0.0, static_cast<double>(limit - 1));
      const int first = std::min(static_cast<int>(center), std::max(0, limit - 2));
      raw = {1 - (center - first), center - first};
      if (limit == 1) raw = {1};
      add_normalised(kernel, first, raw);
    }
  }
  return kernel;
}

/// acc[i] = Σ weight · row[i] over the taps' rows; at most 255 · 256, so 16 bits suffice.
void blend_rows(const Plane& plane, int byte_offset, int bytes, const Taps& taps, const std::uint16_t* weights,
                std::uint16_t* acc) {
  for (int t = 0; t < taps.count; ++t) {
    const std::uint8_t* row = plane.data + static_cast<std::ptrdiff_t>(taps.first + t) * plane.stride + byte_offset;
    const std::uint16_t w = weights[t];
    if (t == 0)
      for (int i = 0; i < bytes; ++i) acc[i] = static_cast<std::uint16_t>(row[i] * w);
    else
      for (int i = 0; i < bytes; ++i) acc[i] = static_cast<std::uint16_t>(acc[i] + row[i] * w);
  }
}

/// One component of a plane: every `step`-th byte from `offset`.
struct Component {
  const Plane* plane;
  int step;
  int offset;
};

void resample(const Component& source, const Kernel& columns, const Kernel& rows, int width, int height,
              std::vector<std::uint16_t>& acc, std::uint8_t* out) {
  const int first = columns.taps.front().first;
  const int end = columns.taps.back().first + columns.taps.back().count;
  const int bytes = (end - first) * source.step;
  acc.resize(static_cast<std::size_t>(bytes));
  for (int y = 0; y < height; ++y) {
    const Taps& row = rows.taps[y];
    blend_rows(*source.plane, first * source.step, bytes, row, &rows.weights[row.offset], acc.data());
    for (int x = 0; x < width; ++x) {
      const Taps& column = columns.taps[x];
      const std::uint16_t* from = acc.data() + (column.first - first) * source.step + source.offset;
      const std::uint16_t* weight = &columns.weights[column.offset];
      std::uint32_t sum = kOne * kOne / 2;
      for (int t = 0; t < column.count; ++t) sum += std::uint32_t{from[t * source.step]} * weight[t];
      out[static_cast<std::ptrdiff_t>(y) * width + x] = static_cast<std::uint8_t>(sum >> 16);
    }
  }
}

/// Sums of `factor` neighbours; the factors of common camera sizes are unrolled.
template <int factor>
void sum_columns(const std::uint16_t* acc, int width, std::uint32_t scale, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) {
    std::uint32_t sum = 0;
    for (int i = 0; i < factor; ++i) sum += acc[x * factor + i];
    out[x] = static_cast<std::uint8_t>((sum * scale + (1U << 23)) >> 24);
  }
}

/// Whole factors: exact rounded means. Returns false when the factors are not whole or not among the unrolled ones.
bool box_whole_factors(const Plane& luma, int width, int height, std::uint8_t* out) {
  if (luma.row_bytes % width != 0 || luma.rows % height != 0) return false;
  const int fx = luma.row_bytes / width, fy = luma.rows / height;
  if (fx > 6 || fy > 6) return false;
  constexpr decltype(&sum_columns<1>) kSums[] = {sum_columns<1>, sum_columns<2>, sum_columns<3>,
                                                 sum_columns<4>, sum_columns<5>, sum_columns<6>};
  const std::uint32_t scale = ((1U << 24) + static_cast<std::uint32_t>(fx * fy) - 1) / (fx * fy);
  std::vector<std::uint16_t> acc(static_cast<std::size_t>(luma.row_bytes));
  constexpr std::uint16_t kPlain[6] = {1, 1, 1, 1, 1, 1};
  for (int y = 0; y < height; ++y) {
    blend_rows(luma, 0, luma.row_bytes, {y * fy, fy, 0}, kPlain, acc.data());
    kSums[fx - 1](acc.data(), width, scale, out + static_cast<std::ptrdiff_t>(y) * width);
  }
  return true;
}

void to_bgr(const std::uint8_t* luma, const std::uint8_t* u, const std::uint8_t* v, std::size_t count,
            std::uint8_t* out) {
  const auto clamp = [](int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); };
  for (std::size_t i = 0; i < count; ++i) {  // ITU-R BT.601, limited range, 8 bits of fraction
    const int y = 298 * (luma[i] - 16) + 128, d = u[i] - 128, e = v[i] - 128;
    out[3 * i] = clamp((y + 516 * d) >> 8);
    out[3 * i + 1] = clamp((y - 100 * d - 208 * e) >> 8);
    out[3 * i + 2] = clamp((y + 409 * e) >> 8);
  }
}

struct ChromaSource {
  Component u;
  Component v;
};

ChromaSource chroma_of(const MaskedFrame& frame) {
  const Plane* first = &frame.plane(1);
  const Plane* last = &frame.plane(frame.plane_count() - 1);
  switch (frame.info().format) {
    case PixelFormat::kNv12: return {{first, 2, 0}, {first, 2, 1}};
    case PixelFormat::kNv21: return {{first, 2, 1}, {first, 2, 0}};
    case PixelFormat::kYv12: return {{last, 1, 0}, {first, 1, 0}};
    default: return {{first, 1, 0}, {last, 1, 0}};
  }
}

}  // namespace

void scale_luma(const MaskedFrame& frame, int width, int height, LumaImage& out) {
  VG_ASSERT(width > 0 && height > 0 && width <= frame.width() && height <= frame.height());
  out.width = width;
  out.height = height;
  out.pixels.resize(static_cast<std::size_t>(width) * height);
  const Plane& luma = frame.plane(0);
  if (width == frame.width() && height == frame.height()) {
    for (int y = 0; y < height; ++y)
      std::memcpy(out.pixels.data() + static_cast<std::size_t>(y) * width,
                  luma.data + static_cast<std::ptrdiff_t>(y) * luma.stride, static_cast<std::size_t>(width));
    return;
  }
  if (box_whole_factors(luma, width, height, out.pixels.data())) return;
  std::vector<std::uint16_t> acc;
  resample({&luma, 1, 0}, make_kernel(0, frame.width(), frame.width(), width),
           make_kernel(0, frame.height(), frame.height(), height), width, height, acc, out.pixels.data());
}

void scale_bgr(const MaskedFrame& frame, const Box& region, int width, int height, BgrImage& out) {
  VG_ASSERT(width > 0 && height > 0);
  out.width = width;
  out.height = height;
  const std::size_t count = static_cast<std::size_t>(width) * height;
  const Box box = intersect(region, {0, 0, double(frame.width()), double(frame.height())});
  if (box.area() <= 0) {  // nothing of the frame is asked for: black
    out.pixels.assign(count * 3, 0);
    return;
  }
  out.pixels.resize(count * 3);
  std::vector<std::uint16_t> acc;
  std::vector<std::uint8_t> planes(count * 3, 128);
  resample({&frame.plane(0), 1, 0}, make_kernel(box.x, box.w, frame.width(), width),
           make_kernel(box.y, box.h, frame.height(), height), width, height, acc, planes.data());
  if (frame.plane_count() > 1) {
    const PlaneShape shape = shape_of(frame.info().format).planes[1];
    const double sx = 1.0 / (1 << shape.x_shift), sy = 1.0 / (1 << shape.y_shift);
    const Kernel columns =
        make_kernel(box.x * sx, box.w * sx, shape.row_bytes(frame.width()) / shape.sample_bytes, width);
    const Kernel rows = make_kernel(box.y * sy, box.h * sy, shape.rows(frame.height()), height);
    const ChromaSource chroma = chroma_of(frame);
    resample(chroma.u, columns, rows, width, height, acc, planes.data() + count);
    resample(chroma.v, columns, rows, width, height, acc, planes.data() + 2 * count);
  }
  to_bgr(planes.data(), planes.data() + count, planes.data() + 2 * count, count, out.pixels.data());
}

}  // namespace veilgate
