// The lane's parent with real worker processes (tests/support/test_worker.cpp) and a fake uplink on a real socket.

#include "lane/lane_parent.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/site_config.h"
#include "support/temp_dir.h"

namespace veilgate::surveillance {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Kind = LaneParent::Happening::Kind;

/// Passes the payload through, so that the test sees what would be sealed; one checkpoint at the end.
class OpenSealing final : public Sealing {
 public:
  Result<std::vector<ipc::Submission>> seal(const Message& message) override {
    return std::vector<ipc::Submission>{{message.topic, to_string(message.message_class), message.payload}};
  }
  Result<std::vector<ipc::Submission>> tick() override { return std::vector<ipc::Submission>{}; }
  Result<std::vector<ipc::Submission>> finish() override {
    return std::vector<ipc::Submission>{{"t/chain", "status", {'e', 'n', 'd'}}};
  }
  std::optional<MonoTime> due() const override { return std::nullopt; }
};

class LaneParentTest : public testing::Test {
 protected:
  void TearDown() override {
    if (parent_) stop();
  }
  void write_config(const std::string& text) { std::ofstream(config_file()) << text; }
  std::string config_file() const { return dir_ / "site.yaml"; }
  std::string runtime() const { return dir_.path(); }

  void serve_uplink() {
    auto server = ipc::Server::create(*loop_, {runtime() + "/uplink.sock", {}, 64, 0600},
                                      [this](const ipc::Peer&, ipc::Message&& request, ipc::Responder responder) {
                                        auto submission = ipc::parse_submission(std::move(request));
                                        if (!submission) return responder.send(ipc::refused(submission.error()));
                                        if (silent_) return;
                                        if (uplink_answer_) return responder.send(*uplink_answer_);
                                        received_.push_back(std::move(*submission));
                                        responder.send(ipc::accepted());
                                      });
    ASSERT_TRUE(server) << server.error().message();
    uplink_ = std::move(*server);
  }
  void start(test::SiteText site) {
    write_config(test::site_text(site));
    auto candidate = accept_config(config_file());
    for (const auto& problem : candidate.problems) EXPECT_EQ(problem.severity, Severity::kWarning) << problem.message;
    ASSERT_TRUE(candidate.accepted);
    LaneParent::Settings settings{runtime(), dir_ / "state", dir_ / "credentials", {VG_TEST_WORKER, {}}, bounds_};
    auto parent = LaneParent::create(*loop_, std::move(settings), std::move(*candidate.accepted),
                                     std::make_unique<OpenSealing>(), clock_,
                                     [this](const auto& happening) { happenings_.push_back(happening); });
    ASSERT_TRUE(parent) << parent.error().message();
    parent_ = std::move(*parent);
  }
  void stop() {
    bool stopped = false;
    parent_->stop([&] { stopped = true; });
    EXPECT_TRUE(turn_until([&] { return stopped; }));
    parent_.reset();
  }
  template <typename Condition>
  bool turn_until(Condition condition, Millis limit = 15s) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop_->turn(20ms);
    }
    return true;
  }
  json status() { return json::parse(parent_->status_json()); }
  json camera(const std::string& id) {
    const json all = status();
    for (const auto& shown : all["cameras"])
      if (shown["id"] == id) return shown;
    return nullptr;
  }
  bool online(const std::string& id) { return camera(id)["state"] == "online"; }
  /// Event payloads of a camera that reached the uplink.
  std::size_t events(const std::string& id) {
    std::size_t count = 0;
    for (const auto& s : received_) count += s.topic.find("/surveillance/" + id + "/events") != std::string::npos;
    return count;
  }
  bool happened(Kind kind) {
    return std::any_of(happenings_.begin(), happenings_.end(), [&](const auto& h) { return h.kind == kind; });
  }
  /// Asks the parent's own socket, as the command line does.
  ipc::Message ask(ipc::Message request) {
    ipc::Client client(*loop_, runtime() + "/surveillance.sock", {});
    EXPECT_TRUE(turn_until([&] { return client.connected(); }));
    std::optional<ipc::Message> answer;
    client.request(std::move(request), 10s, [&](Result<ipc::Message> got) { answer = got ? *got : ipc::Message{}; });
    EXPECT_TRUE(turn_until([&] { return answer.has_value(); }));
    return answer.value_or(ipc::Message{});
  }

  test::TempDir dir_;
  SystemClock clock_;
  std::unique_ptr<ipc::EventLoop> loop_ = *ipc::EventLoop::create();
  std::unique_ptr<ipc::Server> uplink_;
  std::optional<ipc::Message> uplink_answer_;
  bool silent_ = false;  ///< takes submissions and never answers
  std::vector<ipc::Submission> received_;
  std::vector<LaneParent::Happening> happenings_;
  SubmitQueue::Bounds bounds_{.answer_deadline = 2s, .retry_after = 20ms};
  std::unique_ptr<LaneParent> parent_;
};

