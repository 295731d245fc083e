// veilgate-uplink: outbox, broker, signed commands of the platform. Parses the command line; the work is in
// gateway/uplink.

#include "config/load.h"
#include "core/exit_code.h"
#include "core/log.h"
#include "daemon_options.h"
#include "delivery/uplink_daemon.h"
#include "process/hardening.h"

int main(int argc, char** argv) {
  using namespace veilgate;
  init_log("veilgate-uplink");
  int exit_code = kExitOk;
  const auto options = parse_daemon_options(argc, argv, "veilgate-uplink", exit_code);
  if (!options) return exit_code;
  process::forbid_memory_inspection();
  process::forbid_new_privileges();
  process::ignore_broken_pipes();
  const LoadedConfig loaded = load_config(options->config);
  print_problems(options->config, loaded.problems);
  if (!loaded.config) return loaded.unreadable ? kExitNoInput : kExitConfig;
  return uplink::run_uplink(*loaded.config, {options->runtime, options->state, options->credentials}, argv);
}
