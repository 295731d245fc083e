#pragma once
// The platform's own configuration of `veilgate-receive`: where the broker is, which keys open and sign, whose records
// are believed. Paths count from the folder of the file. Every problem of a file is reported at once.
// Example: config/examples/receiver.yaml. Thread word: reentrant.

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/problem.h"
#include "core/result.h"

namespace veilgate::receiver {

struct TrustedGateway {
  std::string id;
  std::string site;
  std::string surveillance_key;  ///< PEM of the lane's public SM2 key; empty = lane not trusted
  std::string uplink_key;        ///< PEM of the uplink's public SM2 key
};

struct ReceiverConfig {
  std::string id = "receiver";           ///< issuer of commands and MQTT client id
  std::vector<std::string> brokers;      ///< mqtts://host:port
  TlsProfile tls_profile = TlsProfile::kIntl;
  std::string topic_prefix = "veilgate/v1";
  std::string share_group;               ///< MQTT 5 shared subscription; empty = alone
  std::string state_dir;                 ///< replay windows, gaps, sessions
  std::string tls_ca, tls_certificate, tls_key, tls_crl;  ///< crl may be empty
  std::vector<std::string> decrypt_keys; ///< private SM2 keys, the current first
  std::string sign_key;                  ///< private SM2 key for receipts
  std::vector<TrustedGateway> gateways;
  std::string images_dir;                ///< where face crops are written; empty = they are not kept
  std::string jsonl_file;                ///< JSON lines are appended here as well; empty = none
};

struct LoadedReceiverConfig {
  std::optional<ReceiverConfig> config;
  std::vector<Problem> problems;
};
LoadedReceiverConfig load_receiver_config(const std::string& path);

}  // namespace veilgate::receiver
