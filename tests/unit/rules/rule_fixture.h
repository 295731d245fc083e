#pragma once
// A camera's view in which everything is told, frame by frame, at 10 frames per second.

#include <gtest/gtest.h>

#include "rules/rule_engine.h"

namespace veilgate::surveillance {

inline constexpr Millis kFrame{100};

inline RuleConfig rule_of(RuleType type, Millis threshold = Millis{0}) {
  RuleConfig rule;
  rule.id = "r";
  rule.type = type;
  rule.threshold = threshold;
  rule.zone = type == RuleType::kLineCrossing ? "" : "lobby";
  rule.line = type == RuleType::kLineCrossing ? "gate" : "";
  return rule;
}

class RuleTest : public ::testing::Test {
 protected:
  /// The lobby is the left half; the gate runs upward in the middle.
  void arm(const RuleConfig& rule, const std::string& timezone = "Etc/UTC") {
    CameraConfig camera;
    camera.id = CameraId{"c"};
    camera.zones = {{"lobby", "", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}};
    camera.lines = {{"gate", "", {{0.5, 0.9}, {0.5, 0.2}}}};
    camera.rules = {rule};
    auto zone = TimeZone::load(timezone);
    ASSERT_TRUE(zone) << zone.error().message();
    auto made = RuleEngine::create(camera, std::move(*zone));
    ASSERT_TRUE(made) << made.error().message();
    engine_.emplace(std::move(*made));
  }

  void see(const std::vector<Sighting>& sightings) {
    for (RuleEvent& event : engine_->evaluate(now_, sightings)) events_.push_back(std::move(event));
    now_ += kFrame;
  }
  void see_at(Point at, int frames, std::uint64_t object = 1, bool person = false) {
    for (int i = 0; i < frames; ++i) see({{object, at, true, person, 1}});
  }
  void see_nothing(int frames) {
    for (int i = 0; i < frames; ++i) see({});
  }
  void walk(Point from, Point to, int frames, std::uint64_t object = 1) {
    for (int i = 0; i < frames; ++i) {
      const double t = frames == 1 ? 1 : static_cast<double>(i) / (frames - 1);
      see({{object, {from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)}, true, false, 1}});
    }
  }
  int count(EventPhase phase) const {
    int n = 0;
    for (const RuleEvent& event : events_) n += event.phase == phase;
    return n;
  }

  std::optional<RuleEngine> engine_;
  std::vector<RuleEvent> events_;
  UtcTime now_{Millis{1'000'000}};
};

}  // namespace veilgate::surveillance
