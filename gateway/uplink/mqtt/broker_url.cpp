#include "mqtt/broker_url.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace veilgate::uplink {
namespace {

constexpr std::string_view kScheme = "mqtts://";

bool host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool address6_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535)
    return Error(ErrorCode::kInvalidInput, "the port must be 1…65535");
  return static_cast<std::uint16_t>(value);
}

}  // namespace

Result<BrokerUrl> parse_broker_url(const std::string& text) {
  const auto bad = [&](const std::string& why) {
    // The text may hold a password by mistake: it is not repeated.
    return Error(ErrorCode::kInvalidInput, "broker address: " + why + "; write mqtts://host:port");
  };
  std::string_view rest = text;
  if (!rest.starts_with(kScheme)) return bad("only mqtts:// is allowed");
  rest.remove_prefix(kScheme.size());
  if (rest.find('@') != rest.npos) return bad("no user or password belongs here");

  BrokerUrl url;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == rest.npos) return bad("']' is missing");
    url.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), address6_character))
      return bad("no IPv6 address between the brackets");
  } else {
    const auto colon = rest.find(':');
    url.host = rest.substr(0, colon);
    rest = colon == rest.npos ? std::string_view{} : rest.substr(colon);
    if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), host_character))
      return bad("the host name is empty or holds a character that no host name has");
  }
  if (rest.empty()) return url;
  if (rest.front() != ':') return bad("nothing may follow the host but a port");
  auto port = parse_port(rest.substr(1));
  if (!port) return bad(port.error().message());
  url.port = *port;
  return url;
}

std::string to_string(const BrokerUrl& url) {
  const bool six = url.host.find(':') != std::string::npos;
  return std::string(kScheme) + (six ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

}  // namespace veilgate::uplink
