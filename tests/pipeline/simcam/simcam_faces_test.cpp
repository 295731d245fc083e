// What the gateway's detectors see of the rendered people: the demo and the tests depend on it.

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <gtest/gtest.h>

#include "detect/detectors.h"
#include "detect/motion.h"
#include "simcam/scene/lobby_scene.h"
#include "support/test_frame.h"

namespace veilgate::simcam {
namespace {

using surveillance::FaceDetection;

class SimcamFaces : public ::testing::Test {
 protected:
  void open(PictureSize size, int fps, std::uint32_t seed) {
    LobbyScene::Settings settings;
    settings.size = size;
    settings.fps = fps;
    settings.seed = seed;
    settings.coverings = 0;
    scene_ = std::move(LobbyScene::create(settings)).value();
  }
  /// Renders frame `number` and hands it over as the lane would get it.
  MaskedFrame frame(std::uint64_t number, FrameTruth& truth) {
    const PictureSize size = scene_->settings().size;
    std::vector<std::uint8_t> i420(scene_->frame_bytes());
    truth = scene_->render(number, i420.data());
    test::TestPicture picture(size.width, size.height, PixelFormat::kI420);
    picture.info.number = number;
    picture.info.time = UtcTime{Millis{number * 1000 / static_cast<std::uint64_t>(scene_->settings().fps)}};
    const std::uint8_t* from = i420.data();
    for (auto& plane : picture.memory) {
      std::memcpy(plane.data(), from, plane.size());
      from += plane.size();
    }
    return test::masked(picture);
  }
  std::unique_ptr<LobbyScene> scene_;
};

struct Hits {
  int faces = 0, found = 0, surplus = 0;
};

void count(const FrameTruth& truth, const std::vector<FaceDetection>& found, double min_width, Hits& hits) {
  int matched = 0;
  for (const PersonOnPicture& person : truth.people) {
    if (!person.face) continue;
    bool seen = false;
    for (const FaceDetection& face : found) seen = seen || iou(face.box, person.face->box) > .4;
    matched += seen;
    const bool counts =
        person.face->visibility > .9 && std::abs(person.face->yaw) <= 40 && person.face->box.w >= min_width;
    hits.faces += counts;
    hits.found += counts && seen;
  }
  hits.surplus += static_cast<int>(found.size()) - std::min(static_cast<int>(found.size()), matched);
}

TEST_F(SimcamFaces, AreFoundByHogWhenNearAndByOurNetworkFromTwentyFourPixelsOn) {
  auto hog = surveillance::make_detector({.kind = DetectorKind::kHog}, {});
  auto own = surveillance::make_detector({.kind = DetectorKind::kOwn}, {});
  ASSERT_TRUE(hog && own);
  open({1280, 720}, 2, 2);
  Hits by_hog, by_own;
  for (const std::uint64_t number : {10, 12, 14, 16, 21, 23, 42, 56, 66, 67, 76, 80, 82, 84, 85}) {
    FrameTruth truth;
    const MaskedFrame picture = frame(number, truth);
    count(truth, (*hog)->detect(picture, {0, 0, 1280, 720}, 24), 80, by_hog);
    count(truth, (*own)->detect(picture, {0, 0, 1280, 720}, 24), 24, by_own);
  }
  EXPECT_GE(by_hog.faces, 8);
  EXPECT_GE(by_hog.found, .9 * by_hog.faces) << by_hog.found << " of " << by_hog.faces;
  EXPECT_GE(by_own.faces, 20);
  EXPECT_GE(by_own.found, .95 * by_own.faces) << by_own.found << " of " << by_own.faces;
  EXPECT_EQ(by_hog.surplus, 0);
  EXPECT_LE(by_own.surplus, 2);
}

TEST_F(SimcamFaces, PeopleFromBehindAreMotionObjects) {
  open({640, 360}, 5, 2);
  surveillance::MotionObjects motion;
  int from_behind = 0, found = 0;
  for (std::uint64_t number = 0; number < 5 * 18; ++number) {
    FrameTruth truth;
    const auto report = motion.observe(frame(number, truth));
    for (const PersonOnPicture& p : truth.people) {
      if (p.face || p.visibility < .95 || p.body.h < 60) continue;
      ++from_behind;
      for (const auto& object : report.objects)
        if (intersect(object.box, p.body).area() > .5 * p.body.area()) {  // two who overlap are one object
          ++found;
          break;
        }
    }
  }
  EXPECT_GT(from_behind, 30);
  EXPECT_GE(found, .8 * from_behind) << found << " of " << from_behind;
}

}  // namespace
}  // namespace veilgate::simcam
