// Whatever is seen, in whatever order: the life of an event is new, updates, one end; ids are unique; begin ≤
// end.
#include <map>
#include <random>
#include <set>

#include "rule_fixture.h"

namespace veilgate::surveillance {
namespace {

CameraConfig camera_with_every_rule(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  CameraConfig camera;
  camera.zones = {{"lobby", "", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}};
  camera.lines = {{"gate", "", {{0.5, 0.9}, {0.5, 0.2}}}};
  for (const RuleType type : {RuleType::kIntrusion, RuleType::kLineCrossing, RuleType::kStay,
                              RuleType::kLoitering, RuleType::kAbnormalAppearance}) {
    RuleConfig rule = rule_of(type, Millis{pick(3000)});
    rule.id = name_of(type);
    rule.min_passes = pick(4);
    rule.inertia = Millis{pick(500)};
    rule.hysteresis = Millis{pick(2000)};
    rule.applies_to = pick(2) ? AppliesTo::kAny : AppliesTo::kPerson;
    if (pick(2)) rule.schedule = {{static_cast<unsigned>(pick(128)), pick(1440), 1 + pick(1440)}};
    if (pick(2) && type != RuleType::kLineCrossing) rule.zone.clear();
    camera.rules.push_back(rule);
  }
  return camera;
}

class Watcher {
 public:
  void take(const std::vector<RuleEvent>& events) {
    for (const RuleEvent& event : events) {
      ++seen_;
      ASSERT_NE(event.serial, 0U);
      ASSERT_LE(event.begin, event.time);
      ASSERT_GE(event.confidence, 0.0);
      ASSERT_LE(event.confidence, 1.0);
      if (event.phase == EventPhase::kNew) {
        ASSERT_TRUE(ever_.insert(event.serial).second) << "serial used twice";
        open_[event.serial] = event;
      } else {
        ASSERT_TRUE(open_.count(event.serial)) << "no event of that serial is open";
        ASSERT_EQ(open_[event.serial].rule, event.rule);
        ASSERT_EQ(open_[event.serial].object, event.object);
        ASSERT_EQ(open_[event.serial].begin, event.begin);
      }
      ASSERT_EQ(event.end.has_value(), event.phase == EventPhase::kEnd);
      if (event.end) {
        ASSERT_LE(event.begin, *event.end);
        ASSERT_LE(*event.end, event.time);
        open_.erase(event.serial);
      }
    }
  }
  std::size_t open() const { return open_.size(); }
  int seen() const { return seen_; }

 private:
  std::set<std::uint64_t> ever_;
  std::map<std::uint64_t, RuleEvent> open_;
  int seen_ = 0;
};

TEST(RuleProperties, HoldForRandomSightings) {
  int all = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto engine = RuleEngine::create(camera_with_every_rule(random), TimeZone::utc());
    ASSERT_TRUE(engine);
    Watcher watcher;
    UtcTime now{Millis{random() % 1'000'000'000}};
    for (int step = 0; step < 200; ++step) {
      now += Millis{static_cast<int>(random() % 700) - 50};  // now and then back in time
      std::vector<Sighting> sightings;
      for (std::uint64_t object = 1; object <= 1 + random() % 6; ++object)
        sightings.push_back({object,
                             {(random() % 1200) / 1000.0 - 0.1, (random() % 1200) / 1000.0 - 0.1},
                             random() % 4 != 0,
                             random() % 3 == 0,
                             (random() % 1400) / 1000.0 - 0.2});
      watcher.take(engine->evaluate(now, sightings));
      if (::testing::Test::HasFatalFailure()) return;
    }
    watcher.take(engine->finish());
    EXPECT_EQ(watcher.open(), 0U);
    all += watcher.seen();
  }
  EXPECT_GT(all, 1000);  // the properties were tried on something
}

TEST(RuleProperties, AnEmptyStreamHasNoEvents) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random(seed);
    auto engine = RuleEngine::create(camera_with_every_rule(random), TimeZone::utc());
    ASSERT_TRUE(engine);
    for (int step = 0; step < 100; ++step)
      EXPECT_TRUE(engine->evaluate(UtcTime{Millis{step * 100}}, {}).empty());
    EXPECT_TRUE(engine->finish().empty());
  }
}

TEST(RuleProperties, StateIsBoundedAgainstACrowdOfIds) {
  std::mt19937 random(7);
  auto engine = RuleEngine::create(camera_with_every_rule(random), TimeZone::utc());
  ASSERT_TRUE(engine);
  std::size_t most = 0;
  for (int step = 0; step < 20; ++step) {
    std::vector<Sighting> crowd;
    for (std::uint64_t i = 0; i < 2000; ++i) crowd.push_back({i, {0.2, 0.5}, true, true, 1});
    most = std::max(most, engine->evaluate(UtcTime{Millis{step * 100}}, crowd).size());
  }
  EXPECT_LE(most, 5 * kMaxJudgedObjects);
}

}  // namespace
}  // namespace veilgate::surveillance
