#include "delivery/state_board.h"

#include <utility>

#include "core/log.h"

namespace veilgate::uplink {
namespace {
constexpr const char* kJson = "application/json";
constexpr const char* kText = "text/plain";
constexpr const char* kRecord = "application/vnd.veilgate.record";
}  // namespace

OutgoingMessage StateBoard::availability(const TopicScheme& topics, const std::string& word) {
  OutgoingMessage message;
  message.topic = topics.availability();
  message.payload.assign(word.begin(), word.end());
  message.retain = Retain::kYes;
  message.content_type = kText;
  return message;
}

void StateBoard::set_info(std::string json) { put(topics_.info(), std::move(json), kJson); }

void StateBoard::set_camera(const std::string& camera, std::string json) {
  put(topics_.camera_status(camera), std::move(json), kJson);
}

void StateBoard::forget_camera(const std::string& camera) { put(topics_.camera_status(camera), "", kJson); }

void StateBoard::set_session(const std::string& topic, const Bytes& wire) {
  put(topic, std::string(as_text(wire)), kRecord);
}

void StateBoard::put(const std::string& topic, std::string payload, const char* content_type) {
  const auto found = wanted_.find(topic);
  if (found != wanted_.end() && found->second.payload == payload) return;
  wanted_[topic] = {std::move(payload), content_type};
  dirty_.insert(topic);
  wake();
}

void StateBoard::resend(std::function<void()> on_ready) {
  phase_ = Phase::kState;
  on_ready_ = std::move(on_ready);
  in_flight_.clear();
  for (const auto& [topic, state] : wanted_)
    if (topic != topics_.availability()) dirty_.insert(topic);
  dirty_.erase(topics_.availability());
  wake();
}

void StateBoard::stopped(std::function<void()> on_acknowledged) {
  if (phase_ == Phase::kOffline) return on_acknowledged();
  phase_ = Phase::kStopping;
  on_stopped_ = std::move(on_acknowledged);
  wanted_[topics_.availability()] = {"stopped", kText};
  dirty_ = {topics_.availability()};
  wake();
}

void StateBoard::offline() {
  phase_ = Phase::kOffline;
  in_flight_.clear();
  on_ready_ = nullptr;
  if (auto tell = std::exchange(on_stopped_, nullptr)) tell();
}

void StateBoard::wake() {
  if (phase_ == Phase::kOffline) return;
  if (phase_ == Phase::kState && dirty_.empty() && in_flight_.empty()) {
    phase_ = Phase::kOnline;
    wanted_[topics_.availability()] = {"online", kText};
    dirty_.insert(topics_.availability());
  }
  while (!dirty_.empty() && publisher_.free_window() > 0) {
    const std::string topic = *dirty_.begin();
    const State& state = wanted_[topic];
    OutgoingMessage message = availability(topics_, state.payload);
    message.topic = topic;
    message.content_type = state.content_type;
    const std::uint64_t token = next_token_++;
    if (!publisher_.publish(token, std::move(message))) return;
    in_flight_[token] = topic;
    dirty_.erase(topic);
  }
}

void StateBoard::on_published(std::uint64_t token, PublishOutcome outcome) {
  const auto found = in_flight_.find(token);
  if (found == in_flight_.end()) return;
  const std::string topic = std::move(found->second);
  in_flight_.erase(found);
  if (outcome == PublishOutcome::kRefused)
    VG_LOG(kError, "delivery", "the broker refuses state topic=" + topic + ": check its access rules");
  if (outcome == PublishOutcome::kFailed) dirty_.insert(topic);
  if (topic == topics_.availability() && outcome != PublishOutcome::kFailed) {
    if (auto tell = std::exchange(on_ready_, nullptr)) tell();
    if (phase_ == Phase::kStopping)
      if (auto tell = std::exchange(on_stopped_, nullptr)) tell();
  }
  wake();
}

}  // namespace veilgate::uplink
