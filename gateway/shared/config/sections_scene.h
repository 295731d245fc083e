#pragma once
// The sections of a camera's scene, all of which are lists inside a camera. Thread word: reentrant.

#include "config/table.h"

namespace veilgate {

const Section& mask_section();  ///< ZoneConfig, as a privacy zone
const Section& zone_section();  ///< ZoneConfig
const Section& line_section();  ///< LineConfig

}  // namespace veilgate
