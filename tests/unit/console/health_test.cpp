#include "handlers/health.h"

#include <gtest/gtest.h>

namespace veilgate::console {
namespace {

using namespace std::chrono_literals;

const char* const kLane = R"({"process":"surveillance","cameras":[
  {"id":"gate-east","state":"online","reason":"","fps":24.5,"frames":100,"frames_dropped":2,"frames_refused":1,
   "last_frame_age_ms":40,"reconnects":3,"visits_suppressed":4,"faces":5,"events":{"intrusion":6,"stay":0},
   "mask_zones":1,"mask_whole_frame":false,"worker":{"restarts":7,"violations":0}},
  {"id":"back","state":"lost","reason":"no_frames","last_frame_age_ms":null,"mask_zones":0,"mask_whole_frame":true}],
  "submit":{"waiting":8,"accepted":9,"dropped":{"alarm":0,"image":10}}})";
const char* const kUplink =
    R"({"process":"uplink","link":{"online":true},"outbox":{"unsent":11,"oldest_unsent_age_ms":1500,"dropped":0}})";

SiteSnapshot site(const std::string& lane, const std::string& uplink) {
  SiteSnapshot snapshot;
  snapshot.now = MonoTime{100s};
  if (!lane.empty()) snapshot.processes["surveillance"] = {lane, MonoTime{99s}};
  if (!uplink.empty()) snapshot.processes["uplink"] = {uplink, MonoTime{99s}};
  return snapshot;
}

int status(const std::string& path, const SiteSnapshot& snapshot) {
  return answer_health(path, snapshot, "1.2.3").status;
}

TEST(Health, IsReadyWithOneFreshCameraAndAnOutboxThatKeepsEverything) {
  EXPECT_EQ(status("/ready", site(kLane, kUplink)), 200);
  EXPECT_EQ(status("/ready", site(R"({"cameras":[{"id":"a","state":"lost"}]})", kUplink)), 503);
  EXPECT_EQ(status("/ready", site(kLane, "")), 503);
  EXPECT_EQ(status("/ready", site(kLane, R"({"outbox":{"dropped":1}})")), 503);
  EXPECT_EQ(status("/ready", site("", kUplink)), 503);
}

TEST(Health, AnOldAnswerIsNoAnswer) {
  auto snapshot = site(kLane, kUplink);
  snapshot.now += 10s;
  const auto answer = answer_health("/ready", snapshot, "1.2.3");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("uplink"), std::string::npos);
  EXPECT_NE(answer_health("/metrics", snapshot, "").body.find("veilgate_up{process=\"uplink\"} 0"), std::string::npos);
}

TEST(Health, LivesWhileItsLoopTurns) {
  auto snapshot = site("", "");
  EXPECT_EQ(status("/live", snapshot), 200);
  snapshot.loop_age = 6s;
  EXPECT_EQ(status("/live", snapshot), 503);
}

TEST(Health, HasStartedOnceEveryCameraHasShownItself) {
  EXPECT_EQ(status("/startup", site(kLane, kUplink)), 200);
  EXPECT_EQ(status("/startup", site(R"({"cameras":[{"id":"a","reason":"worker_starting"}]})", kUplink)), 503);
}

TEST(Health, OtherPathsDoNotExist) {
  for (const char* path : {"/", "/metrics/", "/../etc/passwd", ""}) EXPECT_EQ(status(path, site(kLane, kUplink)), 404);
}

TEST(Metrics, CarryWhatTheProcessesSaid) {
  const auto text = answer_health("/metrics", site(kLane, kUplink), "1.2.3").body;
  for (const char* line : {
           "veilgate_build_info{version=\"1.2.3\"} 1\n", "veilgate_camera_online{camera=\"gate-east\"} 1\n",
           "veilgate_camera_online{camera=\"back\"} 0\n", "veilgate_camera_fps{camera=\"gate-east\"} 24.5\n",
           "veilgate_camera_frames_dropped_total{camera=\"gate-east\"} 2\n",
           "veilgate_camera_frames_refused_total{camera=\"gate-east\"} 1\n",
           "veilgate_camera_last_frame_age_seconds{camera=\"gate-east\"} 0.04\n",
           "veilgate_camera_reconnects_total{camera=\"gate-east\"} 3\n",
           "veilgate_camera_dedup_suppressed_total{camera=\"gate-east\"} 4\n",
           "veilgate_camera_events_total{camera=\"gate-east\",type=\"intrusion\"} 6\n",
           "veilgate_camera_mask_active{camera=\"back\"} 1\n",
           "veilgate_camera_worker_restarts_total{camera=\"gate-east\"} 7\n",
           "veilgate_submit_dropped_total{class=\"image\"} 10\n", "veilgate_outbox_depth 11\n",
           "veilgate_outbox_oldest_seconds 1.5\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line;
  EXPECT_EQ(text.find("last_frame_age_seconds{camera=\"back\"}"), std::string::npos) << "unknown is not zero";
}

TEST(Metrics, EveryFamilyIsDescribedOnceAndStandsTogether) {
  const auto text = answer_health("/metrics", site(kLane, kUplink), "1.2.3").body;
  std::string family;
  std::size_t at = 0, samples = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.rfind("# TYPE ", 0) == 0) family = line.substr(7, line.find(' ', 7) - 7);
    if (line[0] == '#') continue;
    EXPECT_EQ(line.substr(0, line.find_first_of("{ ")), family);
    ++samples;
  }
  EXPECT_GT(samples, 20u);
}

TEST(Metrics, HostileValuesDoNotBreakTheFormat) {
  const auto text = answer_health("/metrics", site(R"({"cameras":[{"id":"a\"b\\c\nd","state":"online","fps":"x"}, 5],
                                                    "submit":7})", R"({"link":[],"outbox":3})"), "1").body;
  EXPECT_NE(text.find(R"({camera="a\"b\\c\nd"} 1)"), std::string::npos) << text;
  EXPECT_EQ(text.find("camera_fps"), std::string::npos);
}

}  // namespace
}  // namespace veilgate::console
