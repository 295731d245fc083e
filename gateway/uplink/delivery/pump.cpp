#include "delivery/pump.h"

#include <utility>

#include "core/log.h"

namespace veilgate::uplink {
namespace {

OutgoingMessage to_message(const OutboxRecord& record) {
  OutgoingMessage message;
  message.topic = record.envelope.topic();
  message.payload = record.envelope.wire();
  message.retain = record.envelope.retained() ? Retain::kYes : Retain::kNo;
  message.content_type = "application/vnd.veilgate.record";
  message.properties = {{"schema", "veilgate-record/1"}};
  return message;
}

void complain(const Error& error, const char* doing) {
  VG_LOG(kError, "delivery", std::string(doing) + ": " + error.message());
}

}  // namespace

Pump::Pump(ipc::EventLoop& loop, const Clock& clock, Outbox& outbox, Publisher& publisher, OnQuarantine on_quarantine)
    : loop_(loop), clock_(clock), outbox_(outbox), publisher_(publisher), on_quarantine_(std::move(on_quarantine)) {}

Pump::~Pump() {
  *alive_ = false;
  loop_.cancel(rest_timer_);
}

void Pump::open() {
  open_ = true;
  open_since_ = clock_.now();
  fill();
}

void Pump::close() {
  open_ = false;
  loop_.cancel(std::exchange(rest_timer_, 0));
  rest_backoff_.reset();
  settle();
  in_flight_.clear();
  outbox_.release_all();
}

void Pump::wake() {
  if (open_ && rest_timer_ == 0) fill();
}

void Pump::fill() {
  const int room = publisher_.free_window();
  if (room == 0) return;
  auto records = outbox_.next_unsent(static_cast<std::size_t>(room));
  if (!records) return complain(records.error(), "reading the outbox");
  for (const auto& record : *records) {
    if (auto published = publisher_.publish(static_cast<std::uint64_t>(record.id), to_message(record)); !published) {
      released_.push_back(record.id);
      schedule_settle();
      continue;
    }
    const auto& header = record.envelope.header();
    in_flight_[record.id] = {header.time, header.topic, record.accepted >= open_since_};
  }
}

void Pump::on_published(std::uint64_t token, PublishOutcome outcome, int reason_code) {
  const auto found = in_flight_.find(static_cast<OutboxId>(token));
  if (found == in_flight_.end()) return;
  const InFlight record = std::move(found->second);
  in_flight_.erase(found);
  const auto id = static_cast<OutboxId>(token);
  switch (outcome) {
    case PublishOutcome::kAcknowledged:
      ++counters_.acknowledged;
      if (record.fresh) latency_.add(clock_.now() - record.sealed);
      rest_backoff_.reset();
      acknowledged_.push_back(id);
      break;
    case PublishOutcome::kNoSubscriber:
      ++counters_.no_subscriber;
      released_.push_back(id);
      rest();
      break;
    case PublishOutcome::kRefused:
      ++counters_.refused;
      refused_.push_back(id);
      VG_LOG(kError, "delivery", "the broker refuses a record topic=" + record.topic + " reason=" +
                                     std::to_string(reason_code) + ": kept in quarantine, check its access rules");
      on_quarantine_(record.topic, reason_code);
      break;
    case PublishOutcome::kFailed:
      ++counters_.failed;
      released_.push_back(id);
      break;
  }
  schedule_settle();
}

void Pump::schedule_settle() {
  if (std::exchange(settle_scheduled_, true)) return;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    settle();
    wake();
  });
}

void Pump::settle() {
  settle_scheduled_ = false;
  // What cannot be marked now is published again later: twice rather than never, and the id tells.
  if (const auto ids = std::exchange(acknowledged_, {}); !ids.empty())
    if (auto marked = outbox_.mark_sent(ids); !marked) {
      complain(marked.error(), "marking records sent");
      outbox_.release(ids);
    }
  if (const auto ids = std::exchange(refused_, {}); !ids.empty())
    if (auto moved = outbox_.quarantine(ids); !moved) complain(moved.error(), "moving records to quarantine");
  if (const auto ids = std::exchange(released_, {}); !ids.empty()) outbox_.release(ids);
}

void Pump::rest() {
  if (rest_timer_ != 0) return;
  const Millis wait = rest_backoff_.next();
  VG_LOG(kInfo, "delivery", "nobody subscribes; next try in ms=" + std::to_string(wait.count()));
  rest_timer_ = loop_.after(wait, [this] {
    rest_timer_ = 0;
    wake();
  });
}

}  // namespace veilgate::uplink
