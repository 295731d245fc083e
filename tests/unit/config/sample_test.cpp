// The configuration of the specification works as it stands, and every value of it arrives where it belongs.

#include <algorithm>

#include <gtest/gtest.h>

#include "config_text.h"

namespace veilgate {
namespace {

using namespace std::chrono_literals;

Config loaded_sample() {
  auto loaded = parse_config(sample(), "sample.yaml");
  EXPECT_TRUE(loaded.config) << listed(loaded);
  return loaded.config ? *loaded.config : Config{};
}

TEST(SampleConfig, IsGoodWithoutAWarning) {
  const auto loaded = parse_config(sample(), "sample.yaml");
  EXPECT_EQ(listed(loaded), "");
  EXPECT_TRUE(loaded.config);
}

TEST(SampleConfig, SiteAndRetentionArrive) {
  const Config config = loaded_sample();
  EXPECT_EQ(config.site.id, "estate-07");
  EXPECT_EQ(config.site.name, "示例小区");
  EXPECT_EQ(config.site.kind, SiteKind::kResidential);
  EXPECT_EQ(config.site.regulation_799, Regulation799::kArticle9);
  EXPECT_EQ(config.site.importance_business, "一般");
  EXPECT_EQ(config.site.timezone, "Asia/Shanghai");
  EXPECT_EQ(config.gateway.get(), "gw-0001");
  EXPECT_EQ(config.retention.at("results").max, Seconds(180 * 86400));
  EXPECT_EQ(config.retention.at("face_images").max, Seconds(86400));
  EXPECT_EQ(config.retention.at("face_images").basis, "个保法 第十九条");
  EXPECT_EQ(config.uplink.brokers, std::vector<std::string>{"mqtts://127.0.0.1:8883"});
  EXPECT_EQ(config.uplink.topic_prefix, "veilgate/v1");
}

TEST(SampleConfig, TheCameraArrives) {
  const Config config = loaded_sample();
  ASSERT_EQ(config.cameras.size(), 1u);
  const CameraConfig& camera = config.cameras[0];
  EXPECT_EQ(config.camera(CameraId("gate-east")), &camera);
  EXPECT_EQ(config.camera(CameraId("gate-west")), nullptr);
  EXPECT_EQ(camera.source.rtsp, "rtsps://10.0.3.21/stream2");
  EXPECT_EQ(camera.source.credentials, "gate-east.camera");
  EXPECT_EQ(camera.gat1400_device_id, "31010400001190000001");
  EXPECT_EQ(camera.consent.exemption->reason, "公共安全");
  ASSERT_EQ(camera.privacy_masks.size(), 1u);
  EXPECT_EQ(camera.privacy_masks[0].polygon[2], (Point{0.80, 0.30}));
  EXPECT_EQ(camera.lines[0].segment.from, (Point{0.50, 0.90}));
  EXPECT_EQ(camera.detector.min_face_px, 24);
  EXPECT_EQ(camera.dedup.window, 60s);
  EXPECT_EQ(camera.capture.after, 2000ms);
}

TEST(SampleConfig, TheRulesArrive) {
  const Config config = loaded_sample();
  const auto& rules = config.cameras.at(0).rules;
  ASSERT_EQ(rules.size(), 5u);
  EXPECT_EQ(rules[0].type, RuleType::kIntrusion);
  ASSERT_EQ(rules[0].schedule.size(), 1u);
  EXPECT_EQ(rules[0].schedule[0].days, 0x7Fu);
  EXPECT_EQ(rules[0].schedule[0].end_minute, 1440);
  EXPECT_EQ(rules[1].direction, CrossingDirection::kLeftToRight);
  EXPECT_EQ(rules[2].threshold, 15s);
  EXPECT_EQ(rules[3].min_passes, 3);
  EXPECT_EQ(rules[4].schedule[0].days, 0x1Fu);
  EXPECT_EQ(rules[4].schedule[0].start_minute, 22 * 60);
  EXPECT_EQ(rules[4].schedule[0].end_minute, 6 * 60);
}

TEST(SampleConfig, ACameraTakesOverTheDefaultsAndMayChangeThem) {
  std::string text = with(sample(), "kind: auto, min_face_px: 24", "kind: hog, min_face_px: 80");
  text = with(text, "window: 60s", "window: 0s");
  text = with(text, "      images: none ",
              "      detector: { min_face_px: 100 }\n      capture: on_leave\n      images: none ");
  const auto loaded = parse_config(text, "t");
  ASSERT_TRUE(loaded.config) << listed(loaded);
  const auto& camera = loaded.config->cameras[0];
  EXPECT_EQ(camera.detector.kind, DetectorKind::kHog);
  EXPECT_EQ(camera.detector.min_face_px, 100);
  EXPECT_EQ(camera.dedup.window, 0s);
  EXPECT_EQ(camera.capture.after, std::nullopt);
}

TEST(SampleConfig, DefaultsCountWhereverTheyStandInTheFile) {
  std::string text = sample();
  const auto begin = text.find("  defaults:\n"), end = text.find("  cameras:\n");
  const std::string defaults = text.substr(begin, end - begin);
  text.erase(begin, defaults.size());
  text.insert(text.find("uplink:"), with(defaults, "min_face_px: 24", "min_face_px: 31"));
  const auto loaded = parse_config(text, "t");
  ASSERT_TRUE(loaded.config) << listed(loaded);
  EXPECT_EQ(loaded.config->cameras[0].detector.min_face_px, 31);
}

}  // namespace
}  // namespace veilgate
