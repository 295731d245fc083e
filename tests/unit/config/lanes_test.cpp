// A camera belongs to one lane: the same device in both, however its address is spelled, is refused.

#include <gtest/gtest.h>

#include "config_text.h"

namespace veilgate {
namespace {

std::string with_station(const std::string& source, const std::string& device, std::string text = sample()) {
  return text + "verification:\n  stations:\n    - id: door-1\n      source: " + source +
         (device.empty() ? "\n" : "\n      device: " + device + "\n");
}

std::vector<std::string> codes(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& problem : parse_config(text, "t").problems) out.push_back(problem.code);
  return out;
}

const std::vector<std::string> kRefused{"camera_in_both_lanes"};

TEST(Lanes, AnotherDeviceIsFine) {
  EXPECT_EQ(codes(with_station("{ rtsp: \"rtsps://10.0.3.99/stream2\", credentials: door-1.camera }", "")),
            std::vector<std::string>{});
}

TEST(Lanes, TheSameHostIsRefusedHoweverItIsSpelled) {
  for (const char* url : {"rtsps://10.0.3.21/stream2", "rtsp://10.0.3.21/stream1", "RTSP://10.0.3.21:8554/x",
                          "rtsp://[::ffff:10.0.3.21]/x", "rtsp://[0:0:0:0:0:ffff:a00:315]/x"})
    EXPECT_EQ(codes(with_station("{ rtsp: \"" + std::string(url) + "\", credentials: c }", "")), kRefused)
        << url;
  const auto named = with(sample(), "rtsps://10.0.3.21", "rtsps://Cam-21.Example");
  EXPECT_EQ(codes(with_station("{ rtsp: \"rtsp://cam-21.example./other\", credentials: c }", "", named)),
            kRefused);
}

TEST(Lanes, TheSameDeviceIdentityIsRefused) {
  const auto pinned = [](const char* device) {
    return with(sample(), "      environment: inside",
                "      device: " + std::string(device) + "\n      environment: inside");
  };
  const std::string elsewhere = "{ rtsp: \"rtsps://10.0.3.99/x\", credentials: c }";
  EXPECT_EQ(codes(with_station(elsewhere, "{ mac: \"00:00:5E:00:53:31\" }",
                               pinned("{ mac: \"00:00:5e:00:53:31\" }"))),
            kRefused);
  EXPECT_EQ(codes(with_station(elsewhere, "{ onvif_serial: abc-1 }", pinned("{ onvif_serial: ABC-1 }"))),
            kRefused);
  const std::string hash(64, 'a'), upper(64, 'A');
  EXPECT_EQ(codes(with_station(elsewhere, "{ certificate_sha256: " + upper + " }",
                               pinned(("{ certificate_sha256: " + hash + " }").c_str()))),
            kRefused);
  EXPECT_EQ(codes(with_station(elsewhere, "{ mac: \"00:00:5e:00:53:32\" }",
                               pinned("{ mac: \"00:00:5e:00:53:31\" }"))),
            std::vector<std::string>{});
}

TEST(Lanes, OnLoopbackTheStreamCounts) {
  const auto local =
      with(sample(), "rtsps://10.0.3.21/stream2\"", "rtsp://127.0.0.1:8554/lobby\", test: true");
  EXPECT_EQ(codes(with_station("{ rtsp: \"rtsp://127.0.0.1:8555/lobby\", test: true }", "", local)),
            std::vector<std::string>{});
  EXPECT_EQ(codes(with_station("{ rtsp: \"rtsp://127.0.0.1:8554/LOBBY/\", test: true }", "", local)),
            kRefused);
}

TEST(Lanes, TheSameLocalDeviceOrFileIsRefused) {
  const std::string rtsp = "rtsp: \"rtsps://10.0.3.21/stream2\", credentials: gate-east.camera";
  EXPECT_EQ(codes(with_station("{ v4l2: /dev/video0 }", "", with(sample(), rtsp, "v4l2: /dev/video0"))),
            kRefused);
  EXPECT_EQ(
      codes(with_station("{ file: a.mp4, test: true }", "", with(sample(), rtsp, "file: a.mp4, test: true"))),
      kRefused);
}

}  // namespace
}  // namespace veilgate
