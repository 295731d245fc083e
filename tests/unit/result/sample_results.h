#pragma once
// One result of every kind, with values that show up in the golden messages.

#include "result/payload.h"

namespace veilgate::surveillance {

inline UtcTime at(const char* text) { return *parse_utc(text); }

inline PayloadContext sample_context() {
  return {GatewayId{"gw-0001"},   CameraId{"gate-east"}, "public_safety",
          "31010400001190000001", ClockState::kSynced,   false};
}

inline FaceResult sample_face() {
  FaceResult face;
  face.id = ResultId{"01JQ3Z6M2K0123456789ABCDEF"};
  face.track = TrackId{17};
  face.time = at("2026-03-01T16:15:30.123Z");
  face.decided = at("2026-03-01T16:15:31.700Z");
  face.appeared = at("2026-03-01T16:15:29.600Z");
  face.disappeared = at("2026-03-01T16:15:31.600Z");
  face.box = {512.25, 240.5, 88.04, 112.96};
  face.confidence = 0.91234;
  face.sequence = 42;
  face.dedup = {1, Seconds{60}, 0};
  return face;
}

inline EventResult sample_event() {
  EventResult event;
  event.id = ResultId{"01JQ3Z6M2K0123456789ABCDEG"};
  event.rule = "no-entry";
  event.type = RuleType::kIntrusion;
  event.phase = EventPhase::kNew;
  event.zone = "lobby";
  event.object = ObjectId{5};
  event.object_class = ObjectClass::kPerson;
  event.begin = at("2026-03-01T16:15:29.600Z");
  event.time = at("2026-03-01T16:15:29.900Z");
  event.confidence = 1;
  return event;
}

inline EventResult sample_crossing() {
  EventResult event = sample_event();
  event.rule = "gate-in";
  event.type = RuleType::kLineCrossing;
  event.phase = EventPhase::kEnd;
  event.zone.clear();
  event.line = "gate";
  event.object_class = ObjectClass::kObject;
  event.end = at("2026-03-01T16:15:29.600Z");
  return event;
}

inline EventResult sample_stay_anywhere() {
  EventResult event = sample_event();
  event.rule = "stay";
  event.type = RuleType::kStay;
  event.phase = EventPhase::kUpdate;
  event.zone.clear();
  return event;
}

inline DedupResult sample_dedup() {
  return {ResultId{"01JQ3Z6M2K0123456789ABCDEH"}, ResultId{"01JQ3Z6M2K0123456789ABCDEF"},
          at("2026-03-01T16:17:00.000Z"), 3};
}

inline FaceImage sample_image() {
  return {ResultId{"01JQ3Z6M2K0123456789ABCDEJ"},
          ResultId{"01JQ3Z6M2K0123456789ABCDEF"},
          at("2026-03-01T16:15:30.123Z"),
          128,
          160,
          {0xFF, 0xD8, 0xFF, 0xD9, 0x00}};
}

inline std::vector<std::pair<std::string, SurveillanceResult>> every_kind() {
  return {{"face", sample_face()},
          {"event_new", sample_event()},
          {"event_line_end", sample_crossing()},
          {"event_whole_picture_update", sample_stay_anywhere()},
          {"dedup", sample_dedup()},
          {"image", sample_image()}};
}

}  // namespace veilgate::surveillance
