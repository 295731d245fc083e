#pragma once
// How the four behaviours are called elsewhere. Thread word: reentrant.

#include "config/config.h"

namespace veilgate::surveillance {

struct AlarmNames {
  const char* name_zh;  ///< 智能应用 as the Shanghai texts name it
  const char*
      onvif_topic;  ///< ONVIF Analytics rule topic, without the tns1 prefix (Core 26.06: omitted in MQTT)
  const char* gbt28181_name;  ///< 报警类型 under 报警方式 5 视频报警, GB/T 28181 附录 A
  int gbt28181_type;          ///< its AlarmType value
};

/// 异常滞留 and 异常徘徊 share ONVIF's and GB/T 28181's only loitering name; our own `type` tells them apart.
const AlarmNames& alarm_names(RuleType type);
inline constexpr int kGbt28181AlarmMethodVideo = 5;

}  // namespace veilgate::surveillance
