#include "lane/result_judge.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

CameraConfig camera() {
  CameraConfig config;
  config.id = CameraId("gate-east");
  RuleConfig rule;
  rule.id = "no-entry";
  rule.type = RuleType::kIntrusion;
  rule.zone = "lobby";
  config.rules = {rule};
  return config;
}

EventResult event() {
  EventResult result;
  result.rule = "no-entry";
  result.type = RuleType::kIntrusion;
  result.zone = "lobby";
  return result;
}

TEST(ResultJudge, LetsThroughWhatTheConfigurationCanGive) {
  EXPECT_TRUE(judge_result(camera(), event()));
  FaceResult face;
  face.dedup = {camera().dedup.max_images_per_visit, camera().dedup.window, 0};
  EXPECT_TRUE(judge_result(camera(), face));
}

TEST(ResultJudge, RefusesAnEventThatNoRuleOfTheCameraGives) {
  auto other = event();
  other.rule = "a rule nobody configured";
  EXPECT_FALSE(judge_result(camera(), other));
  other = event();
  other.type = RuleType::kStay;
  EXPECT_FALSE(judge_result(camera(), other));
  other = event();
  other.zone = "elsewhere";
  EXPECT_FALSE(judge_result(camera(), other));
}

TEST(ResultJudge, RefusesAnImageWhereTheCameraSendsNone) {
  FaceImage image;
  image.jpeg = {0xFF, 0xD8, 0xFF, 0xDB};
  EXPECT_EQ(judge_result(camera(), image).error().code(), ErrorCode::kUntrusted);
  auto sending = camera();
  sending.images = ImagePolicy::kFaceCrop;
  EXPECT_TRUE(judge_result(sending, image));
  image.jpeg = {0x00, 0x01, 0x02, 0x03};
  EXPECT_FALSE(judge_result(sending, image)) << "not a JPEG";
}

TEST(ResultJudge, RefusesForeignDedupValues) {
  FaceResult face;
  face.dedup = {camera().dedup.max_images_per_visit, camera().dedup.window + Seconds{1}, 0};
  EXPECT_FALSE(judge_result(camera(), face));
}

}  // namespace
}  // namespace veilgate::surveillance
