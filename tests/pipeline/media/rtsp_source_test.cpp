#include "media/rtsp_source.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/rtsp_camera.h"

namespace veilgate::media {
namespace {

using test::RtspCamera;
using test::RtspCameraOptions;
using namespace std::chrono_literals;

class RtspSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/veilgate-rtsp-XXXXXX";
    folder_ = mkdtemp(name);
    mask_ = *PrivacyMask::create({});
    camera_.id = CameraId("gate-east");
    camera_.source.test = true;
    options_.credentials_dir = folder_;
    timing_.reconnect.first_wait = 200ms;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void open(const std::string& url) {
    camera_.source.rtsp = url;
    auto source = RtspSource::create(camera_, *mask_, options_, timing_);
    ASSERT_TRUE(source) << source.error().message();
    source_ = std::move(*source);
  }
  void write_credentials(const std::string& user, const std::string& password) {
    camera_.source.credentials = "gate-east.camera";
    const std::string path = folder_ + "/gate-east.camera";
    std::ofstream(path) << user << "\n" << password << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  /// Runs the source until `done` says so; false when it does not within `limit`.
  template <typename Done>
  bool run_until(Done done, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
      auto frame = source_->next(Millis{20});
      if (!frame) return false;
      if (*frame) ++frames_;
      if (done()) return true;
    }
    return false;
  }
  bool online_within(std::chrono::milliseconds limit) {
    const int before = frames_;
    return run_until([&] { return frames_ > before && source_->status().state == SourceState::kOnline; }, limit);
  }
  bool reason_within(const std::string& reason, std::chrono::milliseconds limit) {
    return run_until([&] { return source_->status().reason == reason; }, limit);
  }

  std::string folder_;
  std::unique_ptr<PrivacyMask> mask_;
  CameraConfig camera_;
  OpenOptions options_;
  RtspTiming timing_;
  std::unique_ptr<FrameSource> source_;
  int frames_ = 0;
};

TEST_F(RtspSourceTest, GivesFramesOfEachCodecOverTcpAndIgnoresAudio) {
  for (const char* codec : {"h264", "h265", "mjpeg"}) {
    RtspCameraOptions options;
    options.codec = codec;
    options.audio = true;
    RtspCamera camera(options);
    open(camera.url());
    ASSERT_TRUE(online_within(8s)) << codec << ": " << source_->status().message;
    EXPECT_EQ(source_->status().codec, codec);
    EXPECT_EQ(source_->status().width, 320);
    source_.reset();
  }
}

TEST_F(RtspSourceTest, GivesFramesOverUdp) {
  RtspCamera camera;
  camera_.source.transport = SourceConfig::Transport::kUdp;
  open(camera.url());
  EXPECT_TRUE(online_within(8s)) << source_->status().message;
}

TEST_F(RtspSourceTest, LogsInFromTheCredentialFile) {
  RtspCameraOptions options;
  options.authentication = RtspCameraOptions::Authentication::kDigest;
  options.password = "s3cret-pass";
  RtspCamera camera(options);
  write_credentials("viewer", "s3cret-pass");
  open(camera.url());
  EXPECT_TRUE(online_within(8s)) << source_->status().message;
  EXPECT_EQ(camera.refused_logins(), 0);
}

TEST_F(RtspSourceTest, TriesRefusedCredentialsTwiceThenHoldsUntilTheyChange) {
  RtspCameraOptions options;
  options.authentication = RtspCameraOptions::Authentication::kDigest;
  options.password = "right-pass";
  RtspCamera camera(options);
  write_credentials("viewer", "wrong-pass");
  testing::internal::CaptureStderr();
  open(camera.url());
  ASSERT_TRUE(run_until([&] { return source_->status().state == SourceState::kHeld; }, 8s));
  EXPECT_EQ(source_->status().reason, "credentials_refused");
  run_until([] { return false; }, 2s);  // stays on hold
  EXPECT_EQ(camera.refused_logins(), 2);
  const SourceStatus held = source_->status();

  write_credentials("viewer", "right-pass");
  EXPECT_TRUE(online_within(8s)) << source_->status().message;
  EXPECT_EQ(camera.refused_logins(), 2);
  const std::string log = testing::internal::GetCapturedStderr();
  for (const auto& text : {held.message, held.message_zh, log}) {
    EXPECT_EQ(text.find("wrong-pass"), std::string::npos);
    EXPECT_EQ(text.find("right-pass"), std::string::npos);
  }
}

TEST_F(RtspSourceTest, NoticesAHalfDeadCameraWithinThreeSecondsAndItsReturnWithinFive) {
  RtspCamera camera;
  open(camera.url());
  ASSERT_TRUE(online_within(8s)) << source_->status().message;
  camera.set_silent(true);
  EXPECT_TRUE(reason_within("no_frames", 3200ms));
  EXPECT_EQ(source_->status().state, SourceState::kLost);
  run_until([] { return false; }, 12s);  // longer than the patience: connections are built anew meanwhile
  camera.set_silent(false);
  EXPECT_TRUE(online_within(5s)) << source_->status().message;
}

TEST_F(RtspSourceTest, ComesBackAfterTheCameraEndedAndStartedAgain) {
  auto camera = std::make_unique<RtspCamera>();
  RtspCameraOptions again;
  again.port = camera->port();
  open(camera->url());
  ASSERT_TRUE(online_within(8s));
  camera.reset();
  ASSERT_TRUE(run_until([&] { return source_->status().state != SourceState::kOnline; }, 3s));
  ASSERT_TRUE(reason_within("connection_refused", 5s)) << source_->status().reason;
  camera = std::make_unique<RtspCamera>(again);
  EXPECT_TRUE(online_within(5s)) << source_->status().message;
  EXPECT_GE(source_->status().reconnects, 1u);
}

TEST_F(RtspSourceTest, BrakesACameraThatDropsEveryConnection) {
  RtspCamera camera;
  timing_.reconnect.first_wait = 50ms;
  open(camera.url());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(online_within(8s)) << i << ": " << source_->status().message;
    camera.drop_clients();
    ASSERT_TRUE(run_until([&] { return source_->status().state != SourceState::kOnline; }, 5s)) << i;
  }
  EXPECT_EQ(source_->status().state, SourceState::kHeld);
  EXPECT_EQ(source_->status().reason, "restart_brake");
}

