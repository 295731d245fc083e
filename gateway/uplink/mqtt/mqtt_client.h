#pragma once
// One connection to one broker, MQTT 5 over mutual TLS 1.3, used once: after it failed or broke, make another. What
// happens is told as events, later and on the loop's thread, never from inside a call. PahoClient is the real one,
// tests use a fake. Thread word: thread-bound to the loop that receives its events.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "ipc/event_loop.h"
#include "mqtt/broker_url.h"
#include "mqtt/link_problem.h"

namespace veilgate::uplink {

enum class Retain { kNo, kYes };             ///< only state is retained, never events (R-062)
enum class SessionStart { kClean, kResume };  ///< whether the broker keeps subscriptions and queue from before

struct OutgoingMessage {
  std::string topic;
  Bytes payload;
  Retain retain = Retain::kNo;
  std::string content_type;                                     ///< empty = none
  std::vector<std::pair<std::string, std::string>> properties;  ///< MQTT 5 user properties
  std::optional<std::chrono::seconds> expiry;                   ///< status and replies only, never results
};

struct IncomingMessage {
  std::string topic;
  Bytes payload;
  Retain retain = Retain::kNo;
};

struct TlsFiles {
  std::string authority;    ///< PEM
  std::string certificate;  ///< PEM chain
  std::string key;          ///< PEM
  std::string revocation;   ///< PEM CRL; empty = none, which the status reports
};

struct ConnectSettings {
  BrokerUrl broker;
  std::string client_id;
  TlsFiles tls;
  std::string trust_file;                      ///< where authority and CRL are written together for OpenSSL
  SessionStart start = SessionStart::kResume;
  std::chrono::seconds session_expiry{86400};
  std::chrono::seconds keep_alive{20};
  std::chrono::seconds timeout{10};            ///< for TCP, TLS and CONNACK together
  std::optional<OutgoingMessage> will;
  int window = 20;                             ///< below 20 Nagle costs a factor of 250 with 60 KiB messages
};

struct Connected {
  int receive_maximum = 65535;  ///< of the broker: no more unacknowledged publishes than this
  std::string tls_version, tls_suite, tls_group, tls_signature;
};
struct ConnectFailed { LinkProblem problem; };
struct Disconnected { LinkProblem problem; };  ///< kNone after our own disconnect()
struct PublishDone {
  std::uint64_t token = 0;
  bool acknowledged = false;  ///< a PUBACK came
  int reason_code = 0;        ///< of the PUBACK: 0 good, 0x10 no subscriber, ≥ 0x80 refused
};
struct SubscribeDone { bool granted = false; int reason_code = 0; };
using MqttEvent = std::variant<Connected, ConnectFailed, Disconnected, PublishDone, SubscribeDone, IncomingMessage>;

class MqttClient {
 public:
  virtual ~MqttClient() = default;  ///< no event comes after this
  virtual Result<void> connect() = 0;
  virtual Result<void> publish(std::uint64_t token, const OutgoingMessage& message) = 0;  ///< token < 2^40
  virtual Result<void> subscribe(const std::vector<std::string>& filters) = 0;
  virtual void disconnect() = 0;  ///< orderly: the broker forgets the will
};

using MqttEventSink = std::function<void(MqttEvent)>;
using MqttClientFactory =
    std::function<std::unique_ptr<MqttClient>(const ConnectSettings&, ipc::EventLoop&, MqttEventSink)>;

/// Makes PahoClients. TlsGuard::install() has been called.
MqttClientFactory paho_client_factory();

}  // namespace veilgate::uplink
