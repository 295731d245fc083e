// The command itself, on videos made here.
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "../media/test_videos.h"
#include "core/exit_code.h"

namespace veilgate::surveillance {
namespace {

using ::testing::HasSubstr;

constexpr char kConfig[] = R"(version: 1
site: { id: s, name: 示例, kind: office, regulation_799: not_public, importance: { business: 一般, users: 一般 }, timezone: Asia/Shanghai }
gateway: { id: gw-0001 }
retention:
  results: { max: 180d, basis: "DB31/T 294" }
surveillance:
  cameras:
    - id: cam
      name: 门
      source: { file: video.mp4, test: true }
      environment: inside
      location_class: entrance
      purpose: public_safety
      necessity: 出入口秩序
      legal_basis: "个保法 第二十六条"
      standard_ref: "DB31/T 294"
      authority_ref: "技防备案 2026-0001"
      notice_ref: notice-2026-03
      consent: { exemption: { law: 个保法, article: 第二十六条, reason: 公共安全 } }
      privacy_masks:
        - { id: window, polygon: [[0.05, 0.05], [0.35, 0.05], [0.35, 0.45], [0.05, 0.45]] }
      lines:
        - { id: gate, points: [[0.50, 1.00], [0.50, 0.10]] }
      rules:
        - { id: any, type: abnormal_appearance }
        - { id: gate-in, type: line_crossing, line: gate, direction: left_to_right }
uplink: { brokers: ["mqtts://127.0.0.1:8883"], tls_profile: intl, topic_prefix: veilgate/v1 }
)";

constexpr int kWidth = 320, kHeight = 240, kFps = 10;

class Analyze : public ::testing::Test {
 protected:
  void SetUp() override { std::ofstream(folder_.file("config.yaml")) << kConfig; }

