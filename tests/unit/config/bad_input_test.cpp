// One wrong thing in a good file gives one problem, at the right line and key path, with the right code.

#include <gtest/gtest.h>

#include "config_text.h"

namespace veilgate {
namespace {

struct BadInput {
  const char* name;
  const char* from;  // exactly once in the sample
  const char* to;
  const char* code;
  const char* path;
  const char* line;  // a text on the line that must be named, in the changed file
  const char* says;  // part of the English message
};

#define CAMERA "surveillance.cameras[0]"

// clang-format off
const BadInput kBadInputs[] = {
    // keys
    {"UnknownKey", "      purpose: public", "      porpose: public", "unknown_key", CAMERA ".porpose", "porpose:", "did you mean `purpose`?"},
    {"UnknownKeyFarFromAny", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, colour: red }", "unknown_key", "gateway.colour", "gateway:", "known here: id"},
    {"MisplacedKey", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, brokers: [] }", "unknown_key", "gateway.brokers", "gateway:", "it belongs under uplink"},
    {"KeyOfTheTopLevel", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, retention: {} }", "unknown_key", "gateway.retention", "gateway:", "belongs to the top level"},
    {"DuplicateKey", "  timezone: Asia/Shanghai", "  timezone: Asia/Shanghai\n  timezone: UTC", "duplicate_key", "site.timezone", "timezone: UTC", "already given in line 8"},
    {"DuplicateKeyInFlow", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, id: gw-0002 }", "duplicate_key", "gateway.id", "gateway:", "already given"},
    {"MissingKey", "gateway: { id: gw-0001 }", "gateway: {}", "missing_key", "gateway.id", "gateway:", "`id` is missing"},
    {"MissingSection", "gateway: { id: gw-0001 }\n", "", "missing_key", "gateway", "version: 1", "`gateway` is missing"},
    {"MissingEnvironment", "      environment: inside\n", "", "missing_key", CAMERA ".environment", "- id: gate-east", "`environment` is missing"},
    {"MergeKey", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, <<: {} }", "merge_key", "<<", "gateway:", "merge keys"},
    {"Tag", "id: estate-07", "id: !secret estate-07", "tag", "", "!secret", "tags"},
    {"Anchor", "id: estate-07", "id: &x estate-07", "anchor", "", "&x", "anchors"},
    {"KeyIsAList", "gateway: { id: gw-0001 }", "gateway: { id: gw-0001, [a]: 1 }", "key_not_text", "", "gateway:", "plain text"},
    {"Tab", "site:\n", "site: \t\n", "tab", "", "site:", "spaces"},
    {"Syntax", "  kind: residential", "  kind: \"residential", "syntax", "", "", "not valid YAML"},
    {"SecondDocument", "uplink: {", "---\nuplink: {", "second_document", "", "uplink:", "one YAML document"},
    // types
    {"ListInsteadOfMap", "gateway: { id: gw-0001 }", "gateway: [gw-0001]", "wrong_type", "gateway", "gateway:", "keys and values"},
    {"MapInsteadOfList", "      zones:\n        - { id: lobby,", "      zones:\n          { id: lobby,", "wrong_type", CAMERA ".zones", "zones:", "expected a list"},
    {"MapInsteadOfText", "name: 东门", "name: { zh: 东门 }", "wrong_type", CAMERA ".name", "东门", "single value"},
    {"EmptyValue", "name: 东门", "name:", "empty_value", CAMERA ".name", "name:\n", "empty"},
    {"NullValue", "name: 东门", "name: ~", "empty_value", CAMERA ".name", "name: ~", "empty"},
    {"WordForNumber", "min_face_px: 24", "min_face_px: small", "wrong_type", "surveillance.defaults.detector.min_face_px", "small", "a whole number from 8 to 1024"},
    {"QuotedNumber", "min_face_px: 24", "min_face_px: \"24\"", "wrong_type", "surveillance.defaults.detector.min_face_px", "min_face_px", "whole number"},
    {"OctalNumber", "min_face_px: 24", "min_face_px: 030", "wrong_type", "surveillance.defaults.detector.min_face_px", "030", "whole number"},
    {"YesIsNoSwitch", "credentials: gate-east.camera }", "credentials: gate-east.camera, test: yes }", "wrong_type", CAMERA ".source.test", "test: yes", "true or false"},
    {"OutOfRange", "max_images_per_visit: 1", "max_images_per_visit: 11", "out_of_range", "surveillance.defaults.dedup.continuous.max_images_per_visit", ": 11", "from 1 to 10"},
    {"Version", "version: 1", "version: 2", "out_of_range", "version", "version: 2", "expected 1"},
    {"TooLong", "necessity: 出入口秩序", "necessity: 01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x", "too_long", CAMERA ".necessity", "necessity", "at most 200"},
    {"UnknownWord", "kind: residential", "kind: residental", "unknown_value", "site.kind", "residental", "did you mean `residential`?"},
    {"UnknownLocation", "location_class: entrance", "location_class: entrence", "unknown_value", CAMERA ".location_class", "entrence", "did you mean `entrance`?"},
    // notations
    {"DurationWithoutUnit", "threshold: 15s", "threshold: 15", "bad_duration", CAMERA ".rules[2].threshold", "id: stay", "such as 500ms"},
    {"DurationTooShort", "threshold: 15s", "threshold: 500ms", "out_of_range", CAMERA ".rules[2].threshold", "id: stay", "from 1s to 1d"},
    {"WindowInMilliseconds", "window: 60s", "window: 1500ms", "bad_duration", "surveillance.defaults.dedup.interrupted.window", "window", "whole seconds"},
    {"Schedule", "Mon-Fri 22:00-06:00", "Mon-Fri 22:00-06:60", "bad_schedule", CAMERA ".rules[4].schedule", "06:60", "days and hours"},
    {"TimeZone", "Asia/Shanghai", "Asia/Shanghaii", "unknown_timezone", "site.timezone", "Shanghaii", "tz database"},
    {"IdWithPlus", "id: estate-07", "id: estate+07", "bad_id", "site.id", "estate+07", "never + # /"},
    {"IdWithSlash", "- id: gate-east", "- id: gate/east", "bad_id", CAMERA ".id", "gate/east", "never + # /"},
    {"IdWithHash", "{ id: gw-0001 }", "{ id: \"gw#1\" }", "bad_id", "gateway.id", "gw#1", "never + # /"},
    {"TopicPrefixWithWildcard", "veilgate/v1", "veilgate/+", "bad_topic", "uplink.topic_prefix", "veilgate/+", "never + # $"},
    {"DeviceId", "31010400001190000001", "3101040000119000000", "bad_form", CAMERA ".gat1400.device_id", "gat1400", "20 digits"},
    {"Capture", "      images: none ", "      capture: later\n      images: none ", "unknown_value", CAMERA ".capture", "capture", "on_leave"},
    // addresses
    {"SecretInUrl", "rtsps://10.0.3.21", "rtsps://admin:Hunter2@10.0.3.21", "secret_in_file", CAMERA ".source.rtsp", "Hunter2", "change that password"},
    {"SecretInPath", "/stream2", "/user=admin_password=Hunter2_channel=1.sdp", "secret_in_file", CAMERA ".source.rtsp", "Hunter2", "change that password"},
    {"SecretKey", "credentials: gate-east.camera", "password: Hunter2", "secret_in_file", CAMERA ".source.password", "Hunter2", "credentials directory"},
    {"HttpCamera", "rtsps://10.0.3.21", "http://10.0.3.21", "bad_url", CAMERA ".source.rtsp", "http:", "rtsp://host"},
    {"PlainBroker", "mqtts://", "mqtt://", "bad_url", "uplink.brokers[0]", "mqtt://", "mqtts://host"},
    {"BrokerPath", "127.0.0.1:8883", "127.0.0.1:8883/x", "bad_url", "uplink.brokers[0]", "8883/x", "mqtts://host"},
    {"BrokerPort", ":8883", ":88830", "bad_url", "uplink.brokers[0]", "88830", "port"},
    {"RelativeCa", "credentials: gate-east.camera }", "credentials: gate-east.camera, ca: ca.pem }", "path_not_absolute", CAMERA ".source.ca", "ca.pem", "absolute"},
    {"CaWithoutTls", "rtsp: \"rtsps://10.0.3.21/stream2\"", "rtsp: \"rtsp://10.0.3.21/stream2\", ca: /etc/ca.pem", "key_does_not_apply", CAMERA ".source.ca", "ca.pem", "rtsps://"},
    {"TwoSources", "source: { rtsp", "source: { file: a.mp4, rtsp", "one_source", CAMERA ".source", "source:", "exactly one"},
    {"NoSource", "rtsp: \"rtsps://10.0.3.21/stream2\", credentials", "credentials", "one_source", CAMERA ".source", "source:", "exactly one"},
    {"FileIsNoCamera", "source: { rtsp: \"rtsps://10.0.3.21/stream2\", credentials: gate-east.camera }", "source: { file: a.mp4 }", "file_is_test", CAMERA ".source.file", "a.mp4", "test: true"},
    {"LoopOfACamera", "credentials: gate-east.camera }", "credentials: gate-east.camera, loop: true }", "key_does_not_apply", CAMERA ".source.loop", "loop", "file only"},
    {"PipelineName", "credentials: gate-east.camera }", "credentials: gate-east.camera, pipeline: x.txt }", "bad_path", CAMERA ".source.pipeline", "x.txt", ".pipeline"},
    // shapes
    {"PointOutside", "[0.62, 0.30]", "[0.62, 1.30]", "outside_picture", CAMERA ".privacy_masks[0].polygon[3]", "1.30", "from 0 to 1"},
    {"PointOfOneNumber", "[0.62, 0.30]", "[0.62]", "bad_point", CAMERA ".privacy_masks[0].polygon[3]", "neighbour", "[x, y]"},
    {"PointNan", "[0.62, 0.30]", "[0.62, .nan]", "bad_point", CAMERA ".privacy_masks[0].polygon[3]", "nan", "[x, y]"},
    {"TwoPointPolygon", "[[0.62, 0.05], [0.80, 0.05], [0.80, 0.30], [0.62, 0.30]]", "[[0.62, 0.05], [0.80, 0.05]]", "bad_polygon", CAMERA ".privacy_masks[0].polygon", "neighbour", "this has 2"},
    {"CrossedPolygon", "[0.80, 0.05], [0.80, 0.30]", "[0.80, 0.30], [0.80, 0.05]", "bad_polygon", CAMERA ".privacy_masks[0].polygon", "neighbour", "crosses itself"},
    {"SpikePolygon", "[0.80, 0.05], [0.80, 0.30], [0.62, 0.30]", "[0.80, 0.05], [0.70, 0.05], [0.62, 0.30]", "bad_polygon", CAMERA ".privacy_masks[0].polygon", "neighbour", "crosses itself"},
    {"RepeatedPoint", "[0.80, 0.30], [0.62, 0.30]]", "[0.80, 0.30], [0.62, 0.05]]", "bad_polygon", CAMERA ".privacy_masks[0].polygon", "neighbour", "closes by itself"},
    {"PointLine", "[[0.50, 0.90], [0.50, 0.20]]", "[[0.50, 0.90], [0.50, 0.90]]", "bad_line", CAMERA ".lines[0].points", "id: gate,", "two different points"},
    {"ThreePointLine", "[[0.50, 0.90], [0.50, 0.20]]", "[[0.50, 0.90], [0.50, 0.20], [0.1, 0.1]]", "bad_line", CAMERA ".lines[0].points", "id: gate,", "two different points"},
    // references
    {"UnknownZone", "type: stay, zone: lobby", "type: stay, zone: loby", "unknown_reference", CAMERA ".rules[2].zone", "loby", "did you mean `lobby`?"},
    {"UnknownLine", "line: gate, direction", "line: garden, direction", "unknown_reference", CAMERA ".rules[1].line", "garden", "defined: gate"},
    {"DuplicateRule", "- { id: pacing", "- { id: stay", "duplicate_id", CAMERA ".rules[3].id", "min_passes", "already used in line"},
    {"UnknownReport", "      environment: inside", "      device: { test_report: r1 }\n      environment: inside", "unknown_reference", CAMERA ".device.test_report", "r1", "none is defined"},
    {"LineCrossingWithoutLine", "line: gate, direction", "direction", "missing_key", CAMERA ".rules[1].line", "gate-in", "needs `line`"},
    {"StayWithoutThreshold", "zone: lobby, threshold: 15s,", "zone: lobby,", "missing_key", CAMERA ".rules[2].threshold", "id: stay", "needs `threshold`"},
    {"PassesOfAStay", "threshold: 15s,", "threshold: 15s, min_passes: 2,", "key_does_not_apply", CAMERA ".rules[2].min_passes", "id: stay", "no meaning"},
    {"DirectionOfAZone", "type: stay, zone", "type: stay, direction: both, zone", "key_does_not_apply", CAMERA ".rules[2].direction", "id: stay", "no meaning"},
    {"MinAboveMax", "{ max: 180d", "{ min: 181d, max: 180d", "min_above_max", "retention.results", "181d", "longer"},
    {"NoPeriod", "{ max: 180d, basis", "{ basis", "missing_key", "retention.results", "results:", "min and max"},
};
// clang-format on

class OneWrongThing : public testing::TestWithParam<BadInput> {};

TEST_P(OneWrongThing, GivesOneProblemAtItsPlace) {
  const BadInput& bad = GetParam();
  const std::string text = with(sample(), bad.from, bad.to);
  const auto loaded = parse_config(text, "t");
  EXPECT_FALSE(loaded.config);
  ASSERT_FALSE(loaded.problems.empty());
  const auto& problem = loaded.problems.front();
  EXPECT_EQ(problem.code, bad.code) << listed(loaded);
  EXPECT_EQ(problem.path, bad.path) << listed(loaded);
  if (*bad.line) {
    EXPECT_EQ(problem.line, line_of(text, bad.line)) << listed(loaded);
  }
  EXPECT_NE(problem.message.find(bad.says), std::string::npos) << problem.message;
  EXPECT_EQ(loaded.problems.size(), 1u) << listed(loaded);
  for (const auto& p : loaded.problems) {
    EXPECT_EQ((p.message + p.message_zh + p.path).find("Hunter2"), std::string::npos)
        << "a password is repeated";
    EXPECT_NE(p.message_zh, p.message);
    EXPECT_FALSE(p.message_zh.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Config, OneWrongThing, testing::ValuesIn(kBadInputs),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

TEST(BadInput, AllProblemsComeAtOnceInFileOrder) {
  std::string text = with(sample(), "kind: residential", "kind: castle");
  text = with(text, "      notice_ref: notice-2026-03\n", "");
  text = with(text, "threshold: 15s", "threshold: soon");
  text = with(text, "mqtts://", "mqtt://");
  const auto loaded = parse_config(text, "t");
  ASSERT_EQ(loaded.problems.size(), 4u) << listed(loaded);
  EXPECT_EQ(loaded.problems[0].path, "site.kind");
  EXPECT_EQ(loaded.problems[1].path, CAMERA ".notice_ref");
  EXPECT_EQ(loaded.problems[2].path, CAMERA ".rules[2].threshold");
  EXPECT_EQ(loaded.problems[3].path, "uplink.brokers[0]");
  EXPECT_TRUE(std::is_sorted(loaded.problems.begin(), loaded.problems.end(),
                             [](const Problem& a, const Problem& b) { return a.line < b.line; }));
}

TEST(BadInput, TheSecondOfTwoEqualCamerasIsNamed) {
  std::string text = sample();
  const auto begin = text.find("    - id: gate-east"), end = text.find("uplink:");
  text.insert(end, text.substr(begin, end - begin));
  const auto loaded = parse_config(text, "t");
  ASSERT_EQ(loaded.problems.size(), 2u) << listed(loaded);
  EXPECT_EQ(loaded.problems[0].code, "duplicate_id");
  EXPECT_EQ(loaded.problems[0].path, "surveillance.cameras[1].id");
  EXPECT_EQ(loaded.problems[1].code, "same_stream_twice");
  EXPECT_EQ(loaded.problems[1].severity, Severity::kWarning);
}

TEST(BadInput, ATestSourceOnTheNetworkIsAWarning) {
  const auto loaded =
      parse_config(with(sample(), "gate-east.camera }", "gate-east.camera, test: true }"), "t");
  ASSERT_EQ(loaded.problems.size(), 1u) << listed(loaded);
  EXPECT_EQ(loaded.problems[0].code, "test_source_on_network");
  EXPECT_TRUE(loaded.config);
}

}  // namespace
}  // namespace veilgate
