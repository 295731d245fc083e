#include <cstdio>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"

namespace veilgate::cli {

void add_version(CLI::App& root, int& exit_code) {
  auto* command = root.add_subcommand("version", say("显示版本", "show the version"));
  command->callback([&exit_code] {
    std::printf("veilgate %s\n", VEILGATE_VERSION);
    exit_code = kExitOk;
  });
}

}  // namespace veilgate::cli
