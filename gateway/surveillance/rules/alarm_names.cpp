#include "rules/alarm_names.h"

#include "core/assert.h"
#include "rules/sighting.h"

namespace veilgate::surveillance {

const AlarmNames& alarm_names(RuleType type) {
  static const AlarmNames intrusion{"禁行闯入", "RuleEngine/FieldDetector/ObjectsInside", "入侵检测报警", 6};
  static const AlarmNames crossing{"禁行闯入", "RuleEngine/LineDetector/Crossed", "绊线检测报警", 5};
  static const AlarmNames stay{"异常滞留", "RuleEngine/LoiteringDetector/ObjectIsLoitering", "徘徊检测报警",
                               8};
  static const AlarmNames loitering{"异常徘徊", "RuleEngine/LoiteringDetector/ObjectIsLoitering",
                                    "徘徊检测报警", 8};
  static const AlarmNames appearance{"出现异常", "RuleEngine/FieldDetector/ObjectsInside", "运动目标检测报警",
                                     2};
  switch (type) {
    case RuleType::kIntrusion:
      return intrusion;
    case RuleType::kLineCrossing:
      return crossing;
    case RuleType::kStay:
      return stay;
    case RuleType::kLoitering:
      return loitering;
    case RuleType::kAbnormalAppearance:
      return appearance;
  }
  VG_ASSERT(false);
}

const char* to_string(EventPhase phase) {
  switch (phase) {
    case EventPhase::kNew:
      return "new";
    case EventPhase::kUpdate:
      return "update";
    case EventPhase::kEnd:
      return "end";
  }
  VG_ASSERT(false);
}

const char* name_of(RuleType type) {
  switch (type) {
    case RuleType::kIntrusion:
      return "intrusion";
    case RuleType::kLineCrossing:
      return "line_crossing";
    case RuleType::kStay:
      return "stay";
    case RuleType::kLoitering:
      return "loitering";
    case RuleType::kAbnormalAppearance:
      return "abnormal_appearance";
  }
  VG_ASSERT(false);
}

}  // namespace veilgate::surveillance
