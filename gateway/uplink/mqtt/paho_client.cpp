// Paho MQTT C (MQTTAsync) behind MqttClient. Its callbacks run in Paho's threads, in C: they are noexcept, copy what
// they are given and post it to the loop. A callback may still run while a client is being destroyed, so its context
// is a number that is looked up, never a pointer that is followed.

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>

#include <MQTTAsync.h>

#include "core/log.h"
#include "mqtt/ack_watch.h"
#include "mqtt/mqtt_client.h"
#include "mqtt/tls_guard.h"

namespace veilgate::uplink {
namespace {

static_assert(sizeof(void*) == 8, "a callback context carries a client number and a token");
constexpr int kTokenBits = 40;
constexpr std::uint64_t kTokenMask = (std::uint64_t{1} << kTokenBits) - 1;

void* context_of(std::uint64_t client, std::uint64_t token) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(client << kTokenBits | token));
}

/// Where the events of living clients go.
class Registry {
 public:
  std::uint64_t add(std::shared_ptr<ipc::Mailbox> mailbox, std::shared_ptr<MqttEventSink> sink) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t number = next_++ & ((1u << 24) - 1);
    entries_[number] = {std::move(mailbox), sink};
    return number;
  }
  void remove(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    entries_.erase(number);
  }
  void post(const void* context, MqttEvent event) noexcept try {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(reinterpret_cast<std::uintptr_t>(context) >> kTokenBits);
    if (entry == entries_.end()) return;
    entry->second.mailbox->post([sink = entry->second.sink, event = std::move(event)]() mutable {
      if (const auto alive = sink.lock()) (*alive)(std::move(event));
    });
  } catch (...) {
    // Out of memory: the event is lost. A lost PUBACK keeps its record unsent, a lost connection is noticed by time.
  }

 private:
  struct Entry {
    std::shared_ptr<ipc::Mailbox> mailbox;
    std::weak_ptr<MqttEventSink> sink;
  };
  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Entry> entries_;
};

Registry& registry() {
  static auto* living = new Registry;  // Paho's threads may outlive static destruction
  return *living;
}

std::uint64_t token_of(const void* context) { return reinterpret_cast<std::uintptr_t>(context) & kTokenMask; }

LinkProblem connect_problem(const MQTTAsync_failureData5* data) {
  // CONNACK refusals carry an MQTT reason; everything before it is TLS's to explain, then the network's.
  if (data && data->reasonCode >= 0x80)
    return {LinkFault::kBrokerRefused, data->reasonCode, MQTTReasonCode_toString(data->reasonCode)
                                                             ? MQTTReasonCode_toString(data->reasonCode) : ""};
  LinkProblem problem = TlsGuard::instance().problem();
  if (problem.fault != LinkFault::kNone) return problem;
  const std::string detail = data && data->message ? data->message : "";
  if (TlsGuard::instance().outcome().done) return {LinkFault::kLost, 0, detail};
  const bool timeout = detail.find("timeout") != std::string::npos || detail.find("timed out") != std::string::npos;
  return {timeout ? LinkFault::kTimeout : LinkFault::kUnreachable, 0, detail};
}

