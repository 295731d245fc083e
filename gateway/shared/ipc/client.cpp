#include "ipc/client.h"

#include <algorithm>
#include <vector>

#include "ipc/channel.h"

namespace veilgate::ipc {
namespace {
constexpr Millis kFirstBackoff{50};
constexpr Millis kLongestBackoff{2000};
}  // namespace

Client::Client(EventLoop& loop, std::string path, Callbacks callbacks)
    : loop_(loop), path_(std::move(path)), callbacks_(std::move(callbacks)), backoff_(kFirstBackoff) {
  reconnect_timer_ = loop_.after(Millis{0}, [this] { connect(); });
}

Client::~Client() {
  loop_.cancel(reconnect_timer_);
  for (const auto& [id, pending] : pending_) loop_.cancel(pending.timer);
}

void Client::connect() {
  reconnect_timer_ = 0;
  auto channel = Channel::connect(path_);
  if (!channel) return schedule_reconnect();
  backoff_ = kFirstBackoff;
  Connection::Callbacks callbacks;
  callbacks.on_message = [this](Message&& message) { on_message(std::move(message)); };
  callbacks.on_closed = [this](const Error&) { on_closed(); };
  connection_ = std::make_unique<Connection>(loop_, channel->release(), std::move(callbacks));
  if (callbacks_.on_connected) callbacks_.on_connected();
}

void Client::schedule_reconnect() {
  reconnect_timer_ = loop_.after(backoff_, [this] { connect(); });
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

void Client::request(Message message, Millis deadline, Answer on_answer) {
  const std::uint64_t id = next_id_++;
  message.id = id;
  const auto unsent = [this, id](const Error& error) {
    pending_[id].timer = loop_.after(Millis{0}, [this, id, error] { answer(id, error); });
  };
  pending_[id] = Pending{std::move(on_answer), 0};
  if (!connection_) return unsent({ErrorCode::kUnavailable, path_ + ": not connected"});
  if (auto sent = connection_->send(message); !sent) return unsent(sent.error());
  pending_[id].timer = loop_.after(deadline, [this, id] {
    answer(id, Error(ErrorCode::kUnavailable, path_ + ": no answer in time"));
  });
}

void Client::on_message(Message&& message) {
  const std::uint64_t id = message.id;
  answer(id, std::move(message));
}

void Client::on_closed() {
  connection_.reset();
  schedule_reconnect();
  std::vector<std::uint64_t> unanswered;
  for (const auto& [id, pending] : pending_) unanswered.push_back(id);
  if (callbacks_.on_lost) callbacks_.on_lost();
  for (const auto id : unanswered)
    answer(id, Error(ErrorCode::kUnavailable, path_ + ": the connection broke"));
}

void Client::answer(std::uint64_t id, Result<Message> result) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;  // too late, or never asked
  Pending pending = std::move(found->second);
  pending_.erase(found);
  loop_.cancel(pending.timer);
  pending.answer(std::move(result));
}

}  // namespace veilgate::ipc
