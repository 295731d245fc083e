#include "lane/worker_protocol.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ipc/strict_json.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

CameraReport sample_report() {
  CameraReport report;
  report.camera = CameraId("east");
  report.source.state = SourceState::kLost;
  report.source.reason = "no_frames";
  report.source.message = "没有画面";
  report.source.width = 1920;
  report.source.height = 1080;
  report.source.codec = "h265";
  report.source.fps = 12.5;
  report.source.frames = 7;
  report.source.last_frame_age = Millis{1234};
  report.chain.events = 3;
  report.mask_revision = "abc";
  report.mask = MaskExtent::kWholeFrame;
  report.view = "ok";
  report.detector = "own";
  return report;
}

FaceResult sample_face() {
  FaceResult face;
  face.id = ResultId("01J00000000000000000000001");
  face.track = TrackId(1);
  face.time = face.decided = face.appeared = face.disappeared = UtcTime{Millis{1'700'000'000'000}};
  face.box = {10, 20, 30, 40};
  face.confidence = 0.9;
  face.sequence = 1;
  return face;
}

/// The message with one change to its JSON.
template <typename Change>
ipc::Message changed(ipc::Message message, Change change) {
  auto object = json::parse(message.json);
  change(object);
  message.json = object.dump();
  return message;
}

TEST(WorkerProtocol, AReportSurvivesTheTrip) {
  const auto back = parse_report(to_message(sample_report()));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->source.message, "没有画面");
  EXPECT_EQ(back->source.last_frame_age, Millis{1234});
  EXPECT_EQ(back->chain.events, 3u);
  EXPECT_EQ(back->mask, MaskExtent::kWholeFrame);
  EXPECT_EQ(to_message(*back), to_message(sample_report()));
}

TEST(WorkerProtocol, AReportWithOneKeyMoreOrLessIsRefusedAtEveryLevel) {
  const auto good = to_message(sample_report());
  EXPECT_FALSE(parse_report(changed(good, [](json& o) { o["name"] = "x"; })));
  for (const char* part : {"source", "chain"}) {
    EXPECT_FALSE(parse_report(changed(good, [&](json& o) { o[part]["similarity"] = 0.5; })));
    const auto keys = json::parse(good.json)[part];
    for (const auto& item : keys.items()) {
      if (item.key() == "last_frame_age_ms") continue;  // optional
      EXPECT_FALSE(parse_report(changed(good, [&](json& o) { o[part].erase(item.key()); }))) << item.key();
      EXPECT_FALSE(parse_report(changed(good, [&](json& o) { o[part][item.key()] = json::array(); }))) << item.key();
    }
  }
}

TEST(WorkerProtocol, ValuesOutOfRangeAreRefused) {
  const auto good = to_message(sample_report());
  const auto with = [&](const char* key, json value) {
    return parse_report(changed(good, [&](json& o) { o["source"][key] = std::move(value); })).has_value();
  };
  EXPECT_TRUE(with("width", 16384));
  EXPECT_FALSE(with("width", 16385));
  EXPECT_FALSE(with("width", -1));
  EXPECT_FALSE(with("fps", -0.1));
  EXPECT_FALSE(with("fps", 1e300));
  EXPECT_FALSE(with("frames", 1e18));
  EXPECT_FALSE(with("state", "excellent"));
  EXPECT_FALSE(with("reason", "Nothing\nhere"));
  EXPECT_FALSE(with("message", "line\nbreak"));
  EXPECT_FALSE(with("message", std::string(401, 'a')));
  EXPECT_FALSE(parse_report(changed(good, [](json& o) { o["camera"] = ""; })));
  EXPECT_FALSE(parse_report(changed(good, [](json& o) { o["camera"] = std::string(65, 'a'); })));
  auto with_body = good;
  with_body.body = {1};
  EXPECT_FALSE(parse_report(with_body));
}

TEST(WorkerProtocol, AResultSurvivesTheTripAndNothingCanBeAddedToIt) {
  const auto good = to_message(WorkerResult{CameraId("east"), sample_face()});
  const auto back = parse_result(good);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(std::get<FaceResult>(back->result).id, sample_face().id);
  EXPECT_FALSE(parse_result(changed(good, [](json& o) { o["template"] = "AAAA"; })));
  auto more = good;
  const std::string text(as_text(good.body));
  const std::string planted = text.substr(0, 1) + "\"similarity\":0.9," + text.substr(1);
  const auto bytes = as_bytes(planted);
  more.body.assign(bytes.begin(), bytes.end());
  EXPECT_FALSE(parse_result(more));
  auto empty = good;
  empty.body.clear();
  EXPECT_FALSE(parse_result(empty));
}

TEST(WorkerProtocol, ATaskSurvivesTheTripWithApprovedDevices) {
  WorkerTask task;
  task.config_name = "/etc/veilgate/veilgate.yaml";
  task.config_text = "version: 1\n";
  task.cameras = {CameraId("east"), CameraId("west")};
  task.credentials_dir = "/run/veilgate/workers/east";
  task.approved[CameraId("east")].mac = "00:11:22:33:44:55";
  const auto back = parse_task(to_message(task));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->config_text, task.config_text);
  EXPECT_EQ(back->cameras, task.cameras);
  EXPECT_EQ(back->approved.at(CameraId("east")).mac, "00:11:22:33:44:55");
}

TEST(WorkerProtocol, OneKindIsNotTakenForAnother) {
  const auto report = to_message(sample_report());
  EXPECT_FALSE(parse_result(report));
  EXPECT_FALSE(parse_task(report));
  EXPECT_FALSE(parse_confirm_view(report));
  EXPECT_TRUE(parse_confirm_view(confirm_view_message(CameraId("east"))));
}

}  // namespace
}  // namespace veilgate::surveillance
