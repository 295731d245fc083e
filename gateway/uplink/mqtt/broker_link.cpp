#include "mqtt/broker_link.h"

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "mqtt/tls_profile.h"

namespace veilgate::uplink {

const char* to_string(PublishOutcome outcome) {
  switch (outcome) {
    case PublishOutcome::kAcknowledged: return "acknowledged";
    case PublishOutcome::kNoSubscriber: return "no_subscriber";
    case PublishOutcome::kRefused: return "refused";
    case PublishOutcome::kFailed: return "failed";
  }
  return "failed";
}

PublishOutcome outcome_of(const PublishDone& done, Retain retain) {
  if (!done.acknowledged) return PublishOutcome::kFailed;
  if (done.reason_code >= 0x80) return PublishOutcome::kRefused;
  if (done.reason_code == 0x10 && retain == Retain::kNo) return PublishOutcome::kNoSubscriber;
  return PublishOutcome::kAcknowledged;
}

BrokerLink::BrokerLink(ipc::EventLoop& loop, const Clock& clock, MqttClientFactory factory, LinkSettings settings,
                       Callbacks callbacks)
    : loop_(loop), clock_(clock), factory_(std::move(factory)), settings_(std::move(settings)),
      callbacks_(std::move(callbacks)), backoff_(settings_.first_wait, settings_.longest_wait, settings_.seed) {
  VG_ASSERT(!settings_.brokers.empty());
  status_.broker = settings_.brokers.front();
}

BrokerLink::~BrokerLink() {
  loop_.cancel(retry_timer_);
  loop_.cancel(watch_timer_);
}

void BrokerLink::start() {
  running_ = true;
  watch_timer_ = loop_.every(Millis{500}, [this] { watch_acknowledgements(); });
  attempt();
}

void BrokerLink::stop(std::function<void()> on_stopped) {
  running_ = false;
  on_stopped_ = std::move(on_stopped);
  loop_.cancel(std::exchange(watch_timer_, 0));
  loop_.cancel(std::exchange(retry_timer_, 0));
  if (!client_ || !status_.online) {
    loop_.post([this] { stopped(); });
    return;
  }
  status_.online = false;
  client_->disconnect();
  retry_timer_ = loop_.after(Millis{2000}, [this] { stopped(); });
}

void BrokerLink::move_on(const std::string& why) {
  if (settings_.brokers.size() < 2 || !status_.online || !running_) return;
  online_since_ = clock_.monotonic();  // not a connection that did well: the next broker, not the first
  fail({LinkFault::kNobodyListens, 0, why});
}

void BrokerLink::stopped() {
  drop_client();
  if (auto tell = std::exchange(on_stopped_, nullptr)) tell();
}

int BrokerLink::free_window() const {
  return status_.online ? std::max(0, window_ - static_cast<int>(pending_.size())) : 0;
}

Result<void> BrokerLink::publish(std::uint64_t token, OutgoingMessage message) {
  if (free_window() == 0) return Error(ErrorCode::kUnavailable, "the broker link takes nothing now");
  const std::uint64_t number = next_publish_++;
  VG_CHECK(client_->publish(number, message));
  pending_[number] = {token, message.retain, clock_.monotonic()};
  return {};
}

LinkStatus BrokerLink::status() const {
  LinkStatus status = status_;
  status.in_flight = static_cast<int>(pending_.size());
  return status;
}

void BrokerLink::attempt() {
  retry_timer_ = 0;
  if (!running_) return;
  ConnectSettings connect = settings_.connect;
  connect.broker = settings_.brokers[next_broker_ % settings_.brokers.size()];
  status_.broker = connect.broker;
  const std::uint64_t generation = ++generation_;
  client_ = factory_(connect, loop_, [this, generation](MqttEvent event) {
    if (generation == generation_ && client_) handle(std::move(event));
  });
  if (auto connecting = client_->connect(); !connecting) {
    fail({LinkFault::kLocal, 0, connecting.error().message()});
    return;
  }
  // A broker that accepts the connection and then says nothing at all must not hold us for ever.
  retry_timer_ = loop_.after(settings_.connect.timeout + Millis{3000}, [this] {
    retry_timer_ = 0;
    fail({LinkFault::kTimeout, 0, "no answer to CONNECT"});
  });
}

void BrokerLink::handle(MqttEvent event) {
  if (!running_) {  // saying goodbye
    if (std::holds_alternative<Disconnected>(event)) stopped();
    return;
  }
  if (auto* connected = std::get_if<Connected>(&event)) return on_connected(*connected);
  if (auto* failed = std::get_if<ConnectFailed>(&event)) return fail(failed->problem);
  if (auto* lost = std::get_if<Disconnected>(&event)) return fail(lost->problem);
  if (auto* done = std::get_if<PublishDone>(&event)) return on_published(*done);
  if (auto* subscribed = std::get_if<SubscribeDone>(&event)) {
    if (!subscribed->granted) {
      VG_LOG(kWarning, "mqtt", "subscription refused reason=" + std::to_string(subscribed->reason_code));
      fail({LinkFault::kBrokerRefused, subscribed->reason_code, "a subscription was refused"});
    }
    return;
  }
  if (auto* message = std::get_if<IncomingMessage>(&event))
    if (callbacks_.on_message) callbacks_.on_message(std::move(*message));
}

void BrokerLink::on_connected(const Connected& connected) {
  loop_.cancel(std::exchange(retry_timer_, 0));
  if (auto allowed = check_negotiated(settings_.profile, connected.tls_version, connected.tls_suite); !allowed)
    return fail({LinkFault::kProfile, 0, allowed.error().message()});
  if (!settings_.subscriptions.empty())
    if (auto subscribed = client_->subscribe(settings_.subscriptions); !subscribed)
      return fail({LinkFault::kLost, 0, subscribed.error().message()});
  status_.online = true;
  status_.problem = {};
  status_.tls_version = connected.tls_version;
  status_.tls_suite = connected.tls_suite;
  status_.tls_group = connected.tls_group;
  status_.tls_signature = connected.tls_signature;
  ++status_.connects;
  online_since_ = clock_.monotonic();
  window_ = std::min(settings_.connect.window, connected.receive_maximum);
  VG_LOG(kInfo, "mqtt", "online broker=" + to_string(status_.broker) + " tls=" + connected.tls_version +
                            " suite=" + connected.tls_suite + " group=" + connected.tls_group +
                            " signature=" + connected.tls_signature);
  if (callbacks_.on_online) callbacks_.on_online();
}

void BrokerLink::on_published(const PublishDone& done) {
  const auto found = pending_.find(done.token);
  if (found == pending_.end()) return;
  const Pending pending = found->second;
  pending_.erase(found);
  if (callbacks_.on_published) callbacks_.on_published(pending.token, outcome_of(done, pending.retain), done.reason_code);
}

void BrokerLink::fail(const LinkProblem& problem) {
  const bool was_online = status_.online;
  if (was_online && clock_.monotonic() - online_since_ >= settings_.stable_after) {
    backoff_.reset();
    next_broker_ = 0;  // the first of the list is preferred again
  } else {
    ++next_broker_;
  }
  ++status_.failures;
  ++status_.faults[to_string(problem.fault)];
  // A broker that refuses our certificate closes while we write: its alert is not always read. What was known stays.
  const bool same_cause = !was_online && problem.fault == LinkFault::kLost &&
                          status_.problem.fault == LinkFault::kClientRefused;
  if (!same_cause) status_.problem = problem;
  VG_LOG(kWarning, "mqtt", "no connection broker=" + to_string(status_.broker) + " cause=" + to_string(problem.fault) +
                               " detail=\"" + problem.detail + "\"");
  drop_client();
  if (was_online && callbacks_.on_offline) callbacks_.on_offline(problem);
  if (!was_online && callbacks_.on_failed) callbacks_.on_failed(problem);
  if (running_) schedule();
}

void BrokerLink::schedule() {
  loop_.cancel(retry_timer_);
  // Within one round over the list only a short wait: the next broker may be well.
  const bool round_over = next_broker_ % settings_.brokers.size() == 0;
  const Millis wait = round_over ? backoff_.next() : Millis{100};
  retry_timer_ = loop_.after(wait, [this] { attempt(); });
}

void BrokerLink::drop_client() {
  status_.online = false;
  ++generation_;
  loop_.cancel(std::exchange(retry_timer_, 0));
  // Called from an event of this very client at times: it dies after the event is over.
  if (client_) loop_.post([dead = std::shared_ptr<MqttClient>(std::move(client_))] {});
  client_.reset();
  for (const auto& [number, pending] : std::exchange(pending_, {}))
    if (callbacks_.on_published) callbacks_.on_published(pending.token, PublishOutcome::kFailed, 0);
}

void BrokerLink::watch_acknowledgements() {
  if (pending_.empty()) return;
  const auto age = clock_.monotonic() - pending_.begin()->second.since;
  if (age > settings_.acknowledge_within)
    fail({LinkFault::kNoAcknowledgement, 0, "a publish was not acknowledged in time"});
}

}  // namespace veilgate::uplink
