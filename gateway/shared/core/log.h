#pragma once
// The log is for engineers: category, level, key=value, to standard error (the journal). What the customer must be
// able to prove later goes to the audit instead. Neither ever holds pixels, templates, secrets or names of people:
// URLs go through redact_url() first. Thread word: thread-safe.

#include <string>
#include <string_view>

namespace veilgate {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Once per process, before the first line; `process` is shown in every line. Level from $VEILGATE_LOG
/// (debug|info|warning|error), info when absent.
void init_log(const std::string& process);
void log_line(LogLevel level, const char* category, std::string_view message);

/// rtsp://user:secret@host/x?token=y → rtsp://host/x ; anything that is not a URL comes back unchanged.
std::string redact_url(std::string_view url);

}  // namespace veilgate

#define VG_LOG(level, category, message) ::veilgate::log_line(::veilgate::LogLevel::level, category, message)
