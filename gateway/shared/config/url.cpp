#include "config/url.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace veilgate {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; }

std::string lower(std::string_view text) {
  std::string out;
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

int default_port(const std::string& scheme) {
  if (scheme == "rtsp") return 554;
  if (scheme == "rtsps") return 322;
  if (scheme == "mqtts") return 8883;
  return 0;
}

std::optional<std::string> canonical_ipv6(const std::string& text) {
  in6_addr address;
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::nullopt;
  char out[INET6_ADDRSTRLEN];
  if (IN6_IS_ADDR_V4MAPPED(&address))
    return std::string(inet_ntop(AF_INET, address.s6_addr + 12, out, sizeof out));
  return std::string(inet_ntop(AF_INET6, &address, out, sizeof out));
}

/// Names of labels; a last label of digits (or 0x…) means an address, and then it must be four plain decimal
/// parts: inet_pton refuses 010.0.0.1 and 0x7f.1, which other resolvers would take.
std::optional<std::string> canonical_host(std::string text) {
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (text.empty() || text.size() > 253) return std::nullopt;
  const auto dot = text.rfind('.');
  const std::string last = dot == std::string::npos ? text : text.substr(dot + 1);
  const bool hex = last.size() > 1 && last[0] == '0' && last[1] == 'x';
  if (hex || (!last.empty() && std::all_of(last.begin(), last.end(), is_digit))) {
    in_addr address;
    if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
    return text;
  }
  std::size_t label = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '.') {
      if (!is_name(text[i])) return std::nullopt;
      continue;
    }
    const std::size_t length = i - label;
    if (length == 0 || length > 63 || text[label] == '-' || text[i - 1] == '-') return std::nullopt;
    label = i + 1;
  }
  return text;
}

std::optional<int> parse_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  const int port = std::atoi(std::string(text).c_str());
  if (port < 1 || port > 65535) return std::nullopt;
  return port;
}

/// Splits "host:port" or "[v6]:port".
UrlFault read_authority(std::string_view authority, Url& url) {
  std::optional<std::string> host;
  std::string_view rest;
  if (!authority.empty() && authority[0] == '[') {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return UrlFault::kBadHost;
    host = canonical_ipv6(std::string(authority.substr(1, end - 1)));
    rest = authority.substr(end + 1);
  } else {
    const auto colon = authority.find(':');
    host = canonical_host(lower(authority.substr(0, colon)));
    rest = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
  }
  if (!host) return UrlFault::kBadHost;
  url.host = *host;
  url.port = default_port(url.scheme);
  if (rest.empty()) return UrlFault::kNone;
  const auto port = rest[0] == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return UrlFault::kBadPort;
  url.port = *port;
  return UrlFault::kNone;
}

std::string without_escapes(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2])) {
      out += static_cast<char>(std::strtol(std::string(path.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += path[i];
    }
  }
  return out;
}

}  // namespace

bool holds_secret(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  if (text.find('@', scheme) != std::string_view::npos) return true;
  const auto path = text.find_first_of("/?", scheme + 3);  // makers put log-ins into the path as well
  if (path == std::string_view::npos) return false;
  static constexpr std::array<std::string_view, 13> kNames{"password=", "passwd=", "pwd=",  "pw=",    "psw=",
                                                           "pass=",     "token=",  "secret=", "user=", "usr=",
                                                           "username=", "auth=",   "key="};
  const std::string names = lower(without_escapes(text.substr(path)));
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    for (auto at = names.find(name); at != std::string::npos; at = names.find(name, at + 1))
      if (at > 0 && std::string_view("?&;/_,").find(names[at - 1]) != std::string_view::npos) return true;
    return false;
  });
}

ParsedUrl parse_url(std::string_view text, std::string_view schemes) {
  ParsedUrl out;
  const auto fail = [&](UrlFault fault) {
    out.fault = fault;
    return out;
  };
  if (holds_secret(text)) return fail(UrlFault::kHoldsSecret);
  const auto mark = text.find("://");
  if (mark == std::string_view::npos || text.size() > 1024) return fail(UrlFault::kMalformed);
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return c <= ' ' || c == '#' || c == '\\' || c == 0x7F; }))
    return fail(UrlFault::kMalformed);
  out.url.scheme = lower(text.substr(0, mark));
  if (("," + std::string(schemes) + ",").find("," + out.url.scheme + ",") == std::string::npos)
    return fail(UrlFault::kUnknownScheme);
  const auto rest = text.substr(mark + 3);
  const auto end = rest.find_first_of("/?");
  if (end != std::string_view::npos) out.url.path = rest.substr(end);
  return fail(read_authority(rest.substr(0, end), out.url));
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" ||
         (host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos);
}

std::string stream_identity(const Url& url) {
  std::string path = lower(without_escapes(url.path));
  while (!path.empty() && path.back() == '/') path.pop_back();
  std::string single;
  for (char c : path)
    if (c != '/' || single.empty() || single.back() != '/') single += c;
  return url.host + ":" + std::to_string(url.port) + single;
}

}  // namespace veilgate
