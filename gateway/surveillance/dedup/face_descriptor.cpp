// The one unit of this step that sees dlib.
#include "dedup/face_descriptor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include <dlib/array2d.h>
#include <dlib/image_transforms/fhog.h>

#include "core/assert.h"
#include "frame/scale.h"

namespace veilgate::surveillance {
namespace {

constexpr int kCell = 8;
constexpr int kDirections = 18;  // the contrast-sensitive ones come first in dlib's 31 channels

void wipe_floats(std::vector<float>& values) {
  if (!values.empty()) explicit_bzero(values.data(), values.size() * sizeof(float));
  values.clear();
}

void to_unit_length(std::vector<float>& values) {
  double square = 0;
  for (const float v : values) square += static_cast<double>(v) * v;
  const auto scale = static_cast<float>(square > 0 ? 1 / std::sqrt(square) : 0);
  for (float& v : values) v *= scale;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

/// Signed gradient histograms per cell. Every direction has its mean over the face taken away: what all faces
/// share (there are edges) goes, where they lie in this one stays. The unsigned and texture channels of FHOG
/// repeat or blur that; without them fewer different people look alike (measured: docs/performance.md).
std::vector<float> fhog_of(const AlignedChip& chip) {
  dlib::array2d<unsigned char> image(AlignedChip::kSide, AlignedChip::kSide);
  for (int y = 0; y < AlignedChip::kSide; ++y)
    for (int x = 0; x < AlignedChip::kSide; ++x) image[y][x] = chip.at(x, y);
  dlib::array2d<dlib::matrix<float, 31, 1>> cells;
  dlib::extract_fhog_features(image, cells, kCell);
  std::array<float, kDirections> mean{};
  const auto count = static_cast<float>(cells.nr() * cells.nc());
  for (long r = 0; r < cells.nr(); ++r)
    for (long c = 0; c < cells.nc(); ++c)
      for (int k = 0; k < kDirections; ++k) mean[k] += cells[r][c](k) / count;
  std::vector<float> features;
  features.reserve(static_cast<std::size_t>(cells.nr() * cells.nc()) * kDirections);
  for (long r = 0; r < cells.nr(); ++r)
    for (long c = 0; c < cells.nc(); ++c) {
      for (int k = 0; k < kDirections; ++k) features.push_back(cells[r][c](k) - mean[k]);
      explicit_bzero(&cells[r][c](0), 31 * sizeof(float));
    }
  explicit_bzero(&image[0][0], AlignedChip::kSide * AlignedChip::kSide);
  to_unit_length(features);
  return features;
}

/// Hue in 12 bins weighted by colourfulness, and 4 bins of grey, of what is below the face; empty when too
/// little of it is in the picture.
std::vector<float> clothes_below(const MaskedFrame& frame, const Box& face) {
  const Box wanted{face.center().x - 1.1 * face.w, face.bottom() + 0.35 * face.h, 2.2 * face.w, 1.4 * face.h};
  const Box region =
      intersect(wanted, {0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())});
  if (region.area() < 0.5 * wanted.area() || region.w < 4 || region.h < 4) return {};
  BgrImage image;
  scale_bgr(frame, region, 24, 24, image);
  std::vector<float> bins(16, 0.01F);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const double b = image.pixels[i], g = image.pixels[i + 1], r = image.pixels[i + 2];
    const double high = std::max({b, g, r}), low = std::min({b, g, r}), chroma = high - low;
    const double colourful = std::min(1.0, chroma / 60.0);
    if (chroma > 0) {
      const double sixth = high == r   ? std::fmod((g - b) / chroma + 6, 6.0)
                           : high == g ? (b - r) / chroma + 2
                                       : (r - g) / chroma + 4;
      bins[std::min(11, static_cast<int>(sixth * 2))] += static_cast<float>(colourful);
    }
    bins[12 + std::min(3, static_cast<int>(high / 64))] += static_cast<float>(1 - colourful);
  }
  for (float& bin : bins) bin = std::sqrt(bin);
  to_unit_length(bins);
  return bins;
}

}  // namespace

