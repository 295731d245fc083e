// veilgate-surveillance: the surveillance lane. Parses the mode; the lane's work is in gateway/surveillance, what
// joins it with media in pipelines/surveillance.

#include <cstdio>
#include <cstring>

#include "core/exit_code.h"
#include "core/log.h"
#include "surveillance_modes.h"

int main(int argc, char** argv) {
  using namespace veilgate;
  init_log("veilgate-surveillance");
  for (const auto& mode : surveillance::modes())
    if (argc > 1 && std::strcmp(argv[1], mode.name) == 0) return mode.run(argc, argv);
  std::fprintf(stderr, "veilgate-surveillance: no such mode\n");
  return kExitUsage;
}
