// The lobby: the same frames for the same seed, and ground truth that can be believed.

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "simcam/scene/lobby_scene.h"
#include "simcam/scene/lobby_zones.h"

namespace veilgate::simcam {
namespace {

LobbyScene::Settings small(std::uint32_t seed = 1) {
  LobbyScene::Settings settings;
  settings.size = {320, 180};
  settings.fps = 5;
  settings.seed = seed;
  settings.coverings = 0;
  return settings;
}

std::unique_ptr<LobbyScene> open(const LobbyScene::Settings& settings) {
  auto scene = LobbyScene::create(settings);
  EXPECT_TRUE(scene);
  return std::move(scene).value();
}

std::uint64_t fingerprint(LobbyScene& scene, std::uint64_t number) {
  std::vector<std::uint8_t> i420(scene.frame_bytes());
  scene.render(number, i420.data());
  std::uint64_t h = 14695981039346656037ull;
  for (const auto byte : i420) h = (h ^ byte) * 1099511628211ull;
  return h;
}

/// One scene for the tests that only read it: all frames of its round, with their truth.
const std::vector<FrameTruth>& round_of_truth() {
  static const std::vector<FrameTruth> kTruth = [] {
    auto scene = open(small());
    std::vector<std::uint8_t> i420(scene->frame_bytes());
    std::vector<FrameTruth> all;
    for (std::uint64_t n = 0; n < scene->period_frames(); ++n) all.push_back(scene->render(n, i420.data()));
    return all;
  }();
  return kTruth;
}

TEST(SimcamScene, SameSeedGivesTheSameFramesInAnyOrder) {
  auto once = open(small()), again = open(small());
  const auto late = fingerprint(*once, 60), early = fingerprint(*once, 20);
  EXPECT_EQ(fingerprint(*again, 20), early);
  EXPECT_EQ(fingerprint(*again, 60), late);
  EXPECT_NE(early, late);
  EXPECT_NE(fingerprint(*open(small(2)), 20), early);
}

TEST(SimcamScene, RefusesSizesItCannotMake) {
  for (const PictureSize size : {PictureSize{321, 180}, PictureSize{32, 18}, PictureSize{8000, 4000}}) {
    auto settings = small();
    settings.size = size;
    EXPECT_FALSE(LobbyScene::create(settings));
  }
}

TEST(SimcamScene, NobodyComesWhenNobodyIsAsked) {
  auto settings = small();
  settings.cast = Cast::kNobody;
  auto scene = open(settings);
  std::vector<std::uint8_t> i420(scene->frame_bytes());
  EXPECT_TRUE(scene->render(60, i420.data()).people.empty());
}

TEST(SimcamTruth, BoxesAreInTheFrameAndSharesAreShares) {
  for (const FrameTruth& frame : round_of_truth())
    for (const PersonOnPicture& p : frame.people) {
      EXPECT_GE(p.body.x, 0);
      EXPECT_GE(p.body.y, 0);
      EXPECT_LE(p.body.right(), 320);
      EXPECT_LE(p.body.bottom(), 180);
      EXPECT_GT(p.visibility, 0);
      EXPECT_LE(p.visibility, 1);
      if (!p.face) continue;
      EXPECT_GE(p.face->visibility, 0);
      EXPECT_LE(p.face->visibility, 1);
      EXPECT_GT(p.face->box.w, 0);
      for (const Point& point : p.face->landmarks) {
        EXPECT_GT(point.y, p.face->box.y - 1);
        EXPECT_LT(point.y, p.face->box.bottom() + 1);
      }
    }
}

TEST(SimcamTruth, NearerPeopleHideFartherOnesAndNeverTheOtherWayRound) {
  int hidden = 0;
  for (const FrameTruth& frame : round_of_truth()) {
    EXPECT_TRUE(std::is_sorted(frame.people.begin(), frame.people.end(),
                               [](const auto& a, const auto& b) { return a.depth_m > b.depth_m; }));
    if (frame.people.size() < 2) continue;
    const PersonOnPicture& nearest = frame.people.back();
    const PersonOnPicture& behind = frame.people[frame.people.size() - 2];
    const bool in_full = nearest.body.x > 1 && nearest.body.right() < 319 && nearest.body.bottom() < 179 &&
                         nearest.depth_m < 5;
    if (in_full) {
      EXPECT_GT(nearest.visibility, .97) << frame.number;  // nothing but furniture could hide her
    }
    if (iou(nearest.body, behind.body) > .1 && behind.visibility < .8) ++hidden;
  }
  EXPECT_GT(hidden, 3);  // the script makes people cross
}

TEST(SimcamTruth, PeopleComeNearTurnTheirBacksAndReturn) {
  double largest = 0;
  int from_behind = 0;
  std::map<int, std::set<int>> visits;
  for (const FrameTruth& frame : round_of_truth())
    for (const PersonOnPicture& p : frame.people) {
      if (p.face) largest = std::max(largest, p.face->box.w * 4);  // as it would be at 1280×720
      from_behind += !p.face && p.visibility > .9;
      visits[p.id].insert(p.visit);
    }
  EXPECT_GE(largest, 80);
  EXPECT_GT(from_behind, 20);
  EXPECT_EQ(visits[1].size(), 2u);  // the resident comes back within the minute
  EXPECT_EQ(visits.size(), 5u);
}

TEST(SimcamTruth, SomebodyWaitsInTheZoneLongEnoughForAStayRule) {
  int longest = 0, run = 0;
  for (const FrameTruth& frame : round_of_truth()) {
    const bool waiting = std::any_of(frame.people.begin(), frame.people.end(), [](const PersonOnPicture& p) {
      const Point at = p.body.bottom_center();
      return p.id == 4 && contains(lobby_floor().polygon, {at.x / 320, at.y / 180});
    });
    run = waiting ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  EXPECT_GT(longest, 10 * 5);  // ten seconds
}

}  // namespace
}  // namespace veilgate::simcam