TEST_F(LaneParentTest, HandsAWorkersResultToTheUplinkAsPayloadOfItsCamera) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return events("good-1") == 1; }));
  const auto found = std::find_if(received_.begin(), received_.end(), [](const auto& s) {
    return s.topic == "veilgate/v1/demo/gw-test/surveillance/good-1/events";
  });
  ASSERT_NE(found, received_.end());
  const auto payload = json::parse(as_text(found->envelope));
  EXPECT_EQ(found->message_class, "alarm");
  EXPECT_EQ(payload["camera"], "good-1");
  EXPECT_EQ(payload["origin"], "surveillance");
  EXPECT_EQ(payload["usage"], "analysis_only_not_for_verification");
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  EXPECT_TRUE(status()["ok"]);
  EXPECT_EQ(camera("good-1")["events"]["intrusion"], 1);
}

TEST_F(LaneParentTest, LastResultsAndCheckpointReachTheUplinkOnAStop) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1", "good-2"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1") && online("good-2"); }));
  stop();
  EXPECT_EQ(events("good-1"), 2u);
  EXPECT_EQ(events("good-2"), 2u);
  EXPECT_EQ(received_.back().topic, "t/chain");
}

TEST_F(LaneParentTest, WhatAWorkerSaidBeforeItEndedIsHeardAfterwards) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"burst-1"}}));
  ASSERT_TRUE(turn_until([&] { return online("burst-1"); }));
  const pid_t pid = camera("burst-1")["worker"]["pid"];
  bool stopped = false;
  parent_->stop([&] { stopped = true; });
  siginfo_t ended{};  // the loop does not turn meanwhile: everything is still in the socket
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT), 0);
  ASSERT_TRUE(turn_until([&] { return stopped; }));
  parent_.reset();
  EXPECT_EQ(events("burst-1"), 150u);
}

TEST_F(LaneParentTest, AKilledWorkerComesBackAndTheOthersNoticeNothing) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1", "good-2"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1") && online("good-2"); }));
  const pid_t victim = camera("good-1")["worker"]["pid"], other = camera("good-2")["worker"]["pid"];
  kill(victim, SIGKILL);
  ASSERT_TRUE(turn_until([&] { return camera("good-1")["state"] == "lost"; }));
  EXPECT_EQ(camera("good-1")["reason"], "worker_not_running");
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  EXPECT_EQ(camera("good-1")["worker"]["restarts"], 1);
  EXPECT_EQ(camera("good-2")["worker"]["pid"], other);
  EXPECT_EQ(camera("good-2")["worker"]["restarts"], 0);
  EXPECT_TRUE(happened(Kind::kCameraLost));
}

TEST_F(LaneParentTest, AWorkerThatAlwaysEndsIsHeldByTheBrakeAndSaysSo) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"crash-1", "good-1"}}));
  ASSERT_TRUE(turn_until([&] { return camera("crash-1")["state"] == "held"; }, 50s));
  EXPECT_EQ(camera("crash-1")["reason"], "restart_brake");
  EXPECT_EQ(camera("crash-1")["worker"]["restarts"], 5);
  EXPECT_NE(camera("crash-1")["message"].get<std::string>().find("exit code 3"), std::string::npos);
  EXPECT_FALSE(status()["ok"]);
  EXPECT_TRUE(online("good-1"));
}

TEST_F(LaneParentTest, AWorkerThatBreaksTheProtocolIsEndedAndCounted) {
  for (const std::string behaviour : {"garbage", "liar", "schema"}) {
    received_.clear();
    serve_uplink();
    ASSERT_NO_FATAL_FAILURE(start({.cameras = {behaviour + "-1"}}));
    ASSERT_TRUE(turn_until([&] { return camera(behaviour + "-1")["worker"]["violations"] >= 1; })) << behaviour;
    ASSERT_TRUE(turn_until([&] { return camera(behaviour + "-1")["worker"]["last_end"] == "signal 9"; })) << behaviour;
    EXPECT_EQ(events("good-1") + events(behaviour + "-1"), 0u) << behaviour;
    stop();
    uplink_.reset();
  }
}

