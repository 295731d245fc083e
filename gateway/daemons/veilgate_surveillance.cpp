// veilgate-surveillance: the surveillance lane. Parses the mode; the lane's work is in gateway/surveillance, what
// joins it with media in pipelines/surveillance.

#include <cstring>

#include "core/log.h"
#include "surveillance_lane.h"
#include "surveillance_modes.h"

int main(int argc, char** argv) {
  using namespace veilgate;
  init_log("veilgate-surveillance");
  for (const auto& mode : surveillance::modes())
    if (argc > 1 && std::strcmp(argv[1], mode.name) == 0) return mode.run(argc, argv);
  return surveillance::run_lane(argc, argv);
}
