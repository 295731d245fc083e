#pragma once
// Addresses in the configuration, strictly: scheme://host[:port][/path][?query], host a DNS name, an IPv4
// address in four decimal parts or an IPv6 address in brackets. A user or password inside is its own error.
// Thread word: reentrant.

#include <optional>
#include <string>
#include <string_view>

namespace veilgate {

struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< canonical: lower case, no trailing dot, shortest IPv6, IPv4-mapped as IPv4
  int port = 0;        ///< as given, else the scheme's; 0 = the scheme has none known here
  std::string path;    ///< as given, with the query; "" or beginning with '/' or '?'
};

enum class UrlFault { kNone, kHoldsSecret, kMalformed, kUnknownScheme, kBadHost, kBadPort };

struct ParsedUrl {
  Url url;  ///< meaningful only without fault
  UrlFault fault = UrlFault::kNone;
};

/// True when there is user information, or a query parameter that names a password, in a text that looks like
/// a URL.
bool holds_secret(std::string_view text);
/// `schemes`: comma-separated, lower case ("rtsp,rtsps").
ParsedUrl parse_url(std::string_view text, std::string_view schemes);

bool is_loopback(const std::string& canonical_host);
/// host:port/path in one spelling, so that two spellings of one stream compare equal: case, trailing slashes,
/// percent escapes of plain characters and the default port do not matter.
std::string stream_identity(const Url& url);

}  // namespace veilgate
