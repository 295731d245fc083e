#pragma once
// Where a camera looks. A closed list, so that an unlawful place cannot hide behind a free word. The
// forbidden places are those of 公共安全视频图像信息系统管理条例 (State Council Order 799) art. 8, in English
// and Chinese; nothing (no consent, no mask) turns such a place into a lawful one. Thread word:
// reentrant.

#include <string_view>
#include <vector>

namespace veilgate {

struct LocationClass {
  const char* word;
  const char* zh;
  const char* en;
};

const std::vector<LocationClass>& location_classes();  ///< lawful ones: what `location_class` may say
const std::vector<LocationClass>& forbidden_location_classes();  ///< known only to be refused

/// Case, '-', '_' and spaces do not matter; Chinese words are found anywhere in the text (女卫生间).
bool is_forbidden_location(std::string_view text);
/// The same for a camera's name: a hint only, because 卫生间外走廊 is a lawful corridor.
bool suggests_forbidden_location(std::string_view name);

}  // namespace veilgate
