// What a camera's rules look at: zones, lines, and the rules themselves; how faces are found and reported.

#include "config/sections_scene.h"

#include "config/field_bindings.h"
#include "config/sections.h"
#include "config/values.h"

namespace veilgate {

using namespace std::chrono_literals;
using namespace table;
using namespace values;

namespace {

constexpr auto kCamera = Reload::kCamera;

/// Privacy masks and zones have the same form.
Section zone_form(const char* name, Words title) {
  return {name,
          std::move(title),
          {leaf("id", id(), &ZoneConfig::id)
               .required()
               .on_change(kCamera)
               .says("编号，在本摄像机内唯一", "id, unique within the camera"),
           leaf("name", text(), &ZoneConfig::name).on_change(kCamera).says("名称", "name"),
           leaf("polygon", polygon(), &ZoneConfig::polygon)
               .required()
               .on_change(kCamera)
               .says("不自相交的多边形", "a polygon that does not cross itself")}};
}

const Section& continuous_section() {
  static const Section section{
      "continuous",
      {"连续去重：一次出现只报一次", "连续去重: one report for one visit"},
      {leaf("max_images_per_visit", integer(1, 10), &DedupConfig::max_images_per_visit)
           .on_change(kCamera)
           .says("每人次最多几张最佳抓拍", "best shots for one visit at most")}};
  return section;
}

const Section& interrupted_section() {
  static const Section section{
      "interrupted",
      {"间断去重：同一人短时间内返回不再报", "间断去重: no new report for a person who comes back"},
      {leaf("window", seconds(0s, 24h), &DedupConfig::window)
           .on_change(kCamera)
           .says("自上次已报人次结束起的时间窗；0s 关闭间断去重",
                 "time from the end of the last reported visit; 0s switches 间断去重 off")}};
  return section;
}

}  // namespace

const Section& mask_section() {
  static const Section section =
      zone_form("privacy_mask", {"隐私遮挡区（纯黑）", "a privacy zone (solid black)"});
  return section;
}

const Section& zone_section() {
  static const Section section = zone_form("zone", {"规则所用的区域", "an area that rules use"});
  return section;
}

const Section& line_section() {
  static const Section section{
      "line",
      {"规则所用的警戒线", "a line that rules use"},
      {leaf("id", id(), &LineConfig::id)
           .required()
           .on_change(kCamera)
           .says("编号，在本摄像机内唯一", "id, unique within the camera"),
       leaf("name", text(), &LineConfig::name).on_change(kCamera).says("名称", "name"),
       leaf("points", line_points(), &LineConfig::segment)
           .required()
           .on_change(kCamera)
           .says("从第一点走向第二点，left_to_right 为画面上从左手侧到右手侧",
                 "walking from the first to the second point, left_to_right crosses from the left hand to "
                 "the right")}};
  return section;
}

const Section& rule_section() {
  static const Section section{
      "rule",
      {"智能应用规则", "a behaviour rule"},
      {leaf("id", id(), &RuleConfig::id)
           .required()
           .on_change(kCamera)
           .says("编号，在本摄像机内唯一", "id, unique within the camera"),
       leaf("type",
            choice<RuleType>({{"intrusion", RuleType::kIntrusion, "", ""},
                              {"line_crossing", RuleType::kLineCrossing, "", ""},
                              {"stay", RuleType::kStay, "", ""},
                              {"loitering", RuleType::kLoitering, "", ""},
                              {"abnormal_appearance", RuleType::kAbnormalAppearance, "", ""}}),
            &RuleConfig::type)
           .required()
           .on_change(kCamera)
           .without_default()
           .says("intrusion、line_crossing 禁行闯入；stay 异常滞留；loitering 异常徘徊；abnormal_appearance "
                 "出现异常",
                 "intrusion and line_crossing: 禁行闯入; stay: 异常滞留; loitering: 异常徘徊; "
                 "abnormal_appearance: 出现异常"),
       leaf("zone", id(), &RuleConfig::zone)
           .on_change(kCamera)
           .says("本摄像机一个区域的编号；缺省为整个画面（line_crossing 不用）",
                 "id of a zone of this camera; without it the whole picture (not for line_crossing)"),
       leaf("line", id(), &RuleConfig::line)
           .on_change(kCamera)
           .says("本摄像机一条线的编号；仅 line_crossing，必填",
                 "id of a line of this camera; line_crossing only, needed there"),
       leaf("direction",
            choice<CrossingDirection>({{"left_to_right", CrossingDirection::kLeftToRight, "", ""},
                                       {"right_to_left", CrossingDirection::kRightToLeft, "", ""},
                                       {"both", CrossingDirection::kBoth, "", ""}}),
            &RuleConfig::direction)
           .on_change(kCamera)
           .says("穿越方向；仅 line_crossing", "direction of crossing; line_crossing only"),
       leaf("applies_to",
            choice<AppliesTo>({{"any", AppliesTo::kAny, "", ""}, {"person", AppliesTo::kPerson, "", ""}}),
            &RuleConfig::applies_to)
           .on_change(kCamera)
           .says("any：任何移动目标；person：仅确认为人的目标",
                 "any: every moving object; person: only what was confirmed to be a person"),
       leaf("schedule", schedule(), &RuleConfig::schedule)
           .on_change(kCamera)
           .without_default("always 始终")
           .says(
               "布防时段（site.timezone）；跨零点的时段属于开始的那一天",
               "when the rule is armed, in site.timezone; a span past midnight belongs to the day it starts"),
       leaf("threshold", duration(1s, 24h), &RuleConfig::threshold)
           .on_change(kCamera)
           .without_default()
           .says("区域内停留时间；stay 和 loitering 必填", "time in the zone; needed for stay and loitering"),
       leaf("min_passes", integer(0, 100), &RuleConfig::min_passes)
           .on_change(kCamera)
           .says("至少折返或再次进入的次数；仅 loitering",
                 "at least so many turns or re-entries; loitering only"),
       leaf("inertia", duration(0ms, 60s), &RuleConfig::inertia)
           .on_change(kCamera)
           .says("在区域内满该时长才算进入", "in the zone this long before it counts"),
       leaf("hysteresis", duration(0ms, 60s), &RuleConfig::hysteresis)
           .on_change(kCamera)
           .says("离开满该时长才算结束", "out of the zone this long before it has ended")}};
  return section;
}

const Section& detector_section() {
  static const Section section{
      "detector",
      {"人脸检测器", "the face detector"},
      {leaf("kind",
            choice<DetectorKind>({{"auto", DetectorKind::kAuto, "", ""},
                                  {"own", DetectorKind::kOwn, "", ""},
                                  {"hog", DetectorKind::kHog, "", ""},
                                  {"yunet", DetectorKind::kYunet, "", ""}}),
            &DetectorConfig::kind)
           .on_change(kCamera)
           .says("auto 为已安装的最好的一种；own 自有模型（内置）；hog dlib；yunet 需安装模型",
                 "auto is the best installed; own: our model, built in; hog: dlib; yunet: needs its model "
                 "installed"),
       leaf("min_face_px", integer(8, 1024), &DetectorConfig::min_face_px)
           .in("px")
           .on_change(kCamera)
           .says("要找的最小人脸（解码尺寸）", "smallest face to look for, at decoded size"),
       leaf("score_threshold", number(0, 1), &DetectorConfig::score_threshold)
           .on_change(kCamera)
           .says("检测得分下限；0 为检测器自己的缺省值", "least score; 0 is the detector's own default")}};
  return section;
}

const Section& dedup_section() {
  static const Section section{"dedup",
                               {"去重（R-018、R-019）；所用的值随每条结果发送",
                                "deduplication (R-018, R-019); the applied values travel with every result"},
                               {group("continuous", continuous_section()).on_change(kCamera),
                                group("interrupted", interrupted_section()).on_change(kCamera)}};
  return section;
}

const Section& quality_section() {
  static const Section section{
      "quality",
      {"最佳抓拍的质量门槛（R-028）", "quality gate of the best shot (R-028)"},
      {leaf("min_face_px", integer(8, 1024), &QualityGate::min_face_px)
           .in("px")
           .on_change(kCamera)
           .says("人脸框最小宽度", "least width of the face box"),
       leaf("min_eye_distance_px", integer(0, 512), &QualityGate::min_eye_distance_px)
           .in("px")
           .on_change(kCamera)
           .says("两眼中心最小距离（GB/T 35678 3.1）；0 为不判",
                 "least distance between eye centres (GB/T 35678 3.1); 0 = not judged"),
       leaf("max_yaw_deg", number(0, 90), &QualityGate::max_yaw_deg)
           .in("°")
           .on_change(kCamera)
           .says("最大偏航角；90 为不判", "largest yaw; 90 = not judged"),
       leaf("max_pitch_deg", number(0, 90), &QualityGate::max_pitch_deg)
           .in("°")
           .on_change(kCamera)
           .says("最大俯仰角；90 为不判", "largest pitch; 90 = not judged"),
       leaf("max_roll_deg", number(0, 90), &QualityGate::max_roll_deg)
           .in("°")
           .on_change(kCamera)
           .says("最大翻滚角；90 为不判", "largest roll; 90 = not judged")}};
  return section;
}

}  // namespace veilgate
