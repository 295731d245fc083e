#include "result/payload.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "result/base64.h"
#include "rules/alarm_names.h"

namespace veilgate::surveillance {
namespace {

using Json = nlohmann::ordered_json;

double tenth(double value) { return std::round(value * 10) / 10; }
double thousandth(double value) { return std::round(value * 1000) / 1000; }

Json box_json(const Box& box) {
  return {{"x", tenth(box.x)}, {"y", tenth(box.y)}, {"w", tenth(box.w)}, {"h", tenth(box.h)}};
}

Json dedup_json(const AppliedDedup& dedup) {
  return {{"continuous", {{"max_images_per_visit", dedup.max_images_per_visit}}},
          {"interrupted", {{"window_s", dedup.window.count()}}},
          {"suppressed_count", dedup.suppressed_count}};
}

/// yyyyMMddHHmmss in Beijing time, which GA/T 1400 objects use whatever the site's zone.
std::string gat_time(UtcTime time) {
  const std::string iso = format_utc(time + std::chrono::hours{8});
  return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + iso.substr(11, 2) + iso.substr(14, 2) +
         iso.substr(17, 2);
}

std::string five_digits(std::uint32_t sequence) {
  const std::string digits = std::to_string(sequence % 100000);
  return std::string(5 - digits.size(), '0') + digits;
}

/// The GA/T 1400 face object: geometry, times and the five Is* = 2 (不确定); no attribute of the person.
Json gat_face(const FaceResult& face, const std::string& device_id) {
  Json object;
  if (!device_id.empty()) {
    const std::string source = device_id + "02" + gat_time(face.time) + five_digits(face.sequence);
    object["FaceID"] = source + "06" + five_digits(face.sequence);
    object["SourceID"] = source;
    object["DeviceID"] = device_id;
  }
  object["InfoKind"] = 1;  // captured automatically
  object["LeftTopX"] = std::lround(face.box.x);
  object["LeftTopY"] = std::lround(face.box.y);
  object["RightBtmX"] = std::lround(face.box.right());
  object["RightBtmY"] = std::lround(face.box.bottom());
  object["FaceAppearTime"] = gat_time(face.appeared);
  object["FaceDisAppearTime"] = gat_time(face.disappeared);
  for (const char* key :
       {"IsSuspectedTerrorist", "IsCriminalInvolved", "IsDetainees", "IsVictim", "IsSuspiciousPerson"})
    object[key] = 2;
  return object;
}

void put_place(Json& json, const EventResult& event) {
  if (event.type == RuleType::kLineCrossing)
    json["line"] = event.line;
  else
    json["zone"] = event.zone.empty() ? Json(nullptr) : Json(event.zone);
}

void put_event(Json& json, const EventResult& event) {
  json["rule"] = event.rule;
  json["type"] = name_of(event.type);
  json["phase"] = to_string(event.phase);
  put_place(json, event);
  json["object"] = event.object.get();
  json["class"] = to_string(event.object_class);
  json["begin"] = format_utc(event.begin);
  json["end"] = event.end ? Json(format_utc(*event.end)) : Json(nullptr);
}

struct Head {
  const char* kind;
  const ResultId& id;
  UtcTime time;
};

Head head_of(const SurveillanceResult& result) {
  if (const auto* face = std::get_if<FaceResult>(&result)) return {"face", face->id, face->time};
  if (const auto* event = std::get_if<EventResult>(&result)) return {"event", event->id, event->time};
  if (const auto* dedup = std::get_if<DedupResult>(&result)) return {"dedup", dedup->id, dedup->time};
  const auto& image = std::get<FaceImage>(result);
  return {"image", image.id, image.time};
}

void put_body(Json& json, const SurveillanceResult& result, const PayloadContext& context) {
  if (const auto* face = std::get_if<FaceResult>(&result)) {
    json["decided"] = format_utc(face->decided);
    json["track"] = face->track.get();
    json["box"] = box_json(face->box);
    json["confidence"] = thousandth(face->confidence);
    json["dedup"] = dedup_json(face->dedup);
    json["face"] = gat_face(*face, context.gat1400_device_id);
  } else if (const auto* event = std::get_if<EventResult>(&result)) {
    const AlarmNames& names = alarm_names(event->type);
    put_event(json, *event);
    json["confidence"] = thousandth(event->confidence);
    json["name"] = names.name_zh;
    json["onvif_topic"] = names.onvif_topic;
    json["gbt28181"] = {{"AlarmMethod", kGbt28181AlarmMethodVideo},
                        {"AlarmType", names.gbt28181_type},
                        {"name", names.gbt28181_name}};
  } else if (const auto* dedup = std::get_if<DedupResult>(&result)) {
    json["of"] = dedup->of.get();
    json["suppressed_count"] = dedup->suppressed_count;
  } else {
    const auto& image = std::get<FaceImage>(result);
    json["of"] = image.of.get();
    json["Type"] = "11";  // GA/T 1400 SubImageInfo: face crop; 14, the scene, does not exist here
    json["FileFormat"] = "Jpeg";
    json["Width"] = image.width;
    json["Height"] = image.height;
    json["Data"] = to_base64(image.jpeg);
  }
}

}  // namespace

std::string to_payload(const SurveillanceResult& result, const PayloadContext& context) {
  const Head head = head_of(result);
  Json json;
  json["id"] = head.id.get();
  json["schema"] = kPayloadSchema;
  json["gateway"] = context.gateway.get();
  json["camera"] = context.camera.get();
  json["time"] = format_utc(head.time);
  json["clock"] = veilgate::to_string(context.clock);
  json["kind"] = head.kind;
  json["origin"] = "surveillance";
  json["purpose"] = context.purpose;
  json["usage"] = "analysis_only_not_for_verification";
  if (context.test_source) json["test"] = true;
  put_body(json, result, context);
  return json.dump();
}

std::string to_analysis_line(const SurveillanceResult& result) {
  Json json;
  if (const auto* face = std::get_if<FaceResult>(&result)) {
    json = {{"kind", "face"},
            {"id", face->id.get()},
            {"time", format_utc(face->time)},
            {"decided", format_utc(face->decided)},
            {"track", face->track.get()},
            {"box", box_json(face->box)},
            {"dedup", dedup_json(face->dedup)}};
  } else if (const auto* event = std::get_if<EventResult>(&result)) {
    json = {{"kind", "event"}, {"id", event->id.get()}};
    put_event(json, *event);
    json["time"] = format_utc(event->time);
  } else if (const auto* dedup = std::get_if<DedupResult>(&result)) {
    json = {{"kind", "dedup"}, {"of", dedup->of.get()}, {"suppressed_count", dedup->suppressed_count}};
  } else {
    return {};
  }
  return json.dump();
}

}  // namespace veilgate::surveillance
