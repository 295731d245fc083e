#include "rules/alarm_names.h"

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

TEST(AlarmNames, MapEveryRuleTypeToOnvifAndGbt28181) {
  EXPECT_STREQ(alarm_names(RuleType::kIntrusion).onvif_topic, "RuleEngine/FieldDetector/ObjectsInside");
  EXPECT_STREQ(alarm_names(RuleType::kLineCrossing).onvif_topic, "RuleEngine/LineDetector/Crossed");
  EXPECT_STREQ(alarm_names(RuleType::kStay).onvif_topic, "RuleEngine/LoiteringDetector/ObjectIsLoitering");
  EXPECT_EQ(alarm_names(RuleType::kIntrusion).gbt28181_type, 6);
  EXPECT_EQ(alarm_names(RuleType::kLineCrossing).gbt28181_type, 5);
  EXPECT_STREQ(alarm_names(RuleType::kLoitering).gbt28181_name, "徘徊检测报警");
  EXPECT_STREQ(alarm_names(RuleType::kAbnormalAppearance).name_zh, "出现异常");
}

TEST(AlarmNames, NeverUseTheRecognitionTopic) {  // ON-09, R-015
  for (const RuleType type : {RuleType::kIntrusion, RuleType::kLineCrossing, RuleType::kStay,
                              RuleType::kLoitering, RuleType::kAbnormalAppearance})
    EXPECT_EQ(std::string(alarm_names(type).onvif_topic).find("Recognition"), std::string::npos);
}

}  // namespace
}  // namespace veilgate::surveillance
