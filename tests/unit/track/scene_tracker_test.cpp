#include "track/scene_tracker.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

const Box kBody{400, 200, 120, 360};
const Box kFace{430, 210, 60, 70};

class SceneTrackerTest : public ::testing::Test {
 protected:
  void step(const std::vector<Box>& faces, const std::vector<Box>& objects, int frames = 1) {
    for (int i = 0; i < frames; ++i) {
      std::vector<FaceDetection> found;
      for (const Box& box : faces) found.push_back({box, 0.9, false, {}});
      std::vector<MotionObject> moving;
      // A silhouette that no body test would take for a person: solid, wide at the top, stiff.
      for (const Box& box : objects) moving.push_back({box, {1.0, 1.0, 0.0}});
      tracker_.update({now_, 1280, 720, found, kEverywhere_, moving});
      now_ += Millis{100};
    }
  }
  const std::vector<SceneObject>& scene() const { return tracker_.scene(); }

  const std::vector<Box> kEverywhere_{{0, 0, 1280, 720}};
  SceneTracker tracker_{face_tracker_settings(), object_tracker_settings()};
  UtcTime now_{Millis{1000}};
};

TEST_F(SceneTrackerTest, AnObjectWithoutAFaceIsAnObject) {
  step({}, {{100, 400, 300, 150}}, 10);
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_FALSE(scene()[0].person);
  EXPECT_TRUE(scene()[0].seen);
}

TEST_F(SceneTrackerTest, AFaceMakesItsObjectAPerson) {
  step({kFace}, {kBody}, 10);
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_TRUE(scene()[0].person);
  EXPECT_EQ(scene()[0].box, kBody);
}

TEST_F(SceneTrackerTest, WhoTurnsAwayStaysTheSamePerson) {
  step({kFace}, {kBody}, 10);
  const auto id = scene()[0].id;
  step({}, {kBody}, 50);  // the face track has long ended
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_EQ(scene()[0].id, id);
  EXPECT_TRUE(scene()[0].person);
}

TEST_F(SceneTrackerTest, AFaceWithoutAnObjectStandsWhereItsBodyWould) {
  step({kFace}, {}, 10);
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_TRUE(scene()[0].person);
  EXPECT_EQ(scene()[0].object_track, 0U);
  EXPECT_NEAR(scene()[0].box.bottom_center().x, kFace.center().x, 0.1);
  EXPECT_NEAR(scene()[0].box.bottom(), std::min(720.0, kFace.y + 7.5 * kFace.h), 0.1);
}

TEST_F(SceneTrackerTest, FaceAndObjectSeenApartAtFirstBecomeOne) {
  step({kFace}, {}, 10);
  const auto id = scene()[0].id;
  step({kFace}, {kBody}, 10);  // the object starts to be seen
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_EQ(scene()[0].id, id);
  EXPECT_NE(scene()[0].object_track, 0U);
}

TEST_F(SceneTrackerTest, AbsorbedByTheBackgroundItIsCarriedOnByTheFace) {
  step({kFace}, {kBody}, 10);
  const auto id = scene()[0].id;
  step({kFace}, {}, 30);
  ASSERT_EQ(scene().size(), 1U);
  EXPECT_EQ(scene()[0].id, id);
}

TEST_F(SceneTrackerTest, TwoFacesInOneSilhouetteAreTwoPersons) {
  step({{420, 210, 50, 60}, {480, 215, 50, 60}}, {{400, 200, 160, 360}}, 10);
  EXPECT_EQ(scene().size(), 2U);
  EXPECT_NE(scene()[0].id, scene()[1].id);
}

TEST_F(SceneTrackerTest, BodyOfAFaceIsCutAtThePicturesEdge) {
  const Box body = body_box({600, 600, 100, 120}, 1280, 720);
  EXPECT_DOUBLE_EQ(body.bottom(), 720);
  EXPECT_DOUBLE_EQ(body.w, 300);
}

}  // namespace
}  // namespace veilgate::surveillance
