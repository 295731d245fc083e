// Rendered people: repeatable, different from one another, and with truth that fits the picture.

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "simcam/scene/sprite.h"

namespace veilgate::simcam {
namespace {

Sprite head_of(std::uint32_t seed, HeadPose pose = {}) {
  const Identity who = make_identity(seed, Variety{.55f, 0, true});
  return render_sprite(HeadFigure(who, pose), {-1.75f, 1.75f, -2.2f, 1.8f, 14, {18}});
}

/// Mean difference of luma where both show something.
double difference(const Sprite& a, const Sprite& b) {
  double sum = 0, count = 0;
  const SpriteLevel &la = a.levels[0], &lb = b.levels[0];
  for (int y = 0; y < std::min(la.height, lb.height); ++y)
    for (int x = 0; x < std::min(la.width, lb.width); ++x) {
      const Texel p = la.texels[static_cast<std::size_t>(y * la.width + x)],
                  q = lb.texels[static_cast<std::size_t>(y * lb.width + x)];
      if (p.a < 200 || q.a < 200) continue;
      sum += std::abs(p.y - q.y), ++count;
    }
  return sum / std::max(count, 1.0);
}

TEST(SimcamIdentity, SameSeedIsTheSamePerson) { EXPECT_EQ(difference(head_of(7), head_of(7)), 0); }

TEST(SimcamIdentity, SeedsAreDifferentPeople) {
  for (std::uint32_t seed = 1; seed < 9; ++seed)
    EXPECT_GT(difference(head_of(seed), head_of(seed + 1)), 5) << seed;
}

TEST(SimcamIdentity, BlinkAndMouthChangeTheFace) {
  HeadPose shut, open;
  shut.blink = 1;
  open.mouth_open = 1;
  EXPECT_GT(difference(head_of(3), head_of(3, shut)), .2);
  EXPECT_GT(difference(head_of(3), head_of(3, open)), .2);
}

TEST(SimcamTruth, LandmarksLieInTheBoxAndTurnWithTheHead) {
  const Identity who = make_identity(5, Variety{});
  HeadPose pose;
  const FaceTruth front = face_truth(HeadFigure(who, pose), {18});
  for (const Vec3& p : front.landmarks) {
    EXPECT_GT(p.x, front.left);
    EXPECT_LT(p.x, front.right);
    EXPECT_GT(p.y, front.bottom);
    EXPECT_LT(p.y, front.top);
  }
  EXPECT_LT(front.landmarks[0].x, front.landmarks[1].x);  // the subject's right eye is on the picture's left
  EXPECT_GT(front.facing, .99f);
  pose.yaw = .6f;
  const FaceTruth turned = face_truth(HeadFigure(who, pose), {18});
  EXPECT_GT(turned.landmarks[2].x, front.landmarks[2].x + .2f);  // the nose goes to the picture's right
  pose.yaw = 3.1f;
  EXPECT_LT(face_truth(HeadFigure(who, pose), {18}).facing, 0);
}

TEST(SimcamTruth, FaceBoxCoversTheRenderedFace) {
  // The chin of a bald head without hat or mask is the lowest thing rendered, and the box ends there.
  Identity who = make_identity(5, Variety{.55f, 0, true});
  who.hair_style = HairStyle::kBald;
  who.beard = who.moustache = who.beard_depth = 0;
  const HeadFigure head(who, {});
  const Sprite sprite = render_sprite(head, {-1.75f, 1.75f, -2.2f, 1.8f, 40, {18}});
  const FaceTruth truth = face_truth(head, {18});
  const float lowest = sprite.top - static_cast<float>(sprite.levels[0].height) / sprite.pixels_per_unit;
  EXPECT_NEAR(truth.bottom, lowest, .10f);  // units; a face is about 1.9 high
  EXPECT_GT(truth.left, sprite.left - .02f);
}

TEST(SimcamSkeleton, WalkingFeetStayOnTheFloor) {
  for (int i = 0; i < 16; ++i) {
    const Skeleton s = make_skeleton({.393f * static_cast<float>(i), 1}, 1, 1);
    const float lowest = std::min(
        {s.ankle[0].y - kAnkleHeight, s.ankle[1].y - kAnkleHeight, s.toe[0].y - .2f, s.toe[1].y - .2f});
    EXPECT_NEAR(lowest - s.sink, kFloorY, 1e-3f) << i;
    EXPECT_GE(s.sink, -.03f);
    EXPECT_LT(s.sink, 1.2f);
  }
}

}  // namespace
}  // namespace veilgate::simcam
