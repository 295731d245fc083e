#include "station.h"

namespace veilgate::verification {

const char* to_string(StationUse use) {
  switch (use) {
    case StationUse::kVerifyOneToOne: return "verify_one_to_one";
    case StationUse::kEnrol: return "enrol";
  }
  return "unknown";
}

}  // namespace veilgate::verification
