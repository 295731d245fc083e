#include "detect/detectors.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "detect/own_weights.h"
#include "models/catalogue.h"
#include "support/test_frame.h"

namespace veilgate::surveillance {
namespace {

DetectorConfig config(DetectorKind kind) {
  DetectorConfig c;
  c.kind = kind;
  return c;
}

std::filesystem::path fresh_directory() {
  const auto path =
      std::filesystem::path(testing::TempDir()) /
      (std::string("vg_models_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

TEST(Detectors, NamedDetectorWithoutItsModelNamesTheCommand) {
  const auto made = make_detector(config(DetectorKind::kYunet), {{fresh_directory()}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), ErrorCode::kMissingPart);
  EXPECT_NE(made.error().message().find("veilgate models install --from DIR"), std::string::npos)
      << made.error().message();
}

TEST(Detectors, AutoIsOurOwnWhenNothingIsInstalled) {
  const auto made = make_detector(config(DetectorKind::kAuto), {{fresh_directory()}});
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ((*made)->name(), "own");
  EXPECT_EQ((*made)->version(), own_weights_sha256().substr(0, 12));
}

TEST(Detectors, ModelFileThatIsNotThePinnedOneIsRefusedWithBothHashes) {
  const auto directory = fresh_directory();
  const CatalogueModel& yunet = *find_catalogue_model("yunet");
  constexpr const char* kFound = "708811ccb1510c6d6c6e6379ef09be39bdbb0e7edcf44fefcca21c6228ee6d89";
  std::ofstream(directory / yunet.file_name) << "not a model";
  for (auto kind : {DetectorKind::kYunet, DetectorKind::kAuto}) {
    const auto made = make_detector(config(kind), {{directory}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), ErrorCode::kUntrusted);
    EXPECT_NE(made.error().message().find(yunet.sha256), std::string::npos);
    EXPECT_NE(made.error().message().find(kFound), std::string::npos) << made.error().message();
  }
}

TEST(Detectors, ConfiguredThresholdIsTaken) {
  DetectorConfig c = config(DetectorKind::kOwn);
  c.score_threshold = 0.9;
  EXPECT_DOUBLE_EQ((*make_detector(c, {}))->score_threshold(), 0.9);
  c.kind = DetectorKind::kHog;
  EXPECT_DOUBLE_EQ((*make_detector(c, {}))->score_threshold(), 0.9);
}

class EveryDetector : public testing::TestWithParam<DetectorKind> {};

TEST_P(EveryDetector, FindsNothingInAnEmptyPictureOrOutsideIt) {
  const auto detector = std::move(make_detector(config(GetParam()), {})).value();
  const auto frame = test::make_masked_frame(320, 180, [](int x, int y) { return 40 + (x + y) % 8; });
  EXPECT_TRUE(detector->detect(frame, {0, 0, 320, 180}, 24).empty());
  EXPECT_TRUE(detector->detect(frame, {400, 0, 50, 50}, 24).empty());
  EXPECT_TRUE(detector->detect(frame, {0, 0, 0, 0}, 24).empty());
  EXPECT_TRUE(detector->detect_near(frame, {-100, 10, 50, 50}).empty());
  EXPECT_TRUE(detector->detect_near(frame, {300, 160, 60, 80}).empty());
}

INSTANTIATE_TEST_SUITE_P(WithoutFiles, EveryDetector, testing::Values(DetectorKind::kOwn, DetectorKind::kHog),
                         [](const auto& one) { return one.param == DetectorKind::kOwn ? "own" : "hog"; });

}  // namespace
}  // namespace veilgate::surveillance
