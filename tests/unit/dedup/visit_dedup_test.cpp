#include "dedup/visit_dedup.h"

#include <gtest/gtest.h>

#include "drawn_face.h"

namespace veilgate::surveillance {
namespace {

class VisitDedupTest : public ::testing::Test {
 protected:
  VisitDedupTest() { use(Seconds{60}); }

  void use(Seconds window, int images_per_visit = 1) {
    settings_.dedup = {images_per_visit, window};
    settings_.key.fill(5);
    restart();
  }
  void restart() { dedup_.emplace(settings_); }

  /// Somebody is in view for a while; five looks a second.
  void visit(int person, Millis length, Millis gap_after) {
    const TrackId track{++tracks_};
    const UtcTime first = now_;
    for (Millis t{0}; t <= length; t += Millis{200}) {
      const DrawnFace face{person, 200 + t.count() / 40.0, 100, 80};
      const MaskedFrame frame = frame_of({face}, now_);
      keep(dedup_->admit(frame, {{track, detection_of(face), first}}));
      now_ += Millis{200};
    }
    now_ += Millis{1300};
    keep(dedup_->end_visits({track}, now_));
    wait(gap_after);
  }
  void wait(Millis time) {
    for (const UtcTime end = now_ + time; now_ < end; now_ += Millis{500}) keep(dedup_->advance(now_));
  }
  void finish() { keep(dedup_->finish(now_)); }
  void keep(DedupOutcome outcome) {
    for (FaceReport& report : outcome.reports) reports_.push_back(std::move(report));
    for (const WindowClosed& closed : outcome.closed) closed_.push_back(closed);
  }
  int told() const {
    int sum = 0;
    for (const WindowClosed& closed : closed_) sum += closed.suppressed_count;
    return sum;
  }

  DedupSettings settings_;
  std::optional<VisitDedup> dedup_;
  UtcTime now_{Millis{1'000'000}};
  std::uint64_t tracks_ = 0;
  std::vector<FaceReport> reports_;
  std::vector<WindowClosed> closed_;
};

TEST_F(VisitDedupTest, OneMinuteInViewIsOneResult) {
  visit(1, Seconds{60}, Seconds{0});
  finish();
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].decided - reports_[0].appeared, Millis{2000});
}

TEST_F(VisitDedupTest, BackFiveTimesWithinTheWindowIsOneResultAndACountOfFive) {
  for (int i = 0; i < 6; ++i) visit(1, Seconds{2}, Seconds{4});
  finish();
  EXPECT_EQ(reports_.size(), 1U);
  ASSERT_EQ(closed_.size(), 1U);
  EXPECT_EQ(closed_[0].of, reports_[0].serial);
  EXPECT_EQ(closed_[0].suppressed_count, 5);
  EXPECT_EQ(dedup_->suppressed(), 5U);
}

TEST_F(VisitDedupTest, BackAfterTheWindowIsASecondResult) {
  visit(1, Seconds{2}, Seconds{61});
  visit(1, Seconds{2}, Seconds{0});
  finish();
  EXPECT_EQ(reports_.size(), 2U);
  EXPECT_EQ(told(), 0);
}

TEST_F(VisitDedupTest, DifferentPeopleWithinTheWindowAreAllReported) {
  for (int person = 1; person <= 12; ++person) visit(person, Seconds{2}, Seconds{1});
  finish();
  EXPECT_EQ(reports_.size(), 12U);
}

TEST_F(VisitDedupTest, TwoWhoComeTogetherAreTwoResultsEvenIfAlike) {
  const UtcTime first = now_;
  for (int i = 0; i < 15; ++i) {
    const DrawnFace a{1, 100, 100, 80}, b{1, 400, 100, 80};
    const MaskedFrame frame = frame_of({a, b}, now_);
    keep(dedup_->admit(frame, {{TrackId{1}, detection_of(a), first}, {TrackId{2}, detection_of(b), first}}));
    now_ += Millis{200};
  }
  finish();
  EXPECT_EQ(reports_.size(), 2U);
}

TEST_F(VisitDedupTest, SuppressedVisitsDoNotExtendTheWindow) {
  visit(1, Seconds{2}, Seconds{25});  // reported; the window runs 60 s from its last sighting
  visit(1, Seconds{2}, Seconds{25});  // suppressed at about 30 s
  visit(1, Seconds{2}, Seconds{25});  // suppressed at about 58 s
  visit(1, Seconds{2}, Seconds{0});   // at about 85 s: reported again, though only 25 s after the last visit
  finish();
  EXPECT_EQ(reports_.size(), 2U);
  ASSERT_GE(closed_.size(), 1U);
  EXPECT_EQ(closed_[0].suppressed_count, 2);
}