extern "C" {

static void vg_on_connect(void* context, MQTTAsync_successData5* data) noexcept {
  Connected connected;
  if (data) {
    const int maximum = MQTTProperties_getNumericValue(&data->properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM);
    if (maximum > 0) connected.receive_maximum = maximum;
  }
  const TlsOutcome tls = TlsGuard::instance().outcome();
  connected.tls_version = tls.version;
  connected.tls_suite = tls.suite;
  connected.tls_group = tls.group;
  connected.tls_signature = tls.signature;
  registry().post(context, std::move(connected));
}

static void vg_on_connect_failure(void* context, MQTTAsync_failureData5* data) noexcept {
  registry().post(context, ConnectFailed{connect_problem(data)});
}

static void vg_on_connection_lost(void* context, char* cause) noexcept {
  LinkProblem problem = TlsGuard::instance().problem();
  // The alert that refuses a client certificate arrives after the client's handshake is done (RFC 8446 4.4.2.4).
  if (problem.fault != LinkFault::kClientRefused) problem = {LinkFault::kLost, 0, cause ? cause : "connection lost"};
  registry().post(context, Disconnected{problem});
}

static void vg_on_disconnected(void* context, MQTTProperties*, enum MQTTReasonCodes reason) noexcept {
  const char* text = MQTTReasonCode_toString(reason);
  registry().post(context, Disconnected{{LinkFault::kKicked, reason, text ? text : ""}});
}

static void vg_on_goodbye(void* context, MQTTAsync_successData5*) noexcept {
  registry().post(context, Disconnected{});
}

static void vg_on_goodbye_failure(void* context, MQTTAsync_failureData5*) noexcept {
  registry().post(context, Disconnected{});
}

static int vg_on_message(void* context, char* topic, int length, MQTTAsync_message* message) noexcept {
  try {
    IncomingMessage incoming;
    incoming.topic = length > 0 ? std::string(topic, static_cast<std::size_t>(length)) : std::string(topic);
    const auto* begin = static_cast<const std::uint8_t*>(message->payload);
    incoming.payload.assign(begin, begin + message->payloadlen);
    incoming.retain = message->retained ? Retain::kYes : Retain::kNo;
    registry().post(context, std::move(incoming));
  } catch (...) {
    // Out of memory: dropped here, and asked for again as a gap.
  }
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

static void vg_on_puback(void* context, MQTTAsync_successData5* data) noexcept {
  const int reason = data ? take_acknowledgement_reason(data->token) : 0;  // Paho's own field is always 0 here
  registry().post(context, PublishDone{token_of(context), true, reason});
}

static void vg_on_publish_failure(void* context, MQTTAsync_failureData5* data) noexcept {
  // A refused publish comes here with a PUBACK reason; a broken connection comes here without one.
  const int reason = data ? data->reasonCode : 0;
  registry().post(context, PublishDone{token_of(context), reason >= 0x80, reason});
}

static void vg_on_subscribed(void* context, MQTTAsync_successData5* data) noexcept {
  int worst = data ? data->reasonCode : 0;
  if (data && data->alt.sub.reasonCodeCount > 1)
    for (int i = 0; i < data->alt.sub.reasonCodeCount; ++i)
      if (data->alt.sub.reasonCodes[i] > worst) worst = data->alt.sub.reasonCodes[i];
  registry().post(context, SubscribeDone{worst < 0x80, worst});
}

static void vg_on_subscribe_failure(void* context, MQTTAsync_failureData5* data) noexcept {
  registry().post(context, SubscribeDone{false, data ? data->reasonCode : 0x80});
}

}  // extern "C"

Error paho_error(const char* what, int code) {
  const char* text = MQTTAsync_strerror(code);
  return Error(ErrorCode::kUnavailable, std::string(what) + ": " + (text ? text : "error " + std::to_string(code)));
}

Result<void> write_trust_file(const TlsFiles& files, const std::string& path) {
  std::string text;
  for (const auto* part : {&files.authority, &files.revocation}) {
    if (part->empty()) continue;
    std::ifstream in(*part, std::ios::binary);
    if (!in) return Error(ErrorCode::kNotFound, *part + ": cannot be read: " + std::strerror(errno));
    text.append(std::istreambuf_iterator<char>(in), {});
    text += '\n';
  }
  std::ofstream out(path + ".new", std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out || std::rename((path + ".new").c_str(), path.c_str()) != 0)
    return Error(ErrorCode::kUnavailable, path + ": cannot be written: " + std::strerror(errno));
  return {};
}

class PahoClient final : public MqttClient {
 public:
  PahoClient(const ConnectSettings& settings, ipc::EventLoop& loop, MqttEventSink sink)
      : settings_(settings), sink_(std::make_shared<MqttEventSink>(std::move(sink))),
        number_(registry().add(loop.mailbox(), sink_)) {}

  ~PahoClient() override {
    registry().remove(number_);
    if (handle_) MQTTAsync_destroy(&handle_);
  }

  Result<void> connect() override;
  Result<void> publish(std::uint64_t token, const OutgoingMessage& message) override;
  Result<void> subscribe(const std::vector<std::string>& filters) override;
  void disconnect() override;

 private:
  Result<void> create();

  ConnectSettings settings_;
  std::shared_ptr<MqttEventSink> sink_;
  std::uint64_t number_;
  MQTTAsync handle_ = nullptr;
};

Result<void> PahoClient::create() {
  MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
  options.sendWhileDisconnected = 0;
  options.allowDisconnectedSendAtAnyTime = 0;
  const std::string host = settings_.broker.host.find(':') == std::string::npos ? settings_.broker.host
                                                                                 : "[" + settings_.broker.host + "]";
  const std::string uri = "ssl://" + host + ":" + std::to_string(settings_.broker.port);
  const int rc = MQTTAsync_createWithOptions(&handle_, uri.c_str(), settings_.client_id.c_str(),
                                             MQTTCLIENT_PERSISTENCE_NONE, nullptr, &options);
  if (rc != MQTTASYNC_SUCCESS) return paho_error("MQTT client", rc);
  void* context = context_of(number_, 0);
  MQTTAsync_setCallbacks(handle_, context, vg_on_connection_lost, vg_on_message, nullptr);
  MQTTAsync_setDisconnected(handle_, context, vg_on_disconnected);
  return {};
}

Result<void> PahoClient::connect() {
  VG_CHECK(write_trust_file(settings_.tls, settings_.trust_file));
  VG_CHECK(create());
  TlsGuard::instance().expect({settings_.broker.host, settings_.tls.revocation.empty() ? RevocationCheck::kNoList
                                                                                       : RevocationCheck::kRequired});
  MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
  tls.trustStore = settings_.trust_file.c_str();
  tls.keyStore = settings_.tls.certificate.c_str();
  tls.privateKey = settings_.tls.key.c_str();
  tls.enableServerCertAuth = 1;
  tls.verify = 1;  // its default accepts a certificate for another host
  tls.disableDefaultTrustStore = 1;  // our authority only, not the machine's

  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  if (settings_.will) {
    will.topicName = settings_.will->topic.c_str();
    will.payload.data = settings_.will->payload.data();
    will.payload.len = static_cast<int>(settings_.will->payload.size());
    will.qos = 1;
    will.retained = settings_.will->retain == Retain::kYes;
  }
  MQTTProperties properties = MQTTProperties_initializer;
  MQTTProperty expiry{};
  expiry.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL;
  expiry.value.integer4 = static_cast<unsigned>(settings_.session_expiry.count());
  MQTTProperties_add(&properties, &expiry);

  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
  options.keepAliveInterval = static_cast<int>(settings_.keep_alive.count());
  options.connectTimeout = static_cast<int>(settings_.timeout.count());
  options.cleanstart = settings_.start == SessionStart::kClean;
  options.maxInflight = settings_.window;
  options.automaticReconnect = 0;
  options.ssl = &tls;
  options.will = settings_.will ? &will : nullptr;
  options.connectProperties = &properties;
  options.onSuccess5 = vg_on_connect;
  options.onFailure5 = vg_on_connect_failure;
  options.context = context_of(number_, 0);
  const int rc = MQTTAsync_connect(handle_, &options);
  MQTTProperties_free(&properties);
  if (rc != MQTTASYNC_SUCCESS) return paho_error("connect", rc);
  return {};
}

Result<void> PahoClient::publish(std::uint64_t token, const OutgoingMessage& outgoing) {
  MQTTAsync_message message = MQTTAsync_message_initializer;
  message.payload = const_cast<std::uint8_t*>(outgoing.payload.data());  // Paho copies it
  message.payloadlen = static_cast<int>(outgoing.payload.size());
  message.qos = 1;
  message.retained = outgoing.retain == Retain::kYes;
  const auto view = [](const std::string& text) {
    return MQTTLenString{static_cast<int>(text.size()), const_cast<char*>(text.data())};
  };
  if (!outgoing.content_type.empty()) {
    MQTTProperty property{};
    property.identifier = MQTTPROPERTY_CODE_CONTENT_TYPE;
    property.value.data = view(outgoing.content_type);
    MQTTProperties_add(&message.properties, &property);
  }
  for (const auto& [name, value] : outgoing.properties) {
    MQTTProperty property{};
    property.identifier = MQTTPROPERTY_CODE_USER_PROPERTY;
    property.value.data = view(name);
    property.value.value = view(value);
    MQTTProperties_add(&message.properties, &property);
  }
  if (outgoing.expiry) {
    MQTTProperty property{};
    property.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL;
    property.value.integer4 = static_cast<unsigned>(outgoing.expiry->count());
    MQTTProperties_add(&message.properties, &property);
  }
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.onSuccess5 = vg_on_puback;
  response.onFailure5 = vg_on_publish_failure;
  response.context = context_of(number_, token & kTokenMask);
  const int rc = MQTTAsync_sendMessage(handle_, outgoing.topic.c_str(), &message, &response);
  MQTTProperties_free(&message.properties);
  if (rc != MQTTASYNC_SUCCESS) return paho_error("publish", rc);
  return {};
}

Result<void> PahoClient::subscribe(const std::vector<std::string>& filters) {
  std::vector<char*> topics;
  std::vector<int> qos(filters.size(), 1);
  for (const auto& filter : filters) topics.push_back(const_cast<char*>(filter.c_str()));
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.onSuccess5 = vg_on_subscribed;
  response.onFailure5 = vg_on_subscribe_failure;
  response.context = context_of(number_, 0);
  const int rc = MQTTAsync_subscribeMany(handle_, static_cast<int>(topics.size()), topics.data(), qos.data(), &response);
  if (rc != MQTTASYNC_SUCCESS) return paho_error("subscribe", rc);
  return {};
}

void PahoClient::disconnect() {
  MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
  options.timeout = 1000;
  options.reasonCode = MQTTREASONCODE_NORMAL_DISCONNECTION;
  options.onSuccess5 = vg_on_goodbye;
  options.onFailure5 = vg_on_goodbye_failure;
  options.context = context_of(number_, 0);
  if (!handle_ || MQTTAsync_disconnect(handle_, &options) != MQTTASYNC_SUCCESS)
    registry().post(options.context, Disconnected{});
}

}  // namespace

MqttClientFactory paho_client_factory() {
  return [](const ConnectSettings& settings, ipc::EventLoop& loop, MqttEventSink sink) -> std::unique_ptr<MqttClient> {
    return std::make_unique<PahoClient>(settings, loop, std::move(sink));
  };
}

}  // namespace veilgate::uplink
