#include "daemon_options.h"

#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "core/exit_code.h"
#include "core/language.h"

namespace veilgate {

std::optional<DaemonOptions> parse_daemon_options(int argc, char** argv, const char* name, int& exit_code) {
  DaemonOptions options;
  const char* given = std::getenv("CREDENTIALS_DIRECTORY");
  options.credentials = given ? given : "/etc/veilgate/credentials";
  CLI::App app{name};
  app.add_option("--config", options.config, say("配置文件", "configuration file"))->capture_default_str();
  app.add_option("--runtime", options.runtime, say("运行目录（套接字）", "runtime directory (sockets)"))
      ->capture_default_str();
  app.add_option("--state", options.state, say("状态目录", "state directory"))->capture_default_str();
  app.add_option("--credentials", options.credentials, say("凭据目录", "credentials directory"))->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? kExitOk : kExitUsage;
    return std::nullopt;
  }
  return options;
}

void print_problems(const std::string& file, const std::vector<Problem>& problems) {
  for (const auto& problem : problems)
    std::fprintf(stderr, "%s:%d: %s: %s%s\n", file.c_str(), problem.line, problem.path.c_str(),
                 problem.severity == Severity::kWarning ? say("提示：", "note: ").c_str() : "",
                 say(problem.message_zh.empty() ? problem.message : problem.message_zh, problem.message).c_str());
}

}  // namespace veilgate
