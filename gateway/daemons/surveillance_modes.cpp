#include "surveillance_modes.h"

#include <vector>

namespace veilgate::surveillance {

std::span<const Mode> modes() {
  static const std::vector<Mode> all{
  };
  return all;
}

}  // namespace veilgate::surveillance
