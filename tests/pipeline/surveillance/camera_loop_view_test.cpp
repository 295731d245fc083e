// A camera that is turned while it runs: the worker covers the whole picture until a person confirms the view.
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "../media/test_videos.h"
#include "surveillance/camera_loop.h"

namespace veilgate::surveillance {
namespace {

constexpr int kWidth = 320, kHeight = 184, kFps = 8;

/// Boxes of all shades; the camera looks at the part that begins at `dx`.
test::TestPicture wall(int dx, unsigned noise_seed) {
  static const std::vector<int> world = [] {
    std::vector<int> shades(480 * kHeight, 120);
    std::mt19937 random(5);
    for (int i = 0; i < 200; ++i) {
      const int x0 = static_cast<int>(random() % 480), y0 = static_cast<int>(random() % kHeight);
      const int w = 4 + static_cast<int>(random() % 40), h = 4 + static_cast<int>(random() % 30);
      const int shade = 30 + static_cast<int>(random() % 190);
      for (int y = y0; y < std::min(kHeight, y0 + h); ++y)
        for (int x = x0; x < std::min(480, x0 + w); ++x) shades[y * 480 + x] = shade;
    }
    return shades;
  }();
  std::mt19937 random(noise_seed);
  return test::luma_picture(kWidth, kHeight,
                            [&](int x, int y) { return world[y * 480 + x + dx] + static_cast<int>(random() % 5); });
}

class CameraLoopView : public ::testing::Test {
 protected:
  CameraLoop::Settings settings() {
    CameraLoop::Settings settings;
    settings.camera.id = CameraId("turned");
    settings.camera.source.file = folder_.file("turned.mp4");
    settings.camera.source.test = true;
    settings.camera.detector.kind = DetectorKind::kHog;
    settings.timezone = "Asia/Shanghai";
    return settings;
  }
  CameraLoop::Outlets outlets() {
    return {[](WorkerResult&&) { return Result<void>{}; },
            [this](const CameraReport& report) {
              const std::lock_guard lock(mutex_);
              last_ = report;
              changed_.notify_all();
            }};
  }
  bool wait_for(const std::function<bool(const CameraReport&)>& wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(40), [&] { return last_ && wanted(*last_); });
  }
  test::TemporaryFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<CameraReport> last_;
};

TEST_F(CameraLoopView, AShiftedViewIsCoveredUntilAPersonConfirmsIt) {
  test::encode_pictures(11 * kFps, kFps, [](int i) { return wall(i < 5 * kFps ? 0 : 60, static_cast<unsigned>(i)); },
                        "x264enc quantizer=18 pass=quant ! h264parse ! mp4mux ! filesink location=" +
                            folder_.file("turned.mp4"));
  CameraLoop loop(settings(), outlets());
  std::thread thread([&] { loop.run(); });
  EXPECT_TRUE(wait_for([](const auto& r) { return r.view == "good" && r.mask == MaskExtent::kZones; }));
  EXPECT_TRUE(wait_for([](const auto& r) { return r.view == "shifted" && r.mask == MaskExtent::kWholeFrame; }));
  loop.confirm_view();
  EXPECT_TRUE(wait_for([](const auto& r) { return r.view == "learning" && r.mask == MaskExtent::kZones; }));
  loop.stop();
  thread.join();
}

TEST_F(CameraLoopView, AnUnconfirmedViewIsCoveredFromTheFirstFrameAfterARestart) {
  test::encode_pictures(3 * kFps, kFps, [](int i) { return wall(0, static_cast<unsigned>(i)); },
                        "x264enc ! h264parse ! mp4mux ! filesink location=" + folder_.file("turned.mp4"));
  CameraLoop::Settings restarted = settings();
  restarted.view_unconfirmed = true;
  CameraLoop loop(std::move(restarted), outlets());
  std::thread thread([&] { loop.run(); });
  EXPECT_TRUE(wait_for([](const auto& r) { return r.source.frames > 0; }));
  {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(last_->mask, MaskExtent::kWholeFrame);
    EXPECT_EQ(last_->view, "shifted");
  }
  loop.stop();
  thread.join();
}

}  // namespace
}  // namespace veilgate::surveillance
