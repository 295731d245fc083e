// The command itself, on a video made here: the picture it writes is black in the zone and not elsewhere.
#include <sys/wait.h>

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../media/test_videos.h"
#include "core/exit_code.h"

namespace veilgate::surveillance {
namespace {

using test::TemporaryFolder;
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
        - { id: window, polygon: [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]] }
      rules:
        - { id: any, type: abnormal_appearance, schedule: "Mon-Sun 00:00-24:00" }
uplink: { brokers: ["mqtts://127.0.0.1:8883"], tls_profile: intl, topic_prefix: veilgate/v1 }
)";

class MaskPreview : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_.file("config.yaml")) << kConfig;
    test::launch_to_end("videotestsrc num-buffers=5 pattern=white ! video/x-raw,format=I420,width=160,height=120 ! "
                        "x264enc ! h264parse ! mp4mux ! filesink location=" + folder_.file("video.mp4"));
  }
  int run(const std::string& arguments) {
    const std::string command = "LANG=C LC_ALL=C " VEILGATE_BIN_DIR "/veilgate-surveillance mask-preview " + arguments +
                                " > " + folder_.file("said") + " 2>&1";
    const int status = std::system(command.c_str());
    std::stringstream text;
    text << std::ifstream(folder_.file("said")).rdbuf();
    said_ = text.str();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string config() const { return "--config " + folder_.file("config.yaml") + " "; }

  TemporaryFolder folder_;
  std::string said_;
};

TEST_F(MaskPreview, WritesThePictureBehindTheMask) {
  const std::string png = folder_.file("out.png"), raw = folder_.file("out.raw");
  ASSERT_EQ(run(config() + "--camera cam --frame 3 " + png), kExitOk) << said_;
  test::launch_to_end("filesrc location=" + png + " ! pngdec ! videoconvert ! video/x-raw,format=BGR ! filesink location=" + raw);
  std::stringstream bytes;
  bytes << std::ifstream(raw, std::ios::binary).rdbuf();
  const std::string pixels = bytes.str();
  ASSERT_EQ(pixels.size(), 160U * 120 * 3);
  const auto green = [&](int x, int y) { return static_cast<unsigned char>(pixels[(y * 160 + x) * 3 + 1]); };
  EXPECT_GT(green(30, 60), 230);
  EXPECT_LT(green(120, 60), 3);
  EXPECT_LT(green(70, 60), 3) << "the margin of 16 pixels is not covered";
}

TEST_F(MaskPreview, SaysWhatIsWrong) {
  EXPECT_EQ(run(config() + "--camera nobody " + folder_.file("o.png")), kExitUsage);
  EXPECT_THAT(said_, HasSubstr("nobody"));
  EXPECT_EQ(run(config() + "--camera cam --frame 99 " + folder_.file("o.png")), kExitNoInput);
  EXPECT_THAT(said_, HasSubstr("only 5 frames"));
  EXPECT_EQ(run(config() + "--camera cam --input /absent.mp4 " + folder_.file("o.png")), kExitNoInput);
  EXPECT_EQ(run("--config /absent.yaml --camera cam " + folder_.file("o.png")), kExitNoInput);
  EXPECT_EQ(run("--camera cam"), kExitUsage);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("o.png")));
}

}  // namespace
}  // namespace veilgate::surveillance
