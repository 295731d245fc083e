#include "lane/camera_board.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace veilgate::surveillance {
namespace {

using namespace std::chrono_literals;

class CameraBoardTest : public testing::Test {
 protected:
  void SetUp() override {
    CameraConfig camera;
    camera.id = id_;
    board_.set_cameras({camera});
    link_ = std::make_unique<WorkerLink>(*loop_, "w", std::set<CameraId>{id_},
                                         WorkerProgram{"sleep", {"1000"}}, WorkerLink::Callbacks{[this] {
                                           WorkerTask task;
                                           task.cameras = {id_};
                                           return task;
                                         }, nullptr, nullptr, nullptr});
    link_->start();
    clock_.advance(1h);
  }
  void report(SourceState state, std::optional<Millis> age) {
    CameraReport report;
    report.camera = id_;
    report.source.state = state;
    report.source.last_frame_age = age;
    board_.on_report(std::move(report), clock_.monotonic());
  }
  SourceStatus status() { return board_.status_of(id_, link_.get(), clock_.monotonic()); }

  const CameraId id_{"east"};
  std::unique_ptr<ipc::EventLoop> loop_ = std::move(*ipc::EventLoop::create());
  CameraBoard board_;
  std::unique_ptr<WorkerLink> link_;
  FakeClock clock_;
};

TEST_F(CameraBoardTest, OnlineNeedsAFreshReportOfAFreshFrame) {
  EXPECT_EQ(status().reason, "worker_starting");
  report(SourceState::kOnline, 100ms);
  EXPECT_EQ(status().state, SourceState::kOnline);
  clock_.advance(CameraBoard::kOnlineLimit - 100ms);
  EXPECT_EQ(status().state, SourceState::kOnline);
  clock_.advance(1ms);
  EXPECT_EQ(status().state, SourceState::kLost);
  EXPECT_EQ(status().reason, "no_frames");
  EXPECT_EQ(status().last_frame_age, CameraBoard::kOnlineLimit + 1ms);
}

TEST_F(CameraBoardTest, AWorkerThatClaimsOnlineWithoutAFrameIsNotBelieved) {
  report(SourceState::kOnline, std::nullopt);
  EXPECT_EQ(status().state, SourceState::kLost);
  report(SourceState::kOnline, CameraBoard::kOnlineLimit + 1ms);
  EXPECT_EQ(status().state, SourceState::kLost);
}

TEST_F(CameraBoardTest, ASilentWorkersLastWordIsNotTheTruth) {
  report(SourceState::kOnline, 0ms);
  clock_.advance(CameraBoard::kOnlineLimit + 1ms);
  EXPECT_EQ(status().reason, "worker_silent");
}

TEST_F(CameraBoardTest, WhyAHeldCameraIsHeldIsPassedOn) {
  CameraReport report;
  report.camera = id_;
  report.source.state = SourceState::kHeld;
  report.source.reason = "credentials_refused";
  board_.on_report(std::move(report), clock_.monotonic());
  EXPECT_EQ(board_.to_json(id_, link_.get(), clock_.monotonic())["reason"], "credentials_refused");
}

TEST_F(CameraBoardTest, NoWorkerNoCamera) {
  report(SourceState::kOnline, 0ms);
  EXPECT_EQ(board_.status_of(id_, nullptr, clock_.monotonic()).state, SourceState::kLost);
}

}  // namespace
}  // namespace veilgate::surveillance
