#pragma once
// Keys that no configuration may hold, with the reason said instead of a bare "unknown key": attributes of
// people (R-025; FD-04, ON-10), recognition in the surveillance lane (R-014, SH-11), and secrets. The table
// is an allow-list, so that these would be refused anyway; here is why. Thread word: reentrant.

#include <string>

#include "config/findings.h"

namespace veilgate {

struct KeyRefusal {
  const char* code;
  const char* requirement;
  Words words;  ///< a whole sentence; the key is in the path
};

/// nullptr when there is nothing special about the key. Words inside the key count: `detect_age`,
/// `genderFilter`.
const KeyRefusal* refusal_for_key(const std::string& key);

}  // namespace veilgate
