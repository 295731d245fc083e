#pragma once
// Keeps one connection to one of several brokers for as long as the process lives: tries them in order, waits with
// jitter after a full round, makes a fresh client for every attempt, notices a broker that does not acknowledge, and
// says honestly why there is no connection. `on_online` comes only after an accepted CONNACK.
// Thread word: thread-bound to its loop.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/clock.h"
#include "ipc/event_loop.h"
#include "mqtt/backoff.h"
#include "mqtt/mqtt_client.h"
#include "mqtt/publisher.h"

namespace veilgate::uplink {

struct LinkSettings {
  std::vector<BrokerUrl> brokers;           ///< tried in order, at least one
  ConnectSettings connect;                  ///< its broker is filled in per attempt
  std::vector<std::string> subscriptions;   ///< made anew after every connect
  TlsProfile profile = TlsProfile::kIntl;
  Millis first_wait{1000};
  Millis longest_wait{60'000};
  Millis acknowledge_within{20'000};        ///< an unacknowledged publish older than this ends the connection
  Millis stable_after{30'000};              ///< a connection that lived this long resets the waiting
  std::uint64_t seed = 0;                   ///< of the jitter
};

struct LinkStatus {
  bool online = false;
  BrokerUrl broker;             ///< connected to, or tried last
  LinkProblem problem;          ///< why not online; kNone when online
  std::string tls_version, tls_suite, tls_group, tls_signature;
  std::uint64_t connects = 0;   ///< accepted connections since start
  std::uint64_t failures = 0;   ///< failed attempts and lost connections since start
  int in_flight = 0;
  std::map<std::string, std::uint64_t> faults;  ///< failures by cause
};

class BrokerLink final : public Publisher {
 public:
  struct Callbacks {
    std::function<void()> on_online;
    std::function<void(const LinkProblem&)> on_offline;  ///< was online
    std::function<void(const LinkProblem&)> on_failed;   ///< an attempt did not come to be; may be absent
    std::function<void(std::uint64_t token, PublishOutcome, int reason_code)> on_published;
    std::function<void(IncomingMessage)> on_message;
  };

  BrokerLink(ipc::EventLoop& loop, const Clock& clock, MqttClientFactory factory, LinkSettings settings,
             Callbacks callbacks);
  ~BrokerLink() override;

  void start();
  /// Orderly disconnect, no reconnect; what is in flight is reported as failed. `on_stopped` comes once the broker
  /// has been told (so that it forgets the will) or could not be.
  void stop(std::function<void()> on_stopped);

  /// Goes on to the next broker of the list, if there is one: the platform is not at this one.
  void move_on(const std::string& why);

  bool online() const override { return status_.online; }
  int free_window() const override;
  Result<void> publish(std::uint64_t token, OutgoingMessage message) override;
  LinkStatus status() const;

 private:
  struct Pending {
    std::uint64_t token;
    Retain retain;
    MonoTime since;
  };
  void attempt();
  void handle(MqttEvent event);
  void on_connected(const Connected& connected);
  void on_published(const PublishDone& done);
  void fail(const LinkProblem& problem);
  void schedule();
  void drop_client();
  void stopped();
  void watch_acknowledgements();

  ipc::EventLoop& loop_;
  const Clock& clock_;
  MqttClientFactory factory_;
  LinkSettings settings_;
  Callbacks callbacks_;
  Backoff backoff_;
  std::unique_ptr<MqttClient> client_;
  std::uint64_t generation_ = 0;  ///< of the client: an older one's late events are ignored
  std::size_t next_broker_ = 0;
  LinkStatus status_;
  MonoTime online_since_{};
  int window_ = 0;
  std::uint64_t next_publish_ = 1;
  std::map<std::uint64_t, Pending> pending_;  ///< by our own publish number
  ipc::EventLoop::TimerId retry_timer_ = 0;
  ipc::EventLoop::TimerId watch_timer_ = 0;
  bool running_ = false;
  std::function<void()> on_stopped_;
};

}  // namespace veilgate::uplink