/// Random signs, a Hadamard transform, random signs, a Hadamard transform, and a random half of what comes
/// out: likeness survives to about ±0.01 (subsampled randomized Hadamard transform, Tropp 2011; a plain sign
/// matrix of a quarter the size erred by ±0.03, enough to merge two people under an unlucky key), the
/// features cannot be read without the key.
struct FaceDescriber::Projection {
  static constexpr std::size_t kSize = 2048;  // the power of two above 8 × 8 cells × 18 directions

  explicit Projection(const DescriptorKey& key) {
    std::array<std::uint32_t, 8> words{};
    std::memcpy(words.data(), key.data(), key.size());
    std::seed_seq seed(words.begin(), words.end());
    std::mt19937_64 random(seed);
    for (auto* signs : {&first, &second})
      for (float& sign : *signs) sign = random() & 1 ? 1.0F : -1.0F;
    std::array<std::uint16_t, kSize> order{};
    for (std::size_t i = 0; i < kSize; ++i) {  // a shuffle that is the same with every standard library
      order[i] = static_cast<std::uint16_t>(i);
      std::swap(order[i], order[random() % (i + 1)]);
    }
    std::copy_n(order.begin(), kept.size(), kept.begin());
    explicit_bzero(words.data(), sizeof words);
    explicit_bzero(order.data(), sizeof order);
    explicit_bzero(&random, sizeof random);
  }
  ~Projection() {
    explicit_bzero(first.data(), sizeof first);
    explicit_bzero(second.data(), sizeof second);
    explicit_bzero(kept.data(), sizeof kept);
  }

  static void hadamard(std::vector<float>& v) {
    for (std::size_t half = 1; half < kSize; half *= 2)
      for (std::size_t block = 0; block < kSize; block += 2 * half)
        for (std::size_t i = block; i < block + half; ++i) {
          const float a = v[i], b = v[i + half];
          v[i] = a + b;
          v[i + half] = a - b;
        }
  }

  /// Wipes `features`.
  std::vector<float> apply(std::vector<float>& features) const {
    VG_ASSERT(features.size() <= kSize);
    std::vector<float> spread(kSize, 0);
    std::copy(features.begin(), features.end(), spread.begin());
    wipe_floats(features);
    for (const auto* signs : {&first, &second}) {
      for (std::size_t i = 0; i < kSize; ++i) spread[i] *= (*signs)[i];
      hadamard(spread);
    }
    std::vector<float> out(kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) out[i] = spread[kept[i]];
    wipe_floats(spread);
    to_unit_length(out);
    return out;
  }

  std::array<float, kSize> first{}, second{};
  std::array<std::uint16_t, FaceDescriber::kLength> kept{};
};

FaceDescriber::FaceDescriber(const DescriptorKey& key) : projection_(std::make_unique<Projection>(key)) {}
FaceDescriber::~FaceDescriber() = default;
FaceDescriber::FaceDescriber(FaceDescriber&&) noexcept = default;

FaceDescriptor FaceDescriber::describe(const MaskedFrame& frame, const FaceDetection& face,
                                       const AlignedChip& chip) const {
  std::vector<float> features = fhog_of(chip);
  FaceDescriptor descriptor;
  descriptor.face_ = projection_->apply(features);
  descriptor.clothes_ = clothes_below(frame, face.box);
  return descriptor;
}

FaceDescriptor& FaceDescriptor::operator=(FaceDescriptor&& other) noexcept {
  if (this != &other) {
    wipe();
    face_ = std::move(other.face_);
    clothes_ = std::move(other.clothes_);
  }
  return *this;
}

FaceDescriptor::~FaceDescriptor() { wipe(); }

void FaceDescriptor::wipe() {
  wipe_floats(face_);
  wipe_floats(clothes_);
}

Likeness compare(const FaceDescriptor& a, const FaceDescriptor& b) {
  Likeness likeness;
  likeness.face = dot(a.face_, b.face_);
  if (!a.clothes_.empty() && !b.clothes_.empty()) likeness.clothes = dot(a.clothes_, b.clothes_);
  return likeness;
}

}  // namespace veilgate::surveillance
