// What real cameras do on bad days, done by a real RTSP server, and what the gateway makes of it.

#include <chrono>

#include <gtest/gtest.h>
#include <signal.h>

#include "media/rtsp_source.h"
#include "support/simcam_process.h"

namespace veilgate::media {
namespace {

using test::SimcamProcess;
using namespace std::chrono_literals;

class RtspFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    mask_ = *PrivacyMask::create({{{"corner", {{0, 0}, {0.3, 0}, {0.3, 0.3}, {0, 0.3}}}}, 16});
    camera_.id = CameraId("gate-east");
    camera_.source.test = true;
    ASSERT_FALSE(simcam_.url().empty()) << "veilgate-simcam did not start";
    camera_.source.rtsp = simcam_.url();
    auto source = RtspSource::create(camera_, *mask_, {});
    ASSERT_TRUE(source) << source.error().message();
    source_ = std::move(*source);
    ASSERT_TRUE(run_until([&] { return frames_ > 2; }, 15s)) << source_->status().message;
  }
  /// Every frame that comes meanwhile must be provably masked.
  template <typename Done>
  bool run_until(Done done, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
      auto frame = source_->next(Millis{20});
      if (!frame) return false;
      if (*frame) {
        auto masked = mask_->apply(std::move(**frame));
        EXPECT_TRUE(masked) << masked.error().message();
        ++frames_;
      }
      if (done()) return true;
    }
    return false;
  }

  SimcamProcess simcam_{{"--script", "empty", "--size", "640x360", "--fps", "15"}};
  std::unique_ptr<PrivacyMask> mask_;
  CameraConfig camera_;
  std::unique_ptr<FrameSource> source_;
  int frames_ = 0;
};

TEST_F(RtspFaultsTest, MasksOnThroughAResolutionChangeInMidStream) {
  ASSERT_TRUE(simcam_.command("size 320x180"));
  EXPECT_TRUE(run_until([&] { return source_->status().width == 320; }, 10s)) << source_->status().message;
  EXPECT_EQ(source_->status().height, 180);
  EXPECT_EQ(source_->status().frames_refused, 0u);
}

TEST_F(RtspFaultsTest, FollowsACodecChange) {
  ASSERT_TRUE(simcam_.command("codec h265"));
  EXPECT_TRUE(run_until([&] { return source_->status().codec == "h265" && source_->status().state == SourceState::kOnline; }, 15s))
      << source_->status().reason;
}

TEST_F(RtspFaultsTest, SurvivesACorruptedStreamAndRecovers) {
  ASSERT_TRUE(simcam_.command("corrupt 0.001"));
  run_until([] { return false; }, 4s);
  ASSERT_TRUE(simcam_.command("corrupt off"));
  const int before = frames_;
  EXPECT_TRUE(run_until([&] { return frames_ > before + 15; }, 10s)) << source_->status().message;
}

TEST_F(RtspFaultsTest, NoticesACameraWhoseClockIsOff) {
  EXPECT_TRUE(run_until([&] { return source_->status().clock_offset.has_value(); }, 10s));
  ASSERT_TRUE(simcam_.command("clock-skew 120"));
  ASSERT_TRUE(simcam_.command("drop"));  // cameras state their clock anew with each session
  EXPECT_TRUE(run_until([&] {
    const auto offset = source_->status().clock_offset;
    return offset && std::abs(offset->count() - 120) <= 2;
  }, 20s)) << (source_->status().clock_offset ? source_->status().clock_offset->count() : -1);
}

TEST_F(RtspFaultsTest, AStoppedProcessIsNoticedWithinThreeSecondsAndBackWithinFive) {
  kill(simcam_.pid(), SIGSTOP);
  EXPECT_TRUE(run_until([&] { return source_->status().reason == "no_frames"; }, 3s));
  run_until([] { return false; }, 10s);
  kill(simcam_.pid(), SIGCONT);
  const int before = frames_;
  EXPECT_TRUE(run_until([&] { return frames_ > before && source_->status().state == SourceState::kOnline; }, 5s))
      << source_->status().reason;
}

TEST_F(RtspFaultsTest, AnEndedStreamIsALossAndTheCameraComesBack) {
  ASSERT_TRUE(simcam_.command("end"));
  EXPECT_TRUE(run_until([&] { return source_->status().reconnects > 0; }, 5s));
  ASSERT_TRUE(simcam_.command("clear"));
  const int before = frames_;
  EXPECT_TRUE(run_until([&] { return frames_ > before; }, 8s)) << source_->status().reason;
}

}  // namespace
}  // namespace veilgate::media
