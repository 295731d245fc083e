// The detectors on the composed scenes (shared test data): the figures that the product states.

#include "bench/labelled_scenes.h"

#include <gtest/gtest.h>

#include "detect/detectors.h"
#include "detect/still_image.h"
#include "frame/privacy_mask.h"

namespace veilgate::surveillance {
namespace {

struct Expectation {
  DetectorKind kind;
  const char* name;
  double min_height;  ///< of the faces that count, pixels
  double recall;
};
void PrintTo(const Expectation& expectation, std::ostream* out) { *out << expectation.name; }

class LabelledScenes : public testing::TestWithParam<Expectation> {
 protected:
  void SetUp() override {
    scenes_ = bench::shared_data() / "images" / "scenes_composed";
    if (!std::filesystem::exists(scenes_ / "scenes.csv"))
      GTEST_SKIP() << "missing test data: " << (scenes_ / "scenes.csv").string() << " (set VEILGATE_SHARED)";
    DetectorConfig config;
    config.kind = GetParam().kind;
    auto made = make_detector(config, {{bench::shared_data() / "models"}});
    if (!made && made.error().code() == ErrorCode::kMissingPart) GTEST_SKIP() << made.error().message();
    ASSERT_TRUE(made) << made.error().message();
    detector_ = std::move(made).value();
  }

  MaskedFrame frame(const std::string& file) {
    auto raw = read_still_image((scenes_ / file).string());
    return std::move(mask_->apply(std::move(raw).value())).value();
  }

  std::filesystem::path scenes_;
  std::unique_ptr<FaceDetector> detector_;
  std::unique_ptr<PrivacyMask> mask_ = std::move(PrivacyMask::create({})).value();
};

TEST_P(LabelledScenes, RecallWithoutAFalseFace) {
  bench::Score score;
  for (const auto& [file, faces] : bench::read_scene_truth(scenes_ / "scenes.csv")) {
    const MaskedFrame picture = frame(file);
    const auto found =
        detector_->detect(picture, {0, 0, double(picture.width()), double(picture.height())}, 24);
    bench::count(faces, found, 0.5, GetParam().min_height, score);
  }
  ASSERT_GT(score.faces, 0);
  EXPECT_GE(double(score.found) / score.faces, GetParam().recall) << score.found << " of " << score.faces;
  EXPECT_EQ(score.surplus, 0);
}

TEST_P(LabelledScenes, RegionsAndSecondLooksFindWhatTheWholePictureShows) {
  int seen = 0, in_region = 0, near = 0;
  for (const auto& [file, faces] : bench::read_scene_truth(scenes_ / "scenes.csv")) {
    const MaskedFrame picture = frame(file);
    for (const auto& face :
         detector_->detect(picture, {0, 0, double(picture.width()), double(picture.height())}, 24)) {
      ++seen;
      const Box& b = face.box;
      const auto has = [&](const std::vector<FaceDetection>& found) {
        return std::any_of(found.begin(), found.end(),
                           [&](const auto& other) { return iou(other.box, b) >= 0.5; });
      };
      in_region += has(detector_->detect(picture, {b.x - b.w, b.y - b.h / 2, 3 * b.w, 2 * b.h}, 24)) ? 1 : 0;
      near += has(detector_->detect_near(picture, {b.x + b.w / 5, b.y - b.h / 5, b.w, b.h})) ? 1 : 0;
    }
  }
  ASSERT_GT(seen, 0);
  EXPECT_GE(in_region, seen - 1) << "of " << seen;
  EXPECT_GE(near, seen - 1) << "of " << seen;
}

TEST_P(LabelledScenes, SmallestFaceIsRespected) {
  constexpr int kWanted = 110;
  int large = 0;
  for (const auto& [file, faces] : bench::read_scene_truth(scenes_ / "scenes.csv")) {
    const MaskedFrame picture = frame(file);
    for (const auto& face :
         detector_->detect(picture, {0, 0, double(picture.width()), double(picture.height())}, kWanted)) {
      EXPECT_GE(std::max(face.box.w, face.box.h), 0.8 * kWanted) << file;
      ++large;
    }
  }
  EXPECT_GE(large, 15) << "of 17 faces of 128 and 170 pixels";
}

INSTANTIATE_TEST_SUITE_P(Detectors, LabelledScenes,
                         testing::Values(Expectation{DetectorKind::kOwn, "own", 24, 0.96},
                                         Expectation{DetectorKind::kYunet, "yunet", 24, 0.98},
                                         Expectation{DetectorKind::kHog, "hog", 80, 0.95}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace veilgate::surveillance
