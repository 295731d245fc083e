#include "core/log.h"

#include <cstdlib>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace veilgate {
namespace {

spdlog::level::level_enum level_from_environment() {
  const char* value = std::getenv("VEILGATE_LOG");
  const std::string_view name = value ? value : "info";
  if (name == "debug") return spdlog::level::debug;
  if (name == "warning") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  return spdlog::level::info;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void init_log(const std::string& process) {
  auto logger = std::make_shared<spdlog::logger>(process, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %n %v", spdlog::pattern_time_type::utc);
  logger->set_level(level_from_environment());
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_line(LogLevel level, const char* category, std::string_view message) {
  spdlog::default_logger_raw()->log(to_spdlog(level), "[{}] {}", category, message);
}

std::string redact_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  const auto host = scheme + 3;
  const auto path = url.find_first_of("/?#", host);
  const auto authority = url.substr(host, path == std::string_view::npos ? path : path - host);
  const auto at = authority.rfind('@');
  std::string out(url.substr(0, host));
  out += at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (path != std::string_view::npos) out += url.substr(path, url.find_first_of("?#", path) - path);
  return out;
}

}  // namespace veilgate
