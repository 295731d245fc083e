#include "result/surveillance_result.h"

namespace veilgate::surveillance {

const char* to_string(ObjectClass object_class) {
  return object_class == ObjectClass::kPerson ? "person" : "object";
}

ResultClass class_of(const SurveillanceResult& result) {
  if (std::holds_alternative<FaceImage>(result)) return ResultClass::kImage;
  if (const auto* event = std::get_if<EventResult>(&result))
    return event->phase == EventPhase::kNew ? ResultClass::kAlarm : ResultClass::kEvent;
  return ResultClass::kFace;  // a dedup line follows its face in the same class, so it cannot overtake it
}

}  // namespace veilgate::surveillance
