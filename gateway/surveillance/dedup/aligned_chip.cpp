#include "dedup/aligned_chip.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "frame/scale.h"

namespace veilgate::surveillance {
namespace {

// The mean face of the detectors' five points inside the chip: eyes at 0.36 of the height, level, 0.36 apart.
constexpr FaceLandmarks kTemplate{{{25.6, 29.0}, {54.4, 29.0}, {40.0, 46.5}, {28.5, 60.5}, {51.5, 60.5}}};
/// Where the five points of an upright face lie in a detector's box: for detectors without landmarks.
constexpr FaceLandmarks kInBox{{{0.30, 0.42}, {0.70, 0.42}, {0.50, 0.62}, {0.34, 0.79}, {0.66, 0.79}}};
constexpr double kMargin = 0.35;   // around the box, so that a tilted chip stays inside the crop
constexpr int kLargestCrop = 200;  // pixels; larger faces are shrunk first, which also averages noise

FaceLandmarks landmarks_of(const FaceDetection& face) {
  if (face.has_landmarks) return face.landmarks;
  FaceLandmarks points;
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = {face.box.x + kInBox[i].x * face.box.w, face.box.y + kInBox[i].y * face.box.h};
  return points;
}

/// Luma of a crop, with bilinear reading.
struct Crop {
  Box region;
  BgrImage bgr;

  ~Crop() { explicit_bzero(bgr.pixels.data(), bgr.pixels.size()); }

  double luma(int x, int y) const {
    x = std::clamp(x, 0, bgr.width - 1);
    y = std::clamp(y, 0, bgr.height - 1);
    const std::uint8_t* p = &bgr.pixels[(static_cast<std::size_t>(y) * bgr.width + x) * 3];
    return 0.114 * p[0] + 0.587 * p[1] + 0.299 * p[2];
  }
  double read(Point p) const {
    const double x = (p.x - region.x) * bgr.width / region.w - 0.5,
                 y = (p.y - region.y) * bgr.height / region.h - 0.5;
    const double fx = std::floor(x), fy = std::floor(y);
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
    const double top = luma(ix, iy) * (1 - (x - fx)) + luma(ix + 1, iy) * (x - fx);
    const double bottom = luma(ix, iy + 1) * (1 - (x - fx)) + luma(ix + 1, iy + 1) * (x - fx);
    return top * (1 - (y - fy)) + bottom * (y - fy);
  }
};

Crop crop_around(const MaskedFrame& frame, const Box& box) {
  const Box wide{box.x - kMargin * box.w, box.y - kMargin * box.h, box.w * (1 + 2 * kMargin),
                 box.h * (1 + 2 * kMargin)};
  Crop crop;
  crop.region =
      intersect(wide, {0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())});
  crop.region.w = std::max(1.0, crop.region.w);
  crop.region.h = std::max(1.0, crop.region.h);
  const double shrink = std::min(1.0, kLargestCrop / std::max(crop.region.w, crop.region.h));
  scale_bgr(frame, crop.region, std::max(1, static_cast<int>(std::lround(crop.region.w * shrink))),
            std::max(1, static_cast<int>(std::lround(crop.region.h * shrink))), crop.bgr);
  return crop;
}

}  // namespace

Similarity fit_similarity(const FaceLandmarks& from, const FaceLandmarks& to) {
  Point mean_from, mean_to;
  const double n = static_cast<double>(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    mean_from = {mean_from.x + from[i].x / n, mean_from.y + from[i].y / n};
    mean_to = {mean_to.x + to[i].x / n, mean_to.y + to[i].y / n};
  }
  double dot = 0, cross = 0, spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double fx = from[i].x - mean_from.x, fy = from[i].y - mean_from.y;
    const double tx = to[i].x - mean_to.x, ty = to[i].y - mean_to.y;
    dot += fx * tx + fy * ty;
    cross += fx * ty - fy * tx;
    spread += fx * fx + fy * fy;
  }
  Similarity s;
  if (spread > 1e-9) {
    s.a = dot / spread;
    s.b = cross / spread;
  }
  s.tx = mean_to.x - s.a * mean_from.x + s.b * mean_from.y;
  s.ty = mean_to.y - s.b * mean_from.x - s.a * mean_from.y;
  return s;
}

AlignedChip AlignedChip::cut(const MaskedFrame& frame, const FaceDetection& face) {
  const Similarity to_frame = fit_similarity(kTemplate, landmarks_of(face));
  const Crop crop = crop_around(frame, face.box);
  AlignedChip chip;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      chip.pixels_[static_cast<std::size_t>(y) * kSide + x] =
          static_cast<std::uint8_t>(std::lround(crop.read(to_frame({x + 0.5, y + 0.5}))));
  return chip;
}

AlignedChip::AlignedChip(AlignedChip&& other) noexcept : pixels_(other.pixels_) {
  explicit_bzero(other.pixels_.data(), other.pixels_.size());
}

AlignedChip::~AlignedChip() { explicit_bzero(pixels_.data(), pixels_.size()); }

double AlignedChip::sharpness() const {
  double sum = 0, square = 0, laplace = 0;
  constexpr int kInner = (kSide - 2) * (kSide - 2);
  for (int y = 1; y < kSide - 1; ++y)
    for (int x = 1; x < kSide - 1; ++x) {
      const double v = at(x, y);
      const double l = 4 * v - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
      sum += v;
      square += v * v;
      laplace += l * l;
    }
  const double mean = sum / kInner, variance = square / kInner - mean * mean;
  return variance > 1 ? laplace / kInner / variance : 0;
}

}  // namespace veilgate::surveillance
