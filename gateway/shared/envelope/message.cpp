#include "envelope/message.h"

namespace veilgate {

const char* to_string(Lane lane) {
  switch (lane) {
    case Lane::kSurveillance:
      return "surveillance";
    case Lane::kVerification:
      return "verification";
    case Lane::kUplink:
      return "uplink";
  }
  return "unknown";
}

const char* to_string(MessageClass klass) {
  switch (klass) {
    case MessageClass::kAlarm:
      return "alarm";
    case MessageClass::kEvent:
      return "event";
    case MessageClass::kFace:
      return "face";
    case MessageClass::kImage:
      return "image";
    case MessageClass::kStatus:
      return "status";
  }
  return "unknown";
}

const char* to_string(RecordType type) {
  switch (type) {
    case RecordType::kSession:
      return "session";
    case RecordType::kData:
      return "data";
    case RecordType::kCheckpoint:
      return "checkpoint";
    case RecordType::kGap:
      return "gap";
  }
  return "unknown";
}

std::optional<Lane> lane_from(std::string_view text) {
  for (const auto lane : {Lane::kSurveillance, Lane::kVerification, Lane::kUplink})
    if (text == to_string(lane)) return lane;
  return std::nullopt;
}

std::optional<MessageClass> class_from(std::string_view text) {
  for (const auto klass : kAllClasses)
    if (text == to_string(klass)) return klass;
  return std::nullopt;
}

}  // namespace veilgate
