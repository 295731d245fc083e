// Every fault of the test camera as a client on the network sees it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "camera_client.h"

namespace veilgate::test {
namespace {

using namespace std::chrono_literals;

/// Pictures until one satisfies `wanted`, at most `most`.
template <typename Wanted>
bool sees(CameraClient& client, Wanted&& wanted, int most = 80) {
  for (int i = 0; i < most; ++i) {
    const auto picture = client.next();
    if (!picture) return false;
    if (wanted(*picture)) return true;
  }
  return false;
}

TEST(Simcam, ServesPicturesWithTheirTruth) {
  SimcamProcess camera;
  CameraClient client(camera.url());
  ASSERT_TRUE(
      sees(client, [](const Picture& p) { return p.width == 320 && p.height == 180 && p.mean() > 60; }));
  ASSERT_TRUE(client.next());
  std::ifstream truth(camera.truth_file());
  std::string line;
  int lines = 0, last = -1;
  for (; std::getline(truth, line) && line.back() == '}'; ++lines) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_GT(json["frame"].get<int>(), last);
    EXPECT_EQ(json["time"].get<std::string>().back(), 'Z');
    last = json["frame"].get<int>();
  }
  EXPECT_GT(lines, 3);
  EXPECT_EQ(camera.end(), 0);
}

TEST(Simcam, SpeaksEveryCodecAndSeveralPaths) {
  for (const char* codec : {"h264", "h265", "mjpeg"}) {
    SimcamProcess camera({"--codec", codec, "--cameras", "3"});
    ASSERT_EQ(camera.urls().size(), 3u);
    CameraClient first(camera.urls()[0]), last(camera.urls()[2]);
    EXPECT_TRUE(first.next()) << codec;
    EXPECT_TRUE(last.next()) << codec;
  }
}

TEST(Simcam, BringsSoundWhenAsked) {
  SimcamProcess camera({"--audio"});
  CameraClient client(camera.url());
  ASSERT_TRUE(client.next());
  EXPECT_TRUE(client.has_tracks(2));
}

TEST(Simcam, FreezesAndThaws) {
  SimcamProcess camera({"--noise", "3"});  // noise makes every live picture a different one
  CameraClient client(camera.url());
  ASSERT_TRUE(client.next());
  ASSERT_EQ(camera.tell("freeze on"), "ok");
  std::optional<Picture> before = client.next();
  EXPECT_TRUE(sees(client, [&](const Picture& p) {
    const bool same = p.difference(*before) < .15;
    before = p;
    return same;
  }));
  ASSERT_EQ(camera.tell("freeze off"), "ok");
  EXPECT_TRUE(sees(client, [&](const Picture& p) { return p.difference(*before) > .5; }));
}

TEST(Simcam, CoversDefocusesAndShiftsTheView) {
  SimcamProcess camera({"--script", "empty"});
  CameraClient client(camera.url());
  std::optional<Picture> clear;
  ASSERT_TRUE(sees(client, [&](const Picture& p) { return clear = p, p.mean() > 60; }));
  ASSERT_EQ(camera.tell("cover on"), "ok");
  EXPECT_TRUE(sees(client, [](const Picture& p) { return p.mean() < 30; }));
  ASSERT_EQ(camera.tell("clear"), "ok");
  EXPECT_TRUE(sees(client, [&](const Picture& p) { return p.difference(*clear) < 4; }));
  ASSERT_EQ(camera.tell("defocus 8"), "ok");
  EXPECT_TRUE(sees(
      client, [&](const Picture& p) { return p.sharpness() < .7 * clear->sharpness() && p.mean() > 60; }));
  ASSERT_EQ(camera.tell("clear"), "ok");
  ASSERT_EQ(camera.tell("shift 0.15 0.1 5"), "ok");
  EXPECT_TRUE(sees(client, [&](const Picture& p) {
    return p.sharpness() > .7 * clear->sharpness() && p.difference(*clear) > 10;
  }));
}

TEST(Simcam, ChangesSizeInMidStream) {
  SimcamProcess camera;
  CameraClient client(camera.url());
  ASSERT_TRUE(sees(client, [](const Picture& p) { return p.width == 320; }));
  ASSERT_EQ(camera.tell("size 480x270"), "ok");
  EXPECT_TRUE(sees(client, [](const Picture& p) { return p.width == 480 && p.height == 270; }));
}

TEST(Simcam, ChangesCodecAndCutsClients) {
  SimcamProcess camera;
  CameraClient before(camera.url());
  ASSERT_TRUE(before.next());
  ASSERT_EQ(camera.tell("codec h265"), "ok");
  EXPECT_TRUE(before.ended());
  CameraClient after(camera.url());
  EXPECT_TRUE(after.next());
}

TEST(Simcam, FallsSilentWithOpenSockets) {
  SimcamProcess camera;
  CameraClient client(camera.url());
  ASSERT_TRUE(client.next());
  ASSERT_EQ(camera.tell("silent on"), "ok");
  int more = 0;
  while (more < 40 && client.next(1500ms)) ++more;
  EXPECT_LT(more, 40);  // what was under way, then nothing
  EXPECT_FALSE(client.ended(500ms));
  ASSERT_EQ(camera.tell("silent off"), "ok");
  EXPECT_TRUE(client.next());
}

TEST(Simcam, EndsTheStreamAndServesAgain) {
  SimcamProcess camera;
  {
    CameraClient client(camera.url());
    ASSERT_TRUE(client.next());
    ASSERT_EQ(camera.tell("end"), "ok");
    EXPECT_TRUE(client.ended());
  }
  CameraClient next(camera.url());
  EXPECT_TRUE(next.next());
}

TEST(Simcam, DropsConnections) {
  SimcamProcess camera({"--fault", "0 drop-every 2"});
  CameraClient client(camera.url());
  ASSERT_TRUE(client.next());
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(camera.running());
}

TEST(Simcam, CorruptsPicturesWithoutEndingTheStream) {
  SimcamProcess camera({"--script", "empty", "--noise", "0"});
  CameraClient client(camera.url());
  std::optional<Picture> clean;
  ASSERT_TRUE(sees(client, [&](const Picture& p) { return clean = p, p.mean() > 60; }));
  ASSERT_EQ(camera.tell("corrupt 0.0005"), "ok");
  EXPECT_TRUE(sees(client, [&](const Picture& p) { return p.difference(*clean) > 3; }));
  ASSERT_EQ(camera.tell("corrupt off"), "ok");
  EXPECT_TRUE(sees(client, [&](const Picture& p) { return p.difference(*clean) < 2; }));
}

TEST(Simcam, ClockOfTheSenderReportsIsOffAsCommanded) {
  SimcamProcess camera;
  CameraClient client(camera.url());
  ASSERT_TRUE(client.next());
  const auto honest = client.clock_offset();
  ASSERT_TRUE(honest);
  EXPECT_NEAR(*honest, 0, 5);
  ASSERT_EQ(camera.tell("clock-skew -90"), "ok");
  (void)client.clock_offset();  // may have been under way already
  const auto skewed = client.clock_offset();
  ASSERT_TRUE(skewed);
  EXPECT_NEAR(*skewed, -90, 5);
}

class SimcamLogin : public ::testing::TestWithParam<const char*> {};

TEST_P(SimcamLogin, AsksForUserAndPasswordAndCanRefuseEveryone) {
  TempDir directory;
  std::ofstream(directory / "password") << "correct horse\n";
  SimcamProcess camera({"--user", "viewer", "--password-file", directory / "password", "--auth", GetParam()});
  EXPECT_EQ(camera.url().find('@'), std::string::npos);
  CameraClient right(camera.url(), {"viewer", "correct horse"});
  EXPECT_TRUE(right.next());
  CameraClient wrong(camera.url(), {"viewer", "battery"});
  EXPECT_NE(wrong.error().find("nauthorized"), std::string::npos);
  ASSERT_EQ(camera.tell("refuse-credentials on"), "ok");
  (void)right.newest();  // the command is obeyed with the next picture
  (void)right.next();
  CameraClient refused(camera.url(), {"viewer", "correct horse"});
  EXPECT_NE(refused.error().find("nauthorized"), std::string::npos);
  EXPECT_EQ(camera.log().find("horse"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(Methods, SimcamLogin, ::testing::Values("basic", "digest"));

TEST(Simcam, SpeaksTlsWithTheCertificateItIsGiven) {
  TempDir directory;
  const std::string make =
      std::string(VEILGATE_SOURCE_DIR) + "/tests/support/make_camera_certificates " + directory.path();
  ASSERT_EQ(std::system(make.c_str()), 0);
  SimcamProcess camera({"--tls-cert", directory / "good.pem", "--tls-key", directory / "good.key"});
  EXPECT_EQ(camera.url().rfind("rtsps://", 0), 0u);
  CameraClient client(camera.url(), {}, directory / "ca.pem");
  EXPECT_TRUE(client.next());
  CameraClient stranger(camera.url());  // knows no authority that signed it
  EXPECT_NE(stranger.error(), "");
}

TEST(Simcam, RefusesFromTheConnectionOnThatWasNamed) {
  TempDir directory;
  std::ofstream(directory / "password") << "correct horse\n";
  SimcamProcess camera({"--user", "viewer", "--password-file", directory / "password", "--fault",
                        "0 refuse-credentials after 1"});
  std::ifstream truth(camera.truth_file());
  for (std::string line; !std::getline(truth, line); truth.clear())
    std::this_thread::sleep_for(20ms);  // it obeys
  CameraClient first(camera.url(), {"viewer", "correct horse"});
  EXPECT_TRUE(first.next());
  CameraClient second(camera.url(), {"viewer", "correct horse"});
  EXPECT_NE(second.error().find("nauthorized"), std::string::npos);
}

TEST(Simcam, ServesAVideoAgainAndAgain) {
  TempDir directory;
  const std::string video = directory / "scene.mp4";
  const std::string render = std::string(std::getenv("VEILGATE_SIMCAM")) +
                             " --size 320x180 --fps 10 --cache none --frames 12 --first-frame 60 --render " +
                             video;
  ASSERT_EQ(std::system(render.c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(directory / "scene_gt.txt"));
  SimcamProcess camera({"--file", video});
  CameraClient client(camera.url());
  std::optional<Picture> first;
  ASSERT_TRUE(sees(client, [&](const Picture& p) { return first = p, p.mean() > 60; }));
  int again = 0;
  EXPECT_TRUE(sees(client, [&](const Picture& p) { return p.difference(*first) < 1.5 && ++again >= 3; }));
}

TEST(Simcam, AnswersWrongCommandsAndGoesOn) {
  SimcamProcess camera;
  EXPECT_EQ(camera.tell("freze on").rfind("error: ", 0), 0u);
  EXPECT_TRUE(nlohmann::json::parse(camera.tell("status")).contains("clients"));
  EXPECT_EQ(camera.tell("quit"), "ok");
}

}  // namespace
}  // namespace veilgate::test
