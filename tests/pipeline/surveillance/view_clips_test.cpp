// The view guard on recorded clips of fixed cameras: no false alarm, and the gaps of a clip in which the camera sees
// nothing are "covered".
#include <cstdlib>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "media/open_source.h"
#include "support/test_frame.h"
#include "view/view_guard.h"

namespace veilgate::surveillance {
namespace {

std::filesystem::path shared_folder() {
  const char* set = std::getenv("VEILGATE_SHARED");
  return set ? std::filesystem::path(set) : std::filesystem::path(VEILGATE_SOURCE_DIR) / ".." / "shared";
}

/// Every condition the guard went through, with the number of times it was entered.
std::map<ViewCondition, int> conditions_of(const std::filesystem::path& clip) {
  std::map<ViewCondition, int> entered;
  const auto mask = std::move(PrivacyMask::create({{{"z", {{0.7, 0.1}, {0.9, 0.1}, {0.9, 0.3}}}}, 16})).value();
  CameraConfig camera;
  camera.source.file = clip.string();
  media::OpenOptions options;
  options.pace = media::Pace::kAsFastAsPossible;
  options.time_base = media::TimeBase::kMedia;
  auto source = media::open_source(camera, *mask, options);
  EXPECT_TRUE(source);
  ViewGuard guard;
  ViewCondition last = ViewCondition::kLearning;
  LumaImage luma;
  while (source) {
    auto raw = (*source)->next(Millis{10000});
    if (!raw || !raw->has_value()) break;
    const auto frame = mask->apply(std::move(**raw));
    EXPECT_TRUE(frame);
    if (!guard.is_due(frame->info().time)) continue;
    scale_luma(*frame, kViewWidth, kViewHeight, luma);
    const ViewVerdict verdict = guard.update(luma, frame->info().time);
    if (verdict.condition != last) ++entered[verdict.condition];
    last = verdict.condition;
  }
  return entered;
}

TEST(ViewOnClips, NoFalseAlarmOnFixedCameras) {
  const auto folder = shared_folder() / "video";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no clips in " << folder << " (VEILGATE_SHARED)";
  for (const char* name : {"one_by_one_p1-4.mp4", "faces_composed_dev.mp4", "parking_car_bicycle.mp4", "store_aisle.mp4",
                           "head_pose_man.mp4", "head_pose_woman_and_man.mp4", "walk_up_and_pause_3people.mp4"}) {
    if (!std::filesystem::exists(folder / name)) continue;
    for (const auto& [condition, times] : conditions_of(folder / name))
      EXPECT_EQ(condition, ViewCondition::kGood) << name << ": " << to_string(condition) << " " << times << " times";
  }
}

TEST(ViewOnClips, GapsWithoutPictureAreCovered) {
  const auto clip = shared_folder() / "video" / "return_visits_dev.mp4";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << clip << " is missing (VEILGATE_SHARED)";
  auto entered = conditions_of(clip);
  EXPECT_GE(entered[ViewCondition::kCovered], 5);
  EXPECT_EQ(entered[ViewCondition::kFrozen], 0);
  EXPECT_EQ(entered[ViewCondition::kShifted], 0);
}

}  // namespace
}  // namespace veilgate::surveillance
