#pragma once
// The language of what people read on the command line: Chinese when LC_ALL, LC_MESSAGES or LANG says zh, else
// English. Pages and reports show Chinese first and do not ask. Thread word: thread-safe.

#include <string>

namespace veilgate {

enum class Language { kChinese, kEnglish };

/// Asked once, from the environment.
Language user_language();

/// The text in the user's language: say("摄像机离线", "camera is offline").
inline const std::string& say(const std::string& chinese, const std::string& english) {
  return user_language() == Language::kChinese ? chinese : english;
}

}  // namespace veilgate
