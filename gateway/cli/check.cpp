// veilgate check FILE: judges a configuration without starting anything.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <CLI/CLI.hpp>

#include "cli/check_report.h"
#include "cli/commands.h"
#include "config/credentials.h"
#include "config/documentation.h"
#include "config/load.h"
#include "core/exit_code.h"
#include "models/catalogue.h"
#include "models/search_path.h"

namespace veilgate::cli {
namespace {

struct Options {
  std::string file;
  std::string against;
  std::string credentials;
  std::string models;
  bool installed = false;
  bool json = false;
  bool schema = false;
  bool reference = false;
};

std::string credentials_directory(const Options& options) {
  if (!options.credentials.empty()) return options.credentials;
  const char* given = std::getenv("CREDENTIALS_DIRECTORY");
  return given && *given ? given : "/etc/veilgate/credentials";
}

/// A detector named in the file must be there; `auto` takes what is installed.
std::vector<Problem> check_models(const Config& config, const std::string& directory) {
  std::vector<Problem> problems;
  const auto needs = [](const CameraConfig& camera) { return camera.detector.kind == DetectorKind::kYunet; };
  const auto camera = std::find_if(config.cameras.begin(), config.cameras.end(), needs);
  const auto* model = find_catalogue_model("yunet");
  if (camera == config.cameras.end() || !model) return problems;
  const std::string file(model->file_name);
  if (!model_search_path(directory).find(file))
    problems.push_back({"model_missing", Severity::kError, file, 0,
                        "camera `" + camera->id.get() +
                            "` names the detector yunet, whose model is not installed: veilgate "
                            "models install --download (or --from DIR)",
                        "摄像机“" + camera->id.get() +
                            "”指定了 yunet 检测器，但其模型未安装：请执行 veilgate models install "
                            "--download（或 --from 目录）",
                        ""});
  return problems;
}

int exit_code_for(const LoadedConfig& loaded, const std::vector<Problem>& problems) {
  if (loaded.unreadable) return kExitNoInput;
  if (!has_errors(problems)) return kExitOk;
  const bool only_models = std::all_of(problems.begin(), problems.end(), [](const Problem& p) {
    return p.severity != Severity::kError || p.code == "model_missing";
  });
  return only_models ? kExitMissingPart : kExitConfig;
}

/// What a reload from the running file to this one would do; nothing when either has errors.
std::optional<std::vector<Change>> changes_against(const Options& options, const LoadedConfig& candidate,
                                                   std::vector<Problem>& problems) {
  if (options.against.empty() || !candidate.config) return std::nullopt;
  const auto running = load_config(options.against);
  if (running.config) return compare(*running.config, *candidate.config);
  problems.push_back({"against_not_good", Severity::kError, options.against, 0,
                      "the file to compare with has errors itself", "用于比较的文件本身有错误", ""});
  return std::nullopt;
}

int check(const Options& options) {
  if (options.schema || options.reference) {
    const std::string text = options.schema ? config_json_schema() : config_reference_markdown();
    std::fputs(text.c_str(), stdout);
    return kExitOk;
  }
  const auto loaded = load_config(options.file);
  auto problems = loaded.problems;
  const auto add = [&](std::vector<Problem> more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  if (loaded.config && options.installed) {
    add(check_credentials(*loaded.config, credentials_directory(options)));
    add(check_models(*loaded.config, options.models));
  }
  const auto changes = changes_against(options, loaded, problems);
  const Config* config = loaded.config ? &*loaded.config : nullptr;
  const Language language = user_language();
  if (options.json) {
    std::fputs(check_json(problems, options.file, config, changes ? &*changes : nullptr, language).c_str(),
               stdout);
    return exit_code_for(loaded, problems);
  }
  std::fputs(problems_text(problems, options.file, language).c_str(), stderr);
  std::fflush(stderr);
  std::string out = verdict_text(problems, options.file, language);
  if (config) out += summary_text(*config, language);
  if (changes) out += "\n" + changes_text(*changes, language);
  std::fputs(out.c_str(), stdout);
  return exit_code_for(loaded, problems);
}

}  // namespace

void add_check(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = root.add_subcommand("check", say("检查配置文件", "judge a configuration file"));
  auto* file = command->add_option("FILE", options->file, say("配置文件", "the configuration file"));
  command->add_flag("--json", options->json, say("以 JSON 输出", "answer as JSON"));
  command->add_flag("--installed", options->installed,
                    say("同时检查凭据、密钥和模型是否就绪",
                        "also judge whether credentials, keys and models are in place"));
  command->add_option("--credentials", options->credentials, say("凭据目录", "directory of credentials"));
  command->add_option("--models", options->models, say("模型目录", "directory of models"));
  command->add_option("--against", options->against,
                      say("与正在运行的配置比较，列出重新加载的效果",
                          "compare with this running configuration: what a reload would do"));
  auto* schema =
      command->add_flag("--print-schema", options->schema, say("输出 JSON Schema", "print the JSON Schema"));
  auto* reference = command->add_flag("--print-reference", options->reference,
                                      say("输出配置参考", "print the reference of all keys"));
  command->callback([=, &exit_code] {
    if (!*schema && !*reference && !*file)
      throw CLI::RequiredError(say("FILE（配置文件）", "FILE (a configuration file)"));
    exit_code = check(*options);
  });
}

}  // namespace veilgate::cli
