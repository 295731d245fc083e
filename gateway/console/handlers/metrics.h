#pragma once
// GET /metrics: Prometheus text exposition format 0.0.4 from the processes' status. Labels are configured ids, nothing
// personal. A process that does not answer has `veilgate_up` 0 and no other series. Thread word: reentrant.

#include <string>

#include "handlers/site_view.h"

namespace veilgate::console {

std::string metrics_text(const SiteSnapshot& site, const std::string& version);

}  // namespace veilgate::console
