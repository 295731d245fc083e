#include "chain_fixture.h"

namespace veilgate::surveillance {
namespace {

TEST_F(CameraChainTest, AVisitGivesOneFaceResultWithTheAppliedDedup) {
  start();
  faces_ = {face_at(200, 100)};
  frames(60);
  faces_.clear();
  frames(30);
  chain_->finish();
  const auto faces = sink_.all<FaceResult>();
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].dedup.max_images_per_visit, 1);
  EXPECT_EQ(faces[0].dedup.window, Seconds{60});
  EXPECT_NEAR(faces[0].box.x, 200, 1);
  EXPECT_LE(faces[0].time, faces[0].decided);
  EXPECT_LE(faces[0].decided - faces[0].appeared, Millis{2300});
}

TEST_F(CameraChainTest, AVisitWithinTheWindowGivesADedupLineThatNamesTheFirst) {
  start();
  for (int visit = 0; visit < 3; ++visit) {
    faces_ = {face_at(200, 100)};
    frames(25);
    faces_.clear();
    frames(30);
  }
  chain_->finish();
  const auto faces = sink_.all<FaceResult>();
  const auto dedups = sink_.all<DedupResult>();
  ASSERT_EQ(faces.size(), 1U);
  ASSERT_EQ(dedups.size(), 1U);
  EXPECT_EQ(dedups[0].of, faces[0].id);
  EXPECT_EQ(dedups[0].suppressed_count, 2);
  EXPECT_EQ(chain_->counters().visits_suppressed, 2U);
}

TEST_F(CameraChainTest, AStayRuleFiresForAFaceThatStays) {
  start();
  faces_ = {face_at(200, 100)};
  frames(80);
  faces_.clear();
  frames(40);
  const auto events = sink_.all<EventResult>();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].id, events[1].id);
  EXPECT_EQ(events[0].phase, EventPhase::kNew);
  EXPECT_EQ(events[0].object_class, ObjectClass::kPerson);
  EXPECT_EQ(events[1].phase, EventPhase::kEnd);
  EXPECT_GE(events[0].time - events[0].begin, Seconds{5});
  EXPECT_LE(events[0].time - events[0].begin, Millis{5700});
}

TEST_F(CameraChainTest, AFrameWithAnUncoveredZoneIsRefusedAndNothingOfItUsed) {
  zones_ = {{"window", {{0.2, 0.2}, {0.6, 0.2}, {0.6, 0.8}, {0.2, 0.8}}}};
  start();
  faces_ = {face_at(200, 100)};
  frames(30);
  chain_->finish();
  EXPECT_EQ(chain_->counters().frames, 0U);
  EXPECT_EQ(chain_->counters().frames_refused, 30U);
  EXPECT_EQ(calls_, 0);
  EXPECT_TRUE(sink_.results.empty());
}

TEST_F(CameraChainTest, SameFramesGiveTheSameResultsToTheByte) {
  std::string first;
  for (int run = 0; run < 2; ++run) {
    sink_.lines.clear();
    now_ = UtcTime{};
    number_ = 0;
    start();
    for (int i = 0; i < 120; ++i) {
      faces_ = {face_at(20 + 4.0 * i, 100)};
      if (i > 40) faces_.push_back(face_at(560 - 3.0 * i, 140, 50));
      frame();
    }
    chain_->finish();
    if (run == 0) first = sink_.lines;
  }
  EXPECT_GT(first.size(), 500U);
  EXPECT_EQ(first, sink_.lines);
}

TEST_F(CameraChainTest, NoIdLinksTwoCameras) {
  std::vector<std::string> ids;
  for (const char* camera : {"east", "west"}) {
    sink_.results.clear();
    now_ = UtcTime{};
    start(camera_config(camera));
    faces_ = {face_at(200, 100)};
    frames(40);
    chain_->finish();
    ASSERT_EQ(sink_.all<FaceResult>().size(), 1U);
    ids.push_back(sink_.all<FaceResult>()[0].id.get());
  }
  EXPECT_NE(ids[0].substr(10), ids[1].substr(10));
}

TEST_F(CameraChainTest, EveryStartHasItsOwnSeed) { EXPECT_NE(fresh_chain_seed(), fresh_chain_seed()); }

