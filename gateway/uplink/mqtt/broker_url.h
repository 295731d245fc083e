#pragma once
// Where a broker is: `mqtts://host[:port]`, nothing else. There is no way to write an unencrypted broker.
// Thread word: reentrant.

#include <cstdint>
#include <string>

#include "core/result.h"

namespace veilgate::uplink {

constexpr std::uint16_t kDefaultMqttsPort = 8883;

struct BrokerUrl {
  std::string host;  ///< name or address literal, without brackets; what the certificate must say
  std::uint16_t port = kDefaultMqttsPort;
  friend bool operator==(const BrokerUrl&, const BrokerUrl&) = default;
};

/// kInvalidInput for any other scheme, user information, path, bad port or empty host.
Result<BrokerUrl> parse_broker_url(const std::string& text);
std::string to_string(const BrokerUrl& url);  ///< "mqtts://host:port"

}  // namespace veilgate::uplink
