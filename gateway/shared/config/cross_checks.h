#pragma once
// Checks that look at more than one key: references, ids used twice, keys that do not belong to a rule's
// type, one source per camera, a camera in both lanes. Structure and ranges are the table's; lawfulness is
// lawfulness.h's. Thread word: reentrant.

#include <string>

#include "config/config.h"
#include "config/findings.h"

namespace veilgate {

void check_references(const Config& config, Findings& findings);  ///< ids, zones, lines, test reports
void check_rules(const Config& config, Findings& findings);  ///< keys each rule type needs or has no use for
void check_sources(const Config& config, Findings& findings);    ///< one source, and keys that fit it
void check_retention(const Config& config, Findings& findings);  ///< min ≤ max, both stated sensibly

/// A camera belongs to one lane: the same device, address, file or device identity in both is an error; the
/// same stream twice within surveillance is a warning.
void check_lanes(const Config& config, Findings& findings);

std::string camera_path(std::size_t index);   ///< "surveillance.cameras[0]"
std::string station_path(std::size_t index);  ///< "verification.stations[0]"

}  // namespace veilgate
