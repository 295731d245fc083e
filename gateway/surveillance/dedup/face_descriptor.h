#pragma once
// The short-lived evidence of 间断去重: does this face look like one that was reported a moment ago at this
// camera? FHOG of the aligned face (Felzenszwalb et al. 2010), rotated and halved by a random transform made
// from a key that exists only in this process, plus the colour of the clothes below the face. It is no
// recognition template: it holds for minutes, under one light, and without the key it says nothing.
//
// Rules for these types: RAM only, move-only, wiped when they go, nothing that writes them
// anywhere. The key is random per start and per camera, so no two cameras and no two starts can be linked.
// Thread word: thread-bound.

#include <array>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

#include "dedup/aligned_chip.h"
#include "detect/face_detector.h"
#include "frame/frame.h"

namespace veilgate::surveillance {

using DescriptorKey = std::array<std::uint8_t, 32>;

class FaceDescriptor {
 public:
  FaceDescriptor(FaceDescriptor&&) noexcept = default;
  FaceDescriptor& operator=(FaceDescriptor&& other) noexcept;
  FaceDescriptor(const FaceDescriptor&) = delete;
  FaceDescriptor& operator=(const FaceDescriptor&) = delete;
  ~FaceDescriptor();
  friend std::ostream& operator<<(std::ostream&, const FaceDescriptor&) = delete;

 private:
  friend class FaceDescriber;
  friend struct Likeness compare(const FaceDescriptor&, const FaceDescriptor&);
  FaceDescriptor() = default;
  void wipe();

  std::vector<float> face_;     // unit length
  std::vector<float> clothes_;  // square roots of a colour histogram, unit length; empty = not in the picture
};

/// How alike two descriptors made with the same key are.
struct Likeness {
  double face = 0;                ///< cosine, −1…1
  std::optional<double> clothes;  ///< Bhattacharyya coefficient, 0…1; absent when either has none
};
Likeness compare(const FaceDescriptor& a, const FaceDescriptor& b);

class FaceDescriber {
 public:
  static constexpr int kLength = 1024;

  explicit FaceDescriber(const DescriptorKey& key);
  ~FaceDescriber();
  FaceDescriber(FaceDescriber&&) noexcept;

  FaceDescriptor describe(const MaskedFrame& frame, const FaceDetection& face, const AlignedChip& chip) const;

 private:
  struct Projection;
  std::unique_ptr<Projection> projection_;  // wiped with this object
};

}  // namespace veilgate::surveillance
