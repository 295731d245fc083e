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

/// A part of one plane that is to be scaled: every `step`-th byte from `offset`, in samples of that plane.
struct Component {
  const Plane* plane;
  int step;
  int offset;
  Box region;
  int samples() const { return (plane->row_bytes - offset + step - 1) / step; }
};

/// Gives every output sample the same number of taps, so that the inner loop has a fixed length.
void equalise(Kernel& kernel, int limit) {
  int most = 0;
  for (const Taps& taps : kernel.taps) most = std::max(most, taps.count);
  most = std::min(most, limit);
  std::vector<std::uint16_t> weights(kernel.taps.size() * static_cast<std::size_t>(most), 0);
  for (std::size_t i = 0; i < kernel.taps.size(); ++i) {
    Taps& taps = kernel.taps[i];
    const int first = std::min(taps.first, limit - most), shift = taps.first - first;
    const int offset = static_cast<int>(i) * most;
    for (int t = 0; t < taps.count; ++t) weights[offset + shift + t] = kernel.weights[taps.offset + t];
    taps = {first, most, offset};
  }
  kernel.weights = std::move(weights);
}

template <int count>  // 0: any
void weigh_columns(const std::uint16_t* acc, const Kernel& kernel, int first, int step, std::uint8_t* out) {
  for (std::size_t x = 0; x < kernel.taps.size(); ++x) {
    const int taps = count > 0 ? count : kernel.taps[x].count;
    const std::uint16_t* weight = &kernel.weights[x * static_cast<std::size_t>(taps)];
    const std::uint16_t* from = acc + (kernel.taps[x].first - first) * step;
    std::uint32_t sum = kOne * kOne / 2;
    for (int t = 0; t < taps; ++t) sum += std::uint32_t{from[t * step]} * weight[t];
    out[x] = static_cast<std::uint8_t>(sum >> 16);
  }
}

void resample(const Component& source, int width, int height, std::uint8_t* out) {
  Kernel columns = make_kernel(source.region.x, source.region.w, source.samples(), width);
  const Kernel rows = make_kernel(source.region.y, source.region.h, source.plane->rows, height);
  equalise(columns, source.samples());
  int first = columns.taps.front().first, end = 0;
  for (const Taps& taps : columns.taps) {
    first = std::min(first, taps.first);
    end = std::max(end, taps.first + taps.count);
  }
  const int bytes = (end - first - 1) * source.step + 1;
  std::vector<std::uint16_t> acc(static_cast<std::size_t>(bytes));
  const int count = columns.taps.front().count;
  const auto weigh = count == 1   ? weigh_columns<1>
                     : count == 2 ? weigh_columns<2>
                     : count == 3 ? weigh_columns<3>
                     : count == 4 ? weigh_columns<4>
                                  : weigh_columns<0>;
  for (int y = 0; y < height; ++y) {
    const Taps& row = rows.taps[y];
    blend_rows(*source.plane, first * source.step + source.offset, bytes, row, &rows.weights[row.offset], acc.data());
    weigh(acc.data(), columns, first, source.step, out + static_cast<std::ptrdiff_t>(y) * width);
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

/// Whole factors on whole samples: exact rounded means. False when it is not such a case.
bool box_whole_factors(const Component& source, int width, int height, std::uint8_t* out) {
  const Box& r = source.region;
  const int x0 = static_cast<int>(r.x), y0 = static_cast<int>(r.y);
  const int w = static_cast<int>(r.w), h = static_cast<int>(r.h);
  if (source.step != 1 || r.x != x0 || r.y != y0 || r.w != w || r.h != h) return false;
  if (w % width != 0 || h % height != 0 || x0 + w > source.samples() || y0 + h > source.plane->rows) return false;
  const int fx = w / width, fy = h / height;
  if (fx < 1 || fy < 1 || fx > 6 || fy > 6) return false;
  constexpr decltype(&sum_columns<1>) kSums[] = {sum_columns<1>, sum_columns<2>, sum_columns<3>,
                                                 sum_columns<4>, sum_columns<5>, sum_columns<6>};
  const std::uint32_t scale = ((1U << 24) + static_cast<std::uint32_t>(fx * fy) - 1) / (fx * fy);
  std::vector<std::uint16_t> acc(static_cast<std::size_t>(w));
  constexpr std::uint16_t kPlain[6] = {1, 1, 1, 1, 1, 1};
  for (int y = 0; y < height; ++y) {
    std::uint8_t* to = out + static_cast<std::ptrdiff_t>(y) * width;
    if (fx * fy == 1) {
      std::memcpy(to, source.plane->data + static_cast<std::ptrdiff_t>(y0 + y) * source.plane->stride + x0,
                  static_cast<std::size_t>(width));
      continue;
    }
    blend_rows(*source.plane, x0, w, {y0 + y * fy, fy, 0}, kPlain, acc.data());
    kSums[fx - 1](acc.data(), width, scale, to);
  }
  return true;
}

void scale_component(const Component& source, int width, int height, std::uint8_t* out) {
  if (!box_whole_factors(source, width, height, out)) resample(source, width, height, out);
}

/// ITU-R BT.601, limited range, 8 bits of fraction. Colour is carried at half the output's size, as in the camera's
/// own 4:2:0 picture: one u and v for two neighbours.
class BgrRow {
 public:
  explicit BgrRow(int width) : width_(width), b_(size()), g_(size()), r_(size()) {}

  void set_chroma(const std::uint8_t* u, const std::uint8_t* v) {
    for (int i = 0; i < (width_ + 1) / 2; ++i) {
      const int d = u[i] - 128, e = v[i] - 128;
      b_[2 * i] = b_[2 * i + 1] = 516 * d + 128;
      g_[2 * i] = g_[2 * i + 1] = -100 * d - 208 * e + 128;
      r_[2 * i] = r_[2 * i + 1] = 409 * e + 128;
    }
  }
  void write(const std::uint8_t* luma, std::uint8_t* out) const {
    const auto clamp = [](int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); };
    for (int i = 0; i < width_; ++i) {
      const int y = 298 * (luma[i] - 16);
      out[3 * i] = clamp((y + b_[i]) >> 8);
      out[3 * i + 1] = clamp((y + g_[i]) >> 8);
      out[3 * i + 2] = clamp((y + r_[i]) >> 8);
    }
  }

 private:
  std::size_t size() const { return static_cast<std::size_t>(width_) + 1; }
  int width_;
  std::vector<int> b_, g_, r_;
};

struct ChromaSource {
  Component u;
  Component v;
};

ChromaSource chroma_of(const MaskedFrame& frame, const Box& region) {
  const PlaneShape shape = shape_of(frame.info().format).planes[1];
  const double sx = 1.0 / (1 << shape.x_shift), sy = 1.0 / (1 << shape.y_shift);
  const Box part{region.x * sx, region.y * sy, region.w * sx, region.h * sy};
  const Plane* first = &frame.plane(1);
  const Plane* last = &frame.plane(frame.plane_count() - 1);
  switch (frame.info().format) {
    case PixelFormat::kNv12: return {{first, 2, 0, part}, {first, 2, 1, part}};
    case PixelFormat::kNv21: return {{first, 2, 1, part}, {first, 2, 0, part}};
    case PixelFormat::kYv12: return {{last, 1, 0, part}, {first, 1, 0, part}};
    default: return {{first, 1, 0, part}, {last, 1, 0, part}};
  }
}

}  // namespace