TEST_F(RtspSourceTest, RefusesADeviceThatNobodyApproved) {
  camera_.source.test = false;
  RtspCamera camera;
  open(camera.url());
  ASSERT_TRUE(reason_within("device_not_approved", 5s)) << source_->status().reason;
  EXPECT_EQ(source_->status().state, SourceState::kHeld);
  EXPECT_EQ(camera.plays(), 0) << "no media session before admission";
}

TEST_F(RtspSourceTest, AdmitsThePinnedCertificateAndRefusesAnother) {
  ASSERT_EQ(std::system((std::string(VEILGATE_SOURCE_DIR) + "/tests/support/make_camera_certificates " + folder_).c_str()), 0);
  RtspCameraOptions options;
  options.certificate_pem = folder_ + "/self.pem";
  options.key_pem = folder_ + "/self.key";
  RtspCamera camera(options);
  camera_.source.test = false;
  camera_.source.ca = folder_ + "/ca.pem";
  camera_.device.certificate_sha256 = std::string(64, 'a');
  open(camera.url());
  ASSERT_TRUE(reason_within("certificate_differs", 5s)) << source_->status().reason;
  EXPECT_EQ(camera.plays(), 0);

  camera_.device.certificate_sha256 = source_->status().device_certificate_sha256;
  open(camera.url());
  EXPECT_TRUE(online_within(8s)) << source_->status().reason << " " << source_->status().message;
}

TEST_F(RtspSourceTest, ReadsTheCamerasClock) {
  RtspCamera camera;
  open(camera.url());
  ASSERT_TRUE(online_within(8s));
  ASSERT_TRUE(source_->status().clock_offset);
  EXPECT_LE(std::abs(source_->status().clock_offset->count()), 2);
}

}  // namespace
}  // namespace veilgate::media
