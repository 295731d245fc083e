#include "media/rtsp_preflight.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/rtsp_camera.h"

namespace veilgate::media {
namespace {

using test::RtspCamera;
using test::RtspCameraOptions;

class RtspPreflightTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    char name[] = "/tmp/veilgate-certificates-XXXXXX";
    folder_ = mkdtemp(name);
    ASSERT_EQ(std::system((std::string(VEILGATE_SOURCE_DIR) + "/tests/support/make_camera_certificates " + folder_).c_str()), 0);
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  PreflightReport look(const std::string& url, CameraCredentials credentials = {}, CameraTrust* trust = nullptr) {
    return rtsp_preflight({url, std::move(credentials), trust, Millis{3000}}, clock_);
  }
  PreflightReport look_tls(const std::string& certificate, const std::string& ca, const std::string& pin = "") {
    RtspCameraOptions options;
    options.certificate_pem = folder_ + "/" + certificate + ".pem";
    options.key_pem = folder_ + "/" + certificate + ".key";
    RtspCamera camera(options);
    auto trust = CameraTrust::create(ca.empty() ? ca : folder_ + "/" + ca, pin);
    EXPECT_TRUE(trust) << trust.error().message();
    return look(camera.url(), {}, trust->get());
  }

  static inline std::string folder_;
  SystemClock clock_;
};

TEST_F(RtspPreflightTest, PassesAnOpenCameraAndNamesCodecAndTracks) {
  RtspCameraOptions options;
  options.audio = true;
  RtspCamera camera(options);
  const auto report = look(camera.url());
  EXPECT_EQ(report.stage, PreflightStage::kPassed) << report.message;
  EXPECT_EQ(report.video_codec, "h264");
  EXPECT_EQ(report.video_tracks, 1);
  EXPECT_EQ(report.audio_tracks, 1);
  EXPECT_EQ(report.authentication, "none");
  ASSERT_TRUE(report.clock_offset);
  EXPECT_LE(std::abs(report.clock_offset->count()), 2);
}

TEST_F(RtspPreflightTest, NamesMjpegAndH265) {
  RtspCameraOptions options;
  options.codec = "mjpeg";
  EXPECT_EQ(look(RtspCamera(options).url()).video_codec, "mjpeg");
  options.codec = "h265";
  EXPECT_EQ(look(RtspCamera(options).url()).video_codec, "h265");
}

TEST_F(RtspPreflightTest, TellsAClosedPortFromAnUnknownName) {
  int port = 0;
  { port = RtspCamera().port(); }
  EXPECT_EQ(look("rtsp://127.0.0.1:" + std::to_string(port) + "/x").reason, "connection_refused");
  EXPECT_EQ(look("rtsp://camera.invalid/x").reason, "name_unresolved");
}

TEST_F(RtspPreflightTest, TellsAWrongPath) {
  RtspCamera camera;
  const auto report = look("rtsp://127.0.0.1:" + std::to_string(camera.port()) + "/no-such-stream");
  EXPECT_EQ(report.stage, PreflightStage::kStream);
  EXPECT_EQ(report.reason, "stream_not_found");
}

TEST_F(RtspPreflightTest, LogsInByDigestAndBasic) {
  RtspCameraOptions options;
  options.password = "right";
  for (const auto method : {RtspCameraOptions::Authentication::kDigest, RtspCameraOptions::Authentication::kBasic}) {
    options.authentication = method;
    RtspCamera camera(options);
    EXPECT_EQ(look(camera.url(), {"viewer", "right"}).stage, PreflightStage::kPassed);
    EXPECT_EQ(camera.refused_logins(), 0);
    const auto missing = look(camera.url());
    EXPECT_EQ(missing.reason, "credentials_missing");
    const auto wrong = look(camera.url(), {"viewer", "wr0ng-secret"});
    EXPECT_EQ(wrong.reason, "credentials_refused");
    EXPECT_EQ(camera.refused_logins(), 1);
    EXPECT_EQ(wrong.message.find("wr0ng-secret"), std::string::npos);
  }
}

TEST_F(RtspPreflightTest, AcceptsAGoodCertificateAndReportsItsFingerprint) {
  const auto report = look_tls("good", "ca.pem");
  EXPECT_EQ(report.stage, PreflightStage::kPassed) << report.reason;
  EXPECT_TRUE(report.certificate.seen);
  EXPECT_EQ(report.certificate.sha256.size(), 64u);
}

TEST_F(RtspPreflightTest, TellsTheTlsFailuresApart) {
  EXPECT_EQ(look_tls("other", "ca.pem").reason, "tls_wrong_name");
  EXPECT_EQ(look_tls("expired", "ca.pem").reason, "tls_expired");
  EXPECT_EQ(look_tls("good", "").reason, "tls_unknown_ca");
  EXPECT_EQ(look_tls("self", "ca.pem").reason, "tls_unknown_ca");
}

TEST_F(RtspPreflightTest, APinAcceptsExactlyThatCertificate) {
  const auto unpinned = look_tls("self", "ca.pem");
  ASSERT_EQ(unpinned.certificate.sha256.size(), 64u);  // seen, though refused
  EXPECT_EQ(look_tls("self", "ca.pem", unpinned.certificate.sha256).stage, PreflightStage::kPassed);
  EXPECT_EQ(look_tls("good", "ca.pem", unpinned.certificate.sha256).reason, "certificate_differs");
}

TEST_F(RtspPreflightTest, SaysThatAPlainPortDoesNotSpeakTls) {
  RtspCamera camera;
  auto trust = CameraTrust::create("", "");
  const auto report = look("rtsps://127.0.0.1:" + std::to_string(camera.port()) + "/stream2", {}, trust->get());
  EXPECT_EQ(report.stage, PreflightStage::kTls);
  EXPECT_EQ(report.reason, "tls_failed");
}

}  // namespace
}  // namespace veilgate::media