TEST_F(LaneParentTest, AFloodOfResultsIsLimitedCountedAndTheWorkerStays) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"flood-1"}}));
  ASSERT_TRUE(turn_until([&] { return camera("flood-1")["worker"]["rate_limited"] > 0 && online("flood-1"); }));
  EXPECT_EQ(camera("flood-1")["worker"]["restarts"], 0);
  EXPECT_LT(events("flood-1"), 400u);
}

TEST_F(LaneParentTest, ResultsWaitInMemoryWhileTheUplinkIsAwayAndAreAcceptedAfterwards) {
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1") && status()["submit"]["waiting"] == 1; }));
  EXPECT_FALSE(status()["submit"]["connected"]);
  EXPECT_FALSE(status()["ok"]);
  EXPECT_EQ(status()["submit"]["accepted"], 0);
  serve_uplink();
  ASSERT_TRUE(turn_until([&] { return status()["submit"]["waiting"] == 0; }));
  EXPECT_EQ(events("good-1"), 1u);
}

TEST_F(LaneParentTest, AFullOutboxIsTriedAgainUntilItTakesTheResult) {
  uplink_answer_ = ipc::refused({ErrorCode::kExhausted, "outbox full"});
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  EXPECT_EQ(status()["submit"]["accepted"], 0);
  uplink_answer_.reset();
  EXPECT_TRUE(turn_until([&] { return events("good-1") == 1; }));
}

TEST_F(LaneParentTest, AnUplinkThatDiesBeforeItsAnswerGetsTheResultAgain) {
  silent_ = true;
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return uplink_->counters().messages >= 1; }));
  uplink_.reset();
  silent_ = false;
  serve_uplink();
  EXPECT_TRUE(turn_until([&] { return events("good-1") == 1; }));
}

TEST_F(LaneParentTest, ABacklogBeyondItsBoundsIsDroppedAndCounted) {
  bounds_.max_messages = 5;
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"flood-1"}}));
  ASSERT_TRUE(turn_until([&] { return status()["submit"]["dropped"]["alarm"] > 0; }));
  EXPECT_EQ(status()["submit"]["waiting"], 5);
  ASSERT_TRUE(turn_until([&] { return happened(Kind::kRecordsDropped); }));
  EXPECT_FALSE(status()["ok"]);
}

TEST_F(LaneParentTest, ABacklogLosesImagesFirstAndAlarmsLast) {
  bounds_.max_messages = 3;
  SubmitQueue queue(*loop_, runtime() + "/uplink.sock", std::make_unique<OpenSealing>(), bounds_);
  for (const auto klass : {MessageClass::kAlarm, MessageClass::kImage, MessageClass::kEvent, MessageClass::kFace,
                           MessageClass::kStatus, MessageClass::kAlarm})
    queue.add({klass, "c", "t", "id", "application/json", {'x'}});
  serve_uplink();
  ASSERT_TRUE(turn_until([&] { return queue.waiting() == 0; }));
  std::vector<std::string> classes;
  for (const auto& s : received_) classes.push_back(s.message_class);
  EXPECT_EQ(classes, (std::vector<std::string>{"alarm", "alarm", "event"}));
  EXPECT_EQ(queue.counters().dropped_total(), 3u);
  EXPECT_EQ(queue.counters().accepted, 3u);
}

TEST_F(LaneParentTest, SharedWorkersPutAllCamerasIntoOneProcess) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1", "good-2"}, .workers = "shared"}));
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  EXPECT_EQ(camera("good-1")["worker"]["pid"], camera("good-2")["worker"]["pid"]);
}

TEST_F(LaneParentTest, ABrokenFileNeverReplacesARunningOne) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  const auto pid = camera("good-1")["worker"]["pid"];
  write_config("version: 1\nsite: [\n");
  parent_->reload();
  EXPECT_TRUE(happened(Kind::kConfigRefused));
  EXPECT_FALSE(status()["config"]["refused"].empty());
  EXPECT_FALSE(status()["ok"]);
  EXPECT_EQ(camera("good-1")["worker"]["pid"], pid);
  // A worker that starts again gets the running configuration, not the broken file.
  kill(pid, SIGKILL);
  ASSERT_TRUE(turn_until([&] { return !online("good-1"); }));
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  write_config(test::site_text({.cameras = {"good-1"}}));
  parent_->reload();
  EXPECT_TRUE(status()["config"]["refused"].empty());
}

