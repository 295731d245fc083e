// The golden messages are in tests/vectors/payload; VEILGATE_WRITE_GOLDEN=1 writes them anew, for a person to
// read.
#include "result/payload.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>

#include "sample_results.h"
#include "support/json_schema.h"

namespace veilgate::surveillance {
namespace {

using Json = nlohmann::ordered_json;

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string golden(const std::string& name, const std::string& made) {
  const std::string path = std::string(VG_VECTORS) + "/payload/" + name + ".json";
  if (std::getenv("VEILGATE_WRITE_GOLDEN")) std::ofstream(path) << Json::parse(made).dump(2) << '\n';
  return Json::parse(read(path)).dump();
}

test::JsonSchema shipped_schema() { return test::JsonSchema(nlohmann::json::parse(read(VG_SCHEMA))); }

void each_key(const Json& json, const std::function<void(const std::string&)>& visit) {
  if (json.is_object())
    for (const auto& [key, value] : json.items()) {
      visit(key);
      each_key(value, visit);
    }
  if (json.is_array())
    for (const auto& value : json) each_key(value, visit);
}

TEST(Payload, IsTheGoldenMessageOfEveryKind) {
  for (const auto& [name, result] : every_kind()) {
    const std::string made = to_payload(result, sample_context());
    EXPECT_EQ(made, golden(name, made)) << name;
  }
}

TEST(Payload, FitsTheShippedSchema) {
  const auto schema = shipped_schema();
  PayloadContext bare = sample_context();
  bare.gat1400_device_id.clear();
  bare.test_source = true;
  bare.clock = ClockState::kUnsynced;
  for (const auto& context : {sample_context(), bare})
    for (const auto& [name, result] : every_kind())
      EXPECT_EQ(schema.check(nlohmann::json::parse(to_payload(result, context))), "") << name;
}

TEST(Payload, TheSchemaRefusesWhatMustNotBe) {
  const auto schema = shipped_schema();
  const auto good = nlohmann::json::parse(to_payload(sample_face(), sample_context()));
  const auto with = [&](auto change) {
    auto copy = good;
    change(copy);
    return schema.check(copy);
  };
  EXPECT_EQ(with([](auto&) {}), "");
  EXPECT_NE(with([](auto& j) { j["age"] = 30; }), "");
  EXPECT_NE(with([](auto& j) { j["face"]["GenderCode"] = 1; }), "");
  EXPECT_NE(with([](auto& j) { j["face"]["IsVictim"] = 1; }), "");            // R-027
  EXPECT_NE(with([](auto& j) { j["face"]["Similaritydegree"] = 0.9; }), "");  // R-015
  EXPECT_NE(with([](auto& j) { j["usage"] = "verification"; }), "");
  EXPECT_NE(with([](auto& j) { j.erase("dedup"); }), "");  // R-020
  EXPECT_NE(with([](auto& j) { j["origin"] = "verification"; }), "");
}

TEST(Payload, Gat1400IdsAreBuiltFromOneAnother) {  // VI-07 … VI-09
  const auto face = Json::parse(to_payload(sample_face(), sample_context()))["face"];
  const std::string source = face["SourceID"], id = face["FaceID"], device = face["DeviceID"];
  EXPECT_EQ(device, "31010400001190000001");
  EXPECT_EQ(source, device + "02" + "20260302001530" + "00042");  // Beijing time: the next day
  EXPECT_EQ(id, source + "06" + "00042");
  EXPECT_EQ(source.size(), 41U);
  EXPECT_EQ(id.size(), 48U);
}

TEST(Payload, WithoutADeviceIdThereAreNoGat1400Ids) {
  PayloadContext context = sample_context();
  context.gat1400_device_id.clear();
  const auto face = Json::parse(to_payload(sample_face(), context))["face"];
  for (const char* key : {"FaceID", "SourceID", "DeviceID"}) EXPECT_FALSE(face.contains(key)) << key;
  EXPECT_EQ(face["IsSuspectedTerrorist"], 2);
}

TEST(Payload, ATestSourceIsMarkedInEveryResult) {
  PayloadContext context = sample_context();
  context.test_source = true;
  for (const auto& [name, result] : every_kind())
    EXPECT_EQ(Json::parse(to_payload(result, context))["test"], true) << name;
}

// FD-04, R-025: no attribute of a person, nothing that infers who it is, in any key of any message.
TEST(Payload, NoForbiddenKeyAppearsAnywhere) {
  const std::vector<std::string> forbidden{
      "age",       "gender",     "sex",       "race",      "ethnic",   "skin",     "complexion", "emotion",
      "mood",      "expression", "health",    "hair",      "glass",    "mask",     "accessor",   "name_of",
      "person_id", "identity",   "similar",   "match",     "template", "feature",  "descriptor", "embedding",
      "vector",    "attitude",   "attribute", "height_cm", "gait",     "reference"};
  int keys = 0;
  for (const auto& [name, result] : every_kind())
    for (const std::string& text :
         {to_payload(result, sample_context()), to_analysis_line(result), encode_transfer(result)})
      if (!text.empty())
        each_key(Json::parse(text), [&](const std::string& key) {
          ++keys;
          std::string lower = key;
          std::transform(lower.begin(), lower.end(), lower.begin(),
                         [](unsigned char c) { return std::tolower(c); });
          if (lower == "usage" || lower == "max_images_per_visit" || lower == "max_images")
            return;  // "age" in another word
          for (const std::string& word : forbidden) EXPECT_EQ(lower.find(word), std::string::npos) << key;
        });
  EXPECT_GT(keys, 100);
}

TEST(AnalysisLine, HasExactlyTheAgreedKeys) {
  const auto keys = [](const std::string& line) {
    std::string all;
    const Json parsed = Json::parse(line);
    for (const auto& [key, value] : parsed.items()) all += key + " ";
    return all;
  };
  EXPECT_EQ(keys(to_analysis_line(sample_face())), "kind id time decided track box dedup ");
  EXPECT_EQ(keys(to_analysis_line(sample_event())),
            "kind id rule type phase zone object class begin end time ");
  EXPECT_EQ(keys(to_analysis_line(sample_crossing())),
            "kind id rule type phase line object class begin end time ");
  EXPECT_EQ(to_analysis_line(sample_dedup()),
            R"({"kind":"dedup","of":"01JQ3Z6M2K0123456789ABCDEF","suppressed_count":3})");
  EXPECT_EQ(
      Json::parse(to_analysis_line(sample_face()))["dedup"].dump(),
      R"({"continuous":{"max_images_per_visit":1},"interrupted":{"window_s":60},"suppressed_count":0})");
  EXPECT_EQ(to_analysis_line(sample_image()), "");
}

TEST(ResultClassOf, ANewEventIsAnAlarmAndADedupLineStaysBehindItsFace) {
  EXPECT_EQ(class_of(sample_event()), ResultClass::kAlarm);
  EXPECT_EQ(class_of(sample_crossing()), ResultClass::kEvent);
  EXPECT_EQ(class_of(sample_face()), ResultClass::kFace);
  EXPECT_EQ(class_of(sample_dedup()), ResultClass::kFace);
  EXPECT_EQ(class_of(sample_image()), ResultClass::kImage);
}

}  // namespace
}  // namespace veilgate::surveillance
