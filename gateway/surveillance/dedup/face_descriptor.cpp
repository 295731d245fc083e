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

/// Signed gradient histograms per cell. Every direction has its mean over the face taken away: what all faces share
/// (there are edges) goes, where they lie in this one stays. The unsigned and texture channels of FHOG repeat or blur
/// that; without them fewer different people look alike (measured: docs/performance.md).
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

/// Hue in 12 bins weighted by colourfulness, and 4 bins of grey, of what is below the face; empty when too little of
/// it is in the picture.
std::vector<float> clothes_below(const MaskedFrame& frame, const Box& face) {
  const Box wanted{face.center().x - 1.1 * face.w, face.bottom() + 0.35 * face.h, 2.2 * face.w, 1.4 * face.h};
  const Box region = intersect(wanted, {0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())});
  if (region.area() < 0.5 * wanted.area() || region.w < 4 || region.h < 4) return {};
  BgrImage image;
  scale_bgr(frame, region, 24, 24, image);
  std::vector<float> bins(16, 0.01F);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const double b = image.pixels[i], g = image.pixels[i + 1], r = image.pixels[i + 2];
    const double high = std::max({b, g, r}), low = std::min({b, g, r}), chroma = high - low;
    const double colourful = std::min(1.0, chroma / 60.0);
    if (chroma > 0) {
      const double sixth = high == r ? std::fmod((g - b) / chroma + 6, 6.0) : high == g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
      bins[std::min(11, static_cast<int>(sixth * 2))] += static_cast<float>(colourful);
    }
    bins[12 + std::min(3, static_cast<int>(high / 64))] += static_cast<float>(1 - colourful);
  }
  for (float& bin : bins) bin = std::sqrt(bin);
  to_unit_length(bins);
  return bins;
}

}  // namespace

/// kLength random signs per feature: distances survive (Johnson–Lindenstrauss in Achlioptas' form, 2003), the features
/// cannot be read without it.
struct FaceDescriber::Projection {
  explicit Projection(const DescriptorKey& key) {
    std::array<std::uint32_t, 8> words{};
    std::memcpy(words.data(), key.data(), key.size());
    std::seed_seq seed(words.begin(), words.end());
    random.seed(seed);
    explicit_bzero(words.data(), sizeof words);
  }
  ~Projection() {
    explicit_bzero(signs.data(), signs.size());
    explicit_bzero(&random, sizeof random);
  }
  /// Made when the first face comes: an idle camera holds no matrix.
  void reach(std::size_t features) {
    if (!signs.empty()) return;
    signs.resize(features * kLength);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < signs.size(); ++i) {
      if (i % 64 == 0) bits = random();
      signs[i] = bits & 1 ? 1 : -1;
      bits >>= 1;
    }
  }

  std::mt19937_64 random;
  std::vector<std::int8_t> signs;  // feature-major
};

FaceDescriber::FaceDescriber(const DescriptorKey& key) : projection_(std::make_unique<Projection>(key)) {}
FaceDescriber::~FaceDescriber() = default;
FaceDescriber::FaceDescriber(FaceDescriber&&) noexcept = default;

FaceDescriptor FaceDescriber::describe(const MaskedFrame& frame, const FaceDetection& face,
                                       const AlignedChip& chip) const {
  std::vector<float> features = fhog_of(chip);
  projection_->reach(features.size());
  VG_ASSERT(projection_->signs.size() == features.size() * kLength);
  FaceDescriptor descriptor;
  descriptor.face_.assign(kLength, 0);
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::int8_t* signs = &projection_->signs[i * kLength];
    for (int k = 0; k < kLength; ++k) descriptor.face_[k] += features[i] * static_cast<float>(signs[k]);
  }
  wipe_floats(features);
  to_unit_length(descriptor.face_);
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