TEST_F(VisitDedupTest, TheWindowRunsFromTheEndOfTheReportedVisit) {
  visit(1, Seconds{50}, Seconds{40});  // 90 s after the report, 40 s after the end
  visit(1, Seconds{2}, Seconds{0});
  finish();
  EXPECT_EQ(reports_.size(), 1U);
  EXPECT_EQ(told(), 1);
}

TEST_F(VisitDedupTest, AWindowOfZeroSwitchesItOffAndMakesNoDescriptor) {
  use(Seconds{0});
  for (int i = 0; i < 3; ++i) visit(1, Seconds{2}, Seconds{2});
  finish();
  EXPECT_EQ(reports_.size(), 3U);
  EXPECT_TRUE(closed_.empty());
  EXPECT_EQ(dedup_->open_windows(), 0U);
}

TEST_F(VisitDedupTest, NothingIsKeptWhenTheWindowIsOver) {
  visit(1, Seconds{2}, Seconds{0});
  EXPECT_EQ(dedup_->open_windows(), 1U);
  wait(Seconds{61});
  EXPECT_EQ(dedup_->open_windows(), 0U);
}

TEST_F(VisitDedupTest, OnLeaveReportsAtTheEndOfTheVisit) {
  settings_.capture.after.reset();
  restart();
  visit(1, Seconds{10}, Seconds{0});
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_GE(reports_[0].decided - reports_[0].appeared, Seconds{10});
}

TEST_F(VisitDedupTest, AShortVisitIsReportedWhenItEnds) {
  visit(1, Millis{800}, Seconds{0});
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(VisitDedupTest, TheQualityGateHoldsBackWhatIsTooSmall) {
  settings_.quality.min_face_px = 100;
  restart();
  visit(1, Seconds{5}, Seconds{0});
  finish();
  EXPECT_TRUE(reports_.empty());
  EXPECT_EQ(dedup_->below_quality(), 1U);
}

TEST_F(VisitDedupTest, TheGateJudgesEyeDistance) {
  settings_.quality.min_eye_distance_px = 33;  // a box of 80 has eyes 32 apart
  restart();
  visit(1, Seconds{3}, Seconds{0});
  EXPECT_TRUE(reports_.empty());
  settings_.quality.min_eye_distance_px = 31;
  restart();
  visit(1, Seconds{3}, Seconds{0});
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(VisitDedupTest, TheBestShotIsTheLargeOne) {
  const UtcTime first = now_;
  const UtcTime best = now_ + Millis{200} * 5;
  for (int i = 0; i < 12; ++i) {
    const DrawnFace face{1, 200, 100, i == 5 ? 130.0 : 70.0};
    keep(dedup_->admit(frame_of({face}, now_), {{TrackId{1}, detection_of(face), first}}));
    now_ += Millis{200};
  }
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].time, best);
  EXPECT_DOUBLE_EQ(reports_[0].box.w, 130);
}

TEST_F(VisitDedupTest, MoreImagesPerVisitNeedAClearlyBetterShot) {
  use(Seconds{60}, 3);
  const UtcTime first = now_;
  for (int i = 0; i < 40; ++i) {
    const DrawnFace face{1, 200, 60, i < 20 ? 50.0 : 110.0};
    keep(dedup_->admit(frame_of({face}, now_), {{TrackId{1}, detection_of(face), first}}));
    now_ += Millis{200};
  }
  finish();
  EXPECT_EQ(reports_.size(), 2U);  // the small one after 2 s, the large one; not a third that is no better
}

TEST_F(VisitDedupTest, NoPictureIsCutUnlessAskedFor) {
  visit(1, Seconds{3}, Seconds{70});
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_TRUE(reports_[0].crop.empty());
  settings_.images = ImagePolicy::kFaceCrop;
  restart();
  visit(1, Seconds{3}, Seconds{2});
  visit(1, Seconds{3}, Seconds{2});  // suppressed: no second picture in the window
  ASSERT_EQ(reports_.size(), 2U);
  EXPECT_FALSE(reports_[1].crop.empty());
}

}  // namespace
}  // namespace veilgate::surveillance
