#pragma once
// The table of the configuration file: one function per section. To add a key, add a member to config.h and
// one line here, then run `veilgate check --print-schema` and `--print-reference` into config/. Thread word:
// reentrant.

#include "config/table.h"

namespace veilgate {

const Section& config_section();        ///< the whole file, bound to Config
const Section& site_section();          ///< SiteConfig
const Section& retention_section();     ///< Config
const Section& surveillance_section();  ///< Config
const Section& verification_section();  ///< Config
const Section& camera_section();        ///< CameraConfig
const Section& source_section();        ///< SourceConfig
const Section& device_section();        ///< DeviceConfig
const Section& rule_section();          ///< RuleConfig
const Section& detector_section();      ///< DetectorConfig
const Section& dedup_section();         ///< DedupConfig
const Section& quality_section();       ///< QualityGate
const Section& uplink_section();        ///< UplinkConfig
const Section& console_section();       ///< ConsoleConfig

}  // namespace veilgate
