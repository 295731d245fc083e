#include "surveillance_modes.h"

#include <vector>

#include "surveillance/modes.h"

namespace veilgate::surveillance {

std::span<const Mode> modes() {
  static const std::vector<Mode> all{
      {"detect", run_detect},
      {"mask-preview", run_mask_preview},
      {"analyze", run_analyze},
      {"probe", run_probe},
      {"worker", run_worker},
  };
  return all;
}

}  // namespace veilgate::surveillance