TEST_F(CameraChainTest, ACropIsSentOncePerWindowAndNamesItsResult) {
  CameraConfig camera = camera_config();
  camera.images = ImagePolicy::kFaceCrop;
  start(camera);
  for (int visit = 0; visit < 2; ++visit) {
    faces_ = {face_at(200, 100)};
    frames(30);
    faces_.clear();
    frames(30);
  }
  const auto images = sink_.all<FaceImage>();
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].of, sink_.all<FaceResult>()[0].id);
}

TEST_F(CameraChainTest, WithoutAnEncoderFaceCropIsRefused) {
  CameraConfig camera = camera_config();
  camera.images = ImagePolicy::kFaceCrop;
  mask_ = test::no_zones();
  EXPECT_FALSE(CameraChain::create(camera, {*mask_, std::make_unique<ToldDetector>(faces_, calls_), sink_,
                                            nullptr, nullptr, "Asia/Shanghai", kOfflineSeed}));
}

TEST_F(CameraChainTest, WhenNoFrameComesVisitsAndEventsStillEnd) {
  start();
  faces_ = {face_at(200, 100)};
  frames(80);
  for (int i = 0; i < 10; ++i) chain_->idle(now_ += Millis{500});
  const auto events = sink_.all<EventResult>();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().phase, EventPhase::kEnd);
  EXPECT_EQ(sink_.all<FaceResult>().size(), 1U);
}

TEST_F(CameraChainTest, AClockSetBackEndsWhatWasFollowedAndGoesOn) {
  start();
  faces_ = {face_at(200, 100)};
  frames(80);
  now_ -= std::chrono::hours{1};
  frames(80);
  chain_->finish();
  for (const EventResult& event : sink_.all<EventResult>()) {
    EXPECT_LE(event.begin, event.time);
    if (event.end) {
      EXPECT_LE(event.begin, *event.end);
    }
  }
  EXPECT_EQ(sink_.all<EventResult>().size(), 4U);  // two stays, each begun and ended
  EXPECT_EQ(sink_.all<FaceResult>().size(), 2U);
}

TEST_F(CameraChainTest, WhatTheSinkDoesNotTakeIsCounted) {
  start();
  sink_.refuse = true;
  faces_ = {face_at(200, 100)};
  frames(80);
  chain_->finish();
  EXPECT_EQ(chain_->counters().results_lost, 3U);  // a face, an event's begin and its end
}

TEST_F(CameraChainTest, ACrowdIsBounded) {
  start();
  for (int i = 0; i < 130; ++i) faces_.push_back(face_at(i % 20 * 32.0, i / 20 * 50.0, 22));
  frames(12);
  chain_->finish();
  EXPECT_GT(chain_->counters().tracks_refused, 0U);
  EXPECT_LE(sink_.all<FaceResult>().size(), static_cast<std::size_t>(kMaxTracks));
}

TEST_F(CameraChainTest, AnalysisRateIsLimitedWhenAsked) {
  CameraConfig camera = camera_config();
  camera.max_analysis_fps = 5;
  start(camera);
  frames(100);  // ten a second
  EXPECT_NEAR(static_cast<double>(chain_->counters().frames), 50, 2);
}

TEST_F(CameraChainTest, AStillSceneCostsAlmostNoDetection) {
  start();
  frames(300);           // 30 s without motion
  EXPECT_LE(calls_, 4);  // one fine look every ten seconds
}

TEST_F(CameraChainTest, TracksAreWrittenForEveryFrameBetweenFirstAndLastSighting) {
  start();
  for (int i = 0; i < 60; ++i) {
    faces_ = {face_at(100 + 5.0 * i, 100)};
    frame();
  }
  faces_.clear();
  frames(30);
  chain_->finish();
  ASSERT_EQ(tracks_.faces.size(), 1U);
  const auto& boxes = tracks_.faces.begin()->second;
  for (std::size_t i = 1; i < boxes.size(); ++i) EXPECT_EQ(boxes[i].frame, boxes[i - 1].frame + 1);
  EXPECT_LE(boxes.front().frame, 8U);
  EXPECT_GE(boxes.back().frame, 56U);
  EXPECT_LE(boxes.back().frame, 59U);
  for (const TrackedBox& box : boxes) EXPECT_GT(iou(box.box, face_at(100 + 5.0 * box.frame, 100).box), 0.5);
}

}  // namespace
}  // namespace veilgate::surveillance
