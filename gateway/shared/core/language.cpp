#include "core/language.h"

#include <cstdlib>
#include <cstring>

namespace veilgate {

Language user_language() {
  static const Language language = [] {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
      if (const char* value = std::getenv(name); value && *value)
        return std::strncmp(value, "zh", 2) == 0 ? Language::kChinese : Language::kEnglish;
    return Language::kEnglish;
  }();
  return language;
}

}  // namespace veilgate
