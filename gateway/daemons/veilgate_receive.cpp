// veilgate-receive: the platform's reference receiver. Parses the command line; the work is in gateway/receiver.

#include <cmath>

#include <CLI/CLI.hpp>

#include "core/exit_code.h"
#include "core/language.h"
#include "core/log.h"
#include "process/hardening.h"
#include "receiver/receive_command.h"

int main(int argc, char** argv) {
  using namespace veilgate;
  // Receives the arguments of `veilgate receive` unchanged: the command's own name is not an option.
  char** arguments = argv;
  if (argc > 1 && std::string_view(argv[1]) == "receive") {
    for (int i = 1; i + 1 <= argc; ++i) argv[i] = argv[i + 1];
    --argc;
  }
  init_log("veilgate-receive");
  process::forbid_memory_inspection();
  process::ignore_broken_pipes();

  receiver::ReceiveOptions options;
  bool json = false;
  double seconds = 0;
  CLI::App app{say("接收、验证并解密网关的结果", "receives, verifies and decrypts a gateway's results"), "veilgate-receive"};
  app.add_option("--config", options.config, say("接收端配置文件", "the receiver's own configuration"))->required();
  app.add_flag("--json", json, say("每行一个 JSON 对象", "one JSON object per line"));
  app.add_option("--for", seconds, say("运行秒数", "end after this many seconds"))->check(CLI::PositiveNumber);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  options.form = json ? receiver::OutputForm::kJson : receiver::OutputForm::kLines;
  if (seconds > 0) options.run_for = Millis{std::llround(seconds * 1000)};
  return receiver::run_receive(options, arguments);
}
