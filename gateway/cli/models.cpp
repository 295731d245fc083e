// veilgate models list | install: the files of installable models, pinned by hash.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>

#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "models/catalogue.h"
#include "models/install.h"
#include "models/load.h"
#include "models/search_path.h"

extern char** environ;

namespace veilgate::cli {
namespace {

using json = nlohmann::ordered_json;

struct InstallOptions {
  std::string from;
  std::string to = "models/installed";
  bool download = false;
};

int exit_code_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kUntrusted:
      return kExitNotGood;
    case ErrorCode::kPermission:
      return kExitPermission;
    case ErrorCode::kMissingPart:
      return kExitMissingPart;
    default:
      return kExitNoInput;
  }
}

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return exit_code_of(error);
}

Result<void> install_bytes(const CatalogueModel& model, const Bytes& bytes, const std::string& to,
                           const std::string& origin) {
  VG_TRY(const auto file, install_model(model, bytes, to, origin));
  std::printf("%s %s → %s\n", say("已安装", "installed").c_str(), std::string(model.name).c_str(),
              file.c_str());
  return {};
}

/// Everything of the catalogue that lies in the directory.
Result<int> install_from(const std::string& from, const std::string& to) {
  int installed = 0;
  std::string wanted;
  for (const auto& model : model_catalogue()) {
    const auto file = std::filesystem::path(from) / model.file_name;
    wanted += (wanted.empty() ? "" : ", ") + std::string(model.file_name);
    std::error_code ignored;  // an unreadable directory holds nothing; said below
    if (!std::filesystem::exists(file, ignored)) continue;
    VG_TRY(const Bytes bytes, read_whole_file(file));
    VG_CHECK(install_bytes(model, bytes, to, file.string()));
    ++installed;
  }
  if (installed > 0) return installed;
  return Error(ErrorCode::kNotFound,
               from + say("：没有目录中列出的模型文件（", ": holds none of the catalogued model files (") +
                   wanted + say("）", ")"));
}

/// curl does what it does best: proxies, redirects, certificates. -f: an error page is not a model.
Result<void> fetch(const std::string& url, const std::string& file) {
  const std::vector<std::string> words{
      "curl",       "--fail", "--silent",       "--show-error", "--location", "--proto", "=https",
      "--max-time", "300",    "--max-filesize", "67108864",     "--output",   file,      url};
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, "curl", nullptr, nullptr, arguments.data(), environ);
  if (error == ENOENT)
    return Error(ErrorCode::kMissingPart, say("缺少 curl。安装命令：apt-get install curl",
                                              "curl is missing. Install it with: apt-get install curl"));
  if (error != 0) return Error(ErrorCode::kInternal, std::string("curl: ") + std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error(
      ErrorCode::kUnavailable,
      url +
          say("：下载失败。可在其他电脑下载该文件，复制到目录 DIR，然后运行：",
              ": could not be downloaded. Download that file elsewhere, copy it into a directory DIR, "
              "then run: ") +
          "veilgate models install --from DIR");
}

class ScratchDirectory {
 public:
  static Result<ScratchDirectory> create() {
    std::string name = (std::filesystem::temp_directory_path() / "veilgate-models.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      return Error(ErrorCode::kPermission, name + ": " + std::strerror(errno));
    return ScratchDirectory(name);
  }
  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;  // a leftover in the temporary directory harms nobody
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

Result<int> install_downloaded(const std::string& to) {
  VG_TRY(const ScratchDirectory scratch, ScratchDirectory::create());
  int installed = 0;
  for (const auto& model : model_catalogue()) {
    const auto file = scratch.path() / model.file_name;
    VG_CHECK(fetch(std::string(model.url), file.string()));
    VG_TRY(const Bytes bytes, read_whole_file(file));
    VG_CHECK(install_bytes(model, bytes, to, std::string(model.url)));
    ++installed;
  }
  return installed;
}

int install(const InstallOptions& options) {
  if (options.from.empty() == !options.download) {
    std::fprintf(
        stderr, "%s\n",
        say("请给出 --from DIR 或 --download 之一", "give one of --from DIR and --download").c_str());
    return kExitUsage;
  }
  const auto installed =
      options.download ? install_downloaded(options.to) : install_from(options.from, options.to);
  return installed ? kExitOk : fail(installed.error());
}

json describe_model(const CatalogueModel& model, const ModelSearchPath& path, json& problems) {
  json entry{{"name", model.name},   {"file", model.file_name},  {"sha256", model.sha256},
             {"bytes", model.bytes}, {"licence", model.licence}, {"lane", model.used_by},
             {"url", model.url},     {"installed", false},       {"path", nullptr}};
  const auto loaded = load_model(model, path);
  if (const auto file = path.find(std::string(model.file_name))) entry["path"] = file->string();
  if (loaded)
    entry["installed"] = true;
  else if (loaded.error().code() != ErrorCode::kMissingPart)
    problems.push_back({{"code", to_string(loaded.error().code())},
                        {"path", entry["path"]},
                        {"line", 0},
                        {"message", loaded.error().message()}});
  return entry;
}

int list(const std::string& models_option, bool as_json) {
  const ModelSearchPath path = model_search_path(models_option);
  json problems = json::array(), models = json::array();
  for (const auto& model : model_catalogue()) models.push_back(describe_model(model, path, problems));
  if (as_json) {
    std::printf("%s\n",
                json{{"ok", problems.empty()}, {"problems", problems}, {"models", models}}.dump(2).c_str());
    return problems.empty() ? kExitOk : kExitNotGood;
  }
  std::printf("%-8s %s\n", "own", say("内置，无需文件", "embedded, needs no file").c_str());
  std::printf("%-8s %s\n", "hog", say("内置，无需文件", "compiled in, needs no file").c_str());
  for (const auto& model : models) {
    const std::string state = model["installed"] == true
                                  ? say("已安装：", "installed: ") + model["path"].get<std::string>()
                              : model["path"].is_null() ? say("未安装", "not installed")
                                                        : say("文件与核准的不符", "not the pinned file");
    std::printf("%-8s %s\n", model["name"].get<std::string>().c_str(), state.c_str());
  }
  for (const auto& problem : problems)
    std::fprintf(stderr, "%s\n", problem["message"].get<std::string>().c_str());
  return problems.empty() ? kExitOk : kExitNotGood;
}

}  // namespace

void add_models(CLI::App& root, int& exit_code) {
  auto* models = root.add_subcommand("models", say("模型文件：列出、安装", "model files: list, install"));
  models->require_subcommand(1);

  auto options = std::make_shared<InstallOptions>();
  auto* to_install =
      models->add_subcommand("install", say("安装核准的模型文件", "install the pinned model files"));
  to_install->add_option("--from", options->from,
                         say("存放模型文件的目录", "directory that holds the files"));
  to_install->add_flag("--download", options->download,
                       say("从发布者下载（需要 curl）", "from the publisher (needs curl)"));
  to_install->add_option("--to", options->to, say("安装目录", "where to"))->capture_default_str();
  to_install->callback([options, &exit_code] { exit_code = install(*options); });

  struct ListOptions {
    std::string models;
    bool as_json = false;
  };
  auto listed = std::make_shared<ListOptions>();
  auto* to_list = models->add_subcommand("list", say("列出模型及其状态", "list the models and their state"));
  to_list->add_option("--models", listed->models, say("模型目录", "model directory"));
  to_list->add_flag("--json", listed->as_json, say("输出 JSON", "print JSON"));
  to_list->callback([listed, &exit_code] { exit_code = list(listed->models, listed->as_json); });
}

}  // namespace veilgate::cli
