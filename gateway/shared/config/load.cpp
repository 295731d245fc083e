#include "config/load.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/cross_checks.h"
#include "config/findings.h"
#include "config/lawfulness.h"
#include "config/sections.h"
#include "config/yaml_document.h"

namespace veilgate {
namespace {

LoadedConfig unreadable(const std::string& why_zh, const std::string& why_en) {
  LoadedConfig out;
  out.unreadable = true;
  out.problems.push_back({"unreadable", Severity::kError, "", 0, "the file cannot be read: " + why_en,
                          "无法读取文件：" + why_zh, ""});
  return out;
}

void resolve(std::string& path, const std::filesystem::path& folder) {
  if (!path.empty() && path[0] != '/') path = (folder / path).lexically_normal().string();
}

}  // namespace

LoadedConfig parse_config(const std::string& text, const std::string& name) {
  Findings findings;
  Config config;
  config.file = name;
  if (const auto root = read_yaml(text, findings)) {
    read_section(config_section(), &config, *root, "", findings);
    check_references(config, findings);
    check_rules(config, findings);
    check_sources(config, findings);
    check_retention(config, findings);
    check_lanes(config, findings);
    check_lawfulness(config, findings);
  }
  LoadedConfig out;
  out.problems = findings.take();
  if (!has_errors(out.problems)) out.config = std::move(config);
  return out;
}

LoadedConfig load_config(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return unreadable("这是一个目录", "it is a directory");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(std::strerror(errno), std::strerror(errno));
  std::string text(kMaxConfigBytes + 1, '\0');  // one more than allowed: the size is judged by read_yaml
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return unreadable("读取出错", "reading failed");
  text.resize(static_cast<std::size_t>(file.gcount()));
  LoadedConfig out = parse_config(text, path);
  if (!out.config) return out;
  std::filesystem::path folder = std::filesystem::absolute(path, failed).parent_path();
  for (auto& camera : out.config->cameras) {
    resolve(camera.source.file, folder);
    resolve(camera.source.pipeline, folder);
  }
  for (auto& station : out.config->stations) {
    resolve(station.source.file, folder);
    resolve(station.source.pipeline, folder);
  }
  return out;
}

}  // namespace veilgate