TEST_F(LaneParentTest, AReloadStartsAddedCamerasEndsRemovedOnesAndLeavesTheRest) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1", "good-2"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1") && online("good-2"); }));
  const auto pid = camera("good-1")["worker"]["pid"];
  write_config(test::site_text({.cameras = {"good-1", "good-3"}}));
  parent_->reload();
  ASSERT_TRUE(turn_until([&] { return online("good-3"); }));
  EXPECT_EQ(camera("good-1")["worker"]["pid"], pid);
  EXPECT_EQ(status()["cameras"].size(), 2u);
  EXPECT_TRUE(camera("good-2").is_null());
}

TEST_F(LaneParentTest, AReloadSaysWhatNeedsARestart) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  write_config(test::site_text({.cameras = {"good-1"}, .broker = "mqtts://127.0.0.1:2"}));
  parent_->reload();
  EXPECT_FALSE(status()["config"]["restart_needed"].empty());
}

TEST_F(LaneParentTest, ApprovalIsRecordedAndGivenToTheWorker) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  const auto pid = camera("good-1")["worker"]["pid"];
  const std::string pin(64, 'a');
  const auto request = [](const std::string& id, const std::string& sha) {
    return ipc::Message{"approve", 0,
                        json{{"camera", id}, {"certificate_sha256", sha}, {"onvif_serial", ""}, {"mac", ""}}.dump(), {}};
  };
  EXPECT_EQ(ask(request("good-1", pin)).kind, "accepted");
  EXPECT_EQ(ask(request("nobody", pin)).kind, "refused");
  EXPECT_EQ(ask(request("good-1", "")).kind, "refused");
  EXPECT_TRUE(happened(Kind::kCameraAdmitted));
  ASSERT_TRUE(turn_until([&] { return online("good-1") && camera("good-1")["worker"]["pid"] != pid; }));
  const auto approved = DeviceApprovals(dir_ / "state").find(CameraId("good-1"));
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->certificate_sha256, pin);
}

TEST_F(LaneParentTest, AShiftedViewStaysUnconfirmedOverRestartsUntilAPersonConfirms) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"turned-1"}}));
  ASSERT_TRUE(turn_until([&] { return camera("turned-1")["view"] == "shifted"; }));
  EXPECT_TRUE(happened(Kind::kViewShifted));
  stop();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"turned-1"}}));
  ASSERT_TRUE(turn_until([&] { return camera("turned-1")["view"] == "unconfirmed"; }));
  const auto answer = ask({"confirm_view", 0, R"({"camera":"turned-1"})", {}});
  EXPECT_TRUE(happened(Kind::kViewConfirmed)) << answer.json;
  stop();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"turned-1"}}));
  EXPECT_TRUE(turn_until([&] { return camera("turned-1")["view"] == "shifted"; })) << "the confirmation was not kept";
  stop();
}

TEST_F(LaneParentTest, AnswersStatusAndRefusesWhatItDoesNotKnow) {
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}}));
  const auto answer = ask(ipc::status_request());
  EXPECT_EQ(json::parse(answer.json)["process"], "surveillance");
  EXPECT_EQ(ask(ipc::Message{"format_disk", 0, {}, {}}).kind, "refused");
}

TEST_F(LaneParentTest, AWorkerSeesItsOwnCredentialsOnly) {
  std::filesystem::create_directory(dir_ / "credentials");
  for (const std::string name : {"good-1.camera", "other.camera"}) {
    std::ofstream(dir_ / "credentials" + ("/" + name)) << "user\nsecret\n";
    chmod((dir_ / "credentials" + ("/" + name)).c_str(), 0600);
  }
  serve_uplink();
  ASSERT_NO_FATAL_FAILURE(start({.cameras = {"good-1"}, .source = "rtsp: \"rtsp://127.0.0.1:1/x\", credentials: good-1.camera"}));
  const std::string view = runtime() + "/workers/good-1";
  ASSERT_TRUE(turn_until([&] { return online("good-1"); }));
  std::vector<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(view)) seen.push_back(entry.path().filename());
  EXPECT_EQ(seen, std::vector<std::string>{"good-1.camera"});
  stop();
  EXPECT_FALSE(std::filesystem::exists(view));
}

}  // namespace
}  // namespace veilgate::surveillance