void scale_luma(const MaskedFrame& frame, int width, int height, LumaImage& out) {
  VG_ASSERT(width > 0 && height > 0 && width <= frame.width() && height <= frame.height());
  out.width = width;
  out.height = height;
  out.pixels.resize(static_cast<std::size_t>(width) * height);
  const Box whole{0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())};
  scale_component({&frame.plane(0), 1, 0, whole}, width, height, out.pixels.data());
}

void scale_bgr(const MaskedFrame& frame, const Box& region, int width, int height, BgrImage& out) {
  VG_ASSERT(width > 0 && height > 0);
  out.width = width;
  out.height = height;
  const std::size_t count = static_cast<std::size_t>(width) * height;
  const Box whole{0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())};
  const Box box = intersect(region, whole);
  if (box.area() <= 0) {  // nothing of the frame is asked for: black
    out.pixels.assign(count * 3, 0);
    return;
  }
  out.pixels.resize(count * 3);
  const int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
  const std::size_t half = static_cast<std::size_t>(half_width) * half_height;
  std::vector<std::uint8_t> luma(count), u(half, 128), v(half, 128);
  scale_component({&frame.plane(0), 1, 0, box}, width, height, luma.data());
  if (frame.plane_count() > 1) {
    const ChromaSource chroma = chroma_of(frame, box);
    scale_component(chroma.u, half_width, half_height, u.data());
    scale_component(chroma.v, half_width, half_height, v.data());
  }
  BgrRow row(width);
  for (int y = 0; y < height; ++y) {
    const std::size_t from = static_cast<std::size_t>(y / 2) * half_width;
    if (y % 2 == 0) row.set_chroma(u.data() + from, v.data() + from);
    row.write(luma.data() + static_cast<std::size_t>(y) * width, out.pixels.data() + static_cast<std::size_t>(y) * width * 3);
  }
}

}  // namespace veilgate