  /// A dark figure walks from the left to the right below the zone; coded without loss. What happens inside
  /// the zone depends on `zone_seed`; 0 = nothing.
  void make_video(const std::string& name, unsigned zone_seed) {
    std::ofstream raw(folder_.file("raw"), std::ios::binary | std::ios::trunc);
    std::mt19937 zone(zone_seed);
    for (int n = 0; n < 70; ++n) {
      std::mt19937 noise(n);
      std::string luma(kWidth * kHeight, 0), chroma(kWidth * kHeight / 2, static_cast<char>(128));
      const int x0 = n < 20 ? -100 : (n - 20) * 6;
      for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x) {
          int value = 150 + (x / 16 + y / 16) % 2 * 20 + static_cast<int>(noise() % 3);
          if (x >= x0 && x < x0 + 30 && y >= 140 && y < 230) value = 40 + (x + y) % 8;
          const bool inside =
              x > 0.07 * kWidth && x < 0.33 * kWidth && y > 0.07 * kHeight && y < 0.43 * kHeight;
          if (inside && zone_seed) value = static_cast<int>(16 + zone() % 220);
          luma[y * kWidth + x] = static_cast<char>(value);
        }
      raw << luma << chroma;
    }
    raw.close();
    test::launch_to_end(
        "filesrc location=" + folder_.file("raw") +
        " ! rawvideoparse format=i420 width=320 height=240 "
        "framerate=10/1 ! x264enc pass=quant quantizer=0 key-int-max=10 ! h264parse ! mp4mux ! "
        "filesink location=" +
        folder_.file(name));
  }
  int run(const std::string& arguments) {
    const std::string command = "LANG=C LC_ALL=C " VEILGATE_BIN_DIR "/veilgate-surveillance analyze " +
                                arguments + " > " + folder_.file("said") + " 2>&1";
    const int status = std::system(command.c_str());
    said_ = read("said");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int analyze(const std::string& video, const std::string& results, const std::string& more = "") {
    return run("--config " + folder_.file("config.yaml") + " --camera cam --detector own --input " +
               folder_.file(video) + " --results " + folder_.file(results) + " " + more);
  }
  std::string read(const std::string& name) {
    std::stringstream text;
    text << std::ifstream(folder_.file(name), std::ios::binary).rdbuf();
    return text.str();
  }

  test::TemporaryFolder folder_;
  std::string said_;
};

TEST_F(Analyze, ReportsAWalkerAndRepeatsItToTheByte) {
  make_video("walk.mp4", 0);
  ASSERT_EQ(analyze("walk.mp4", "a.jsonl",
                    "--objects " + folder_.file("a.txt") + " --tracks " + folder_.file("t.txt")),
            kExitOk)
      << said_;
  const std::string results = read("a.jsonl");
  EXPECT_THAT(results, HasSubstr(R"("rule":"any","type":"abnormal_appearance","phase":"new","zone":null)"));
  EXPECT_THAT(results, HasSubstr(R"("rule":"gate-in","type":"line_crossing","phase":"new","line":"gate")"));
  EXPECT_THAT(results, HasSubstr(R"("phase":"end")"));
  EXPECT_THAT(results, HasSubstr(R"("time":"1970-01-01T00:00:0)"));
  ASSERT_EQ(analyze("walk.mp4", "b.jsonl", "--objects " + folder_.file("b.txt")), kExitOk) << said_;
  EXPECT_EQ(results, read("b.jsonl"));
  EXPECT_EQ(read("a.txt"), read("b.txt"));
}

TEST_F(Analyze, WritesMotLinesThatFollowTheWalker) {
  make_video("walk.mp4", 0);
  ASSERT_EQ(analyze("walk.mp4", "a.jsonl", "--objects " + folder_.file("objects.txt")), kExitOk) << said_;
  std::istringstream lines(read("objects.txt"));
  const std::regex form(R"(^(\d+),(\d+),(-?\d+\.\d),(-?\d+\.\d),(\d+\.\d),(\d+\.\d),(\d\.\d{3}),-1,-1,-1$)");
  int count = 0, near = 0, last = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::smatch fields;
    ASSERT_TRUE(std::regex_match(line, fields, form)) << line;
    const int frame = std::stoi(fields[1]);
    EXPECT_GE(frame, last);
    last = frame;
    const double middle = std::stod(fields[3]) + std::stod(fields[5]) / 2, truth = (frame - 1 - 20) * 6 + 15;
    near += std::abs(middle - truth) < 25;
  }
  EXPECT_GT(count, 25);
  EXPECT_GT(near, count * 8 / 10);
}

TEST_F(Analyze, WhatDiffersOnlyInsideAPrivacyZoneChangesNothing) {
  make_video("quiet.mp4", 0);
  make_video("busy.mp4", 77);
  ASSERT_EQ(analyze("quiet.mp4", "quiet.jsonl", "--objects " + folder_.file("quiet.txt")), kExitOk) << said_;
  ASSERT_EQ(analyze("busy.mp4", "busy.jsonl", "--objects " + folder_.file("busy.txt")), kExitOk) << said_;
  EXPECT_NE(read("quiet.mp4"), read("busy.mp4"));
  EXPECT_FALSE(read("quiet.jsonl").empty());
  EXPECT_EQ(read("quiet.jsonl"), read("busy.jsonl"));
  EXPECT_EQ(read("quiet.txt"), read("busy.txt"));
}

TEST_F(Analyze, StartSetsTheTimeOfTheFirstFrame) {
  make_video("walk.mp4", 0);
  ASSERT_EQ(analyze("walk.mp4", "a.jsonl", "--start 2026-03-01T08:00:00Z"), kExitOk) << said_;
  EXPECT_THAT(read("a.jsonl"), HasSubstr(R"("time":"2026-03-01T08:00:0)"));
}

TEST_F(Analyze, SaysWhatIsMissingWithItsExitCode) {
  const std::string config = "--config " + folder_.file("config.yaml");
  const std::string out = " --results " + folder_.file("r.jsonl");
  EXPECT_EQ(run(""), kExitUsage);
  EXPECT_EQ(run(config + " --camera nobody --input x" + out), kExitUsage);
  EXPECT_THAT(said_, HasSubstr("nobody"));
  EXPECT_EQ(run(config + " --camera cam --input " + folder_.file("absent.mp4") + out), kExitNoInput);
  EXPECT_THAT(said_, HasSubstr("absent.mp4"));
  std::ofstream(folder_.file("text.mp4")) << "this is no video";
  EXPECT_EQ(run(config + " --camera cam --detector own --input " + folder_.file("text.mp4") + out),
            kExitNoInput);
  std::ofstream(folder_.file("broken.yaml")) << "version: 1\nsite: {}\n";
  EXPECT_EQ(run("--config " + folder_.file("broken.yaml") + " --camera cam --input x" + out), kExitConfig);
  std::filesystem::create_directory(folder_.file("empty"));
  EXPECT_EQ(run(config + " --camera cam --detector yunet --models " + folder_.file("empty") + " --input " +
                folder_.file("text.mp4") + out),
            kExitMissingPart);
  EXPECT_THAT(said_, HasSubstr("models install"));
}

}  // namespace
}  // namespace veilgate::surveillance
