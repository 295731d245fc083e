// veilgate: the command line. Parses the command; the work is in gateway/cli, or in the executable of a lane.

#include <cstring>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "core/log.h"

int main(int argc, char** argv) {
  using namespace veilgate;
  init_log("veilgate");
  for (const auto& delegate : cli::delegates())
    if (argc > 1 && std::strcmp(argv[1], delegate.command) == 0) return cli::run_delegate(delegate, argv);

  CLI::App root{say("veilgate：安防摄像机边缘网关", "veilgate: an edge gateway for security-camera installations")};
  root.require_subcommand(1);
  int exit_code = kExitInternal;
  cli::add_version(root, exit_code);
  cli::add_run(root, exit_code);
  cli::add_status(root, exit_code);
  cli::add_camera(root, exit_code);
  cli::add_check(root, exit_code);
  cli::add_audit(root, exit_code);
  cli::add_models(root, exit_code);
  for (const auto& delegate : cli::delegates())
    root.add_subcommand(delegate.command, say(delegate.help_zh, delegate.help_en));
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return root.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return exit_code;
}
