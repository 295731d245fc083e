#include "dedup/face_descriptor.h"

#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

#include "drawn_face.h"

namespace veilgate::surveillance {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

// it can be neither copied nor written.
static_assert(!std::is_copy_constructible_v<FaceDescriptor> && !std::is_copy_assignable_v<FaceDescriptor>);
static_assert(!std::is_copy_constructible_v<AlignedChip> && !std::is_copy_constructible_v<FaceCrop>);
static_assert(!Printable<FaceDescriptor>);

DescriptorKey key_of(std::uint8_t value) {
  DescriptorKey key;
  key.fill(value);
  return key;
}

FaceDescriptor describe(const FaceDescriber& describer, const DrawnFace& face) {
  const MaskedFrame frame = frame_of({face});
  const FaceDetection detection = detection_of(face);
  return describer.describe(frame, detection, AlignedChip::cut(frame, detection));
}

TEST(FaceDescriptor, SameFaceIsAlikeAtAnotherPlaceSizeAndLight) {
  const FaceDescriber describer(key_of(1));
  const FaceDescriptor a = describe(describer, {1, 100, 80, 80});
  EXPECT_GT(compare(a, describe(describer, {1, 300, 90, 80})).face, 0.95);
  EXPECT_GT(compare(a, describe(describer, {1, 300, 90, 140})).face, 0.85);
  EXPECT_GT(compare(a, describe(describer, {1, 100, 80, 80, 1, 0.8})).face, 0.90);
}

TEST(FaceDescriptor, DifferentFacesAreLessAlike) {
  const FaceDescriber describer(key_of(1));
  const FaceDescriptor a = describe(describer, {1, 100, 80, 80});
  for (int person = 2; person < 12; ++person)
    EXPECT_LT(compare(a, describe(describer, {person, 100, 80, 80})).face, 0.80) << person;
}

TEST(FaceDescriptor, ClothesTellByColour) {
  const FaceDescriber describer(key_of(1));
  const FaceDescriptor a = describe(describer, {1, 100, 80, 80, 1});
  EXPECT_GT(compare(a, describe(describer, {1, 300, 80, 80, 1})).clothes.value(), 0.95);
  EXPECT_LT(compare(a, describe(describer, {1, 300, 80, 80, 2})).clothes.value(), 0.5);
  EXPECT_FALSE(compare(a, describe(describer, {1, 100, 370, 80, 1})).clothes);  // below the picture's edge
}

TEST(FaceDescriptor, IsUnlinkableAcrossKeys) {  // SH-07: same face, two starts or two cameras
  const FaceDescriptor a = describe(FaceDescriber(key_of(1)), {1, 100, 80, 80});
  double most = 0;
  for (std::uint8_t k = 2; k < 22; ++k) {
    const double likeness = compare(a, describe(FaceDescriber(key_of(k)), {1, 100, 80, 80})).face;
    most = std::max(most, std::abs(likeness));
  }
  EXPECT_LT(most, 0.15);  // 1024 coordinates: a standard deviation of 0.03
}

TEST(FaceDescriptor,
     LikenessDoesNotDependOnTheKey) {  // or two people would be merged at one start and not at another
  double low = 1, high = -1;
  for (std::uint8_t k = 1; k < 21; ++k) {
    const FaceDescriber describer(key_of(k));
    const double likeness =
        compare(describe(describer, {1, 100, 80, 80}), describe(describer, {2, 100, 80, 80})).face;
    low = std::min(low, likeness);
    high = std::max(high, likeness);
  }
  EXPECT_LT(high - low, 0.08);
}

TEST(FaceDescriptor, SameKeyGivesTheSameProjectionInAnotherProcess) {  // offline analysis repeats to the byte
  const FaceDescriptor a = describe(FaceDescriber(key_of(9)), {3, 100, 80, 80});
  const FaceDescriptor b = describe(FaceDescriber(key_of(9)), {3, 100, 80, 80});
  EXPECT_NEAR(compare(a, b).face, 1, 1e-6);
}

TEST(AlignedChip, TurnsATiltedFaceUpright) {
  FaceLandmarks level{{{10, 10}, {20, 10}, {15, 15}, {11, 20}, {19, 20}}};
  FaceLandmarks tilted;
  for (std::size_t i = 0; i < level.size(); ++i)
    tilted[i] = {2 * (level[i].x * 0.8 - level[i].y * 0.6) + 7,
                 2 * (level[i].x * 0.6 + level[i].y * 0.8) - 3};
  const Similarity s = fit_similarity(level, tilted);
  for (std::size_t i = 0; i < level.size(); ++i) {
    EXPECT_NEAR(s(level[i]).x, tilted[i].x, 1e-9);
    EXPECT_NEAR(s(level[i]).y, tilted[i].y, 1e-9);
  }
}

TEST(AlignedChip, KnowsSharpFromFlat) {
  const DrawnFace face{1, 100, 80, 80};
  const FaceDetection detection = detection_of(face);
  const double sharp = AlignedChip::cut(frame_of({face}), detection).sharpness();
  const auto flat = test::make_masked_frame(640, 480, [](int, int) { return 120; });
  EXPECT_GT(sharp, 0);
  EXPECT_EQ(AlignedChip::cut(flat, detection).sharpness(), 0);
}

}  // namespace
}  // namespace veilgate::surveillance
