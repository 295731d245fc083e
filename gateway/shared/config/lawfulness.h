#pragma once
// The lawfulness rules that a configuration must meet before anything starts, one small function per
// requirement (docs: requirements.md section 14, R-001…; R-025 is in the table reader,
// which refuses every key that is not allow-listed). Each problem carries its requirement id. Thread word:
// reentrant.

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/findings.h"

namespace veilgate {

/// All rules over a configuration whose structure has been read (values in error have their defaults).
void check_lawfulness(const Config& config, Findings& findings);

/// "个保法 第二十六条", "PIPL art. 26": a law and an article, not a purpose.
bool looks_like_law_and_article(std::string_view text);

/// R-029, at run time when the size is known: below 1280×720 a surveillance camera runs with this finding;
/// for a verification station the same is an error. Nothing for a test source (不适用).
std::optional<Problem> resolution_finding(const CameraConfig& camera, int width, int height);
std::optional<Problem> resolution_finding(const StationConfig& station, int width, int height);

}  // namespace veilgate
