#include "lane/submit_queue.h"

#include <algorithm>
#include <numeric>

#include "core/log.h"

namespace veilgate::surveillance {
namespace {

/// What leaves first when the bounds are reached.
constexpr std::array kDropOrder{MessageClass::kImage, MessageClass::kStatus, MessageClass::kFace,
                                MessageClass::kEvent, MessageClass::kAlarm};
constexpr Millis kCheckpointLook{500};

std::size_t index_of(MessageClass klass) { return static_cast<std::size_t>(klass); }

bool worth_trying_again(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kExhausted || code == ErrorCode::kInternal;
}

}  // namespace

std::uint64_t SubmitCounters::dropped_total() const {
  return std::accumulate(dropped.begin(), dropped.end(), std::uint64_t{0});
}

SubmitQueue::SubmitQueue(ipc::EventLoop& loop, const std::string& uplink_socket, std::unique_ptr<Sealing> sealing,
                         Bounds bounds)
    : loop_(loop), sealing_(std::move(sealing)), bounds_(bounds),
      client_(loop, uplink_socket, {[this] { pump(); }, nullptr}) {
  checkpoint_timer_ = loop_.every(kCheckpointLook, [this] { checkpoint_if_due(); });
}

SubmitQueue::~SubmitQueue() {
  for (const auto timer : {checkpoint_timer_, retry_timer_, drain_timer_}) loop_.cancel(timer);
}

void SubmitQueue::add(Message message) {
  waiting_bytes_ += message.payload.size();
  ++waiting_count_;
  waiting_[index_of(message.message_class)].push_back(std::move(message));
  while (waiting_count_ > bounds_.max_messages || waiting_bytes_ > bounds_.max_bytes) drop_one();
  pump();
}

void SubmitQueue::drop_one() {
  for (const auto klass : kDropOrder) {
    auto& queue = waiting_[index_of(klass)];
    if (queue.empty()) continue;
    waiting_bytes_ -= queue.front().payload.size();
    --waiting_count_;
    queue.pop_front();
    if (counters_.dropped[index_of(klass)]++ == 0)
      VG_LOG(kError, "submit", std::string("backlog full, dropping class=") + to_string(klass));
    return;
  }
}

void SubmitQueue::pump() {
  if (!client_.connected() || retry_timer_ != 0) return;
  while (sealed_.size() < bounds_.window && waiting_count_ > 0) seal_next();
  std::size_t looked_at = 0;
  for (auto& record : sealed_) {
    if (looked_at++ >= bounds_.window || !client_.connected()) break;
    if (record.state == RecordState::kReady) send(record);
  }
}

void SubmitQueue::seal_next() {
  for (auto& queue : waiting_) {
    if (queue.empty()) continue;
    const Message message = std::move(queue.front());
    queue.pop_front();
    --waiting_count_;
    waiting_bytes_ -= message.payload.size();
    auto records = sealing_->seal(message);
    if (!records) {
      ++counters_.unsealable;
      VG_LOG(kError, "submit", "cannot be sealed: " + records.error().message());
      return;
    }
    return keep(std::move(records));
  }
}

void SubmitQueue::keep(Result<std::vector<ipc::Submission>> records) {
  if (!records) {
    VG_LOG(kError, "submit", "checkpoint failed: " + records.error().message());
    return;
  }
  for (auto& submission : *records)
    sealed_.push_back(Record{next_number_++, RecordState::kReady, std::move(submission)});
}

void SubmitQueue::send(Record& record) {
  record.state = RecordState::kInFlight;
  client_.request(to_message(record.submission), bounds_.answer_deadline,
                  [this, number = record.number](Result<ipc::Message> answer) { on_answer(number, std::move(answer)); });
}

void SubmitQueue::on_answer(std::uint64_t number, Result<ipc::Message> answer) {
  const auto found = std::find_if(sealed_.begin(), sealed_.end(), [&](const auto& r) { return r.number == number; });
  if (found == sealed_.end()) return;
  const auto verdict = answer ? ipc::parse_submit_answer(*answer) : Result<void>(answer.error());
  if (verdict) {
    ++counters_.accepted;
    sealed_.erase(found);
  } else if (worth_trying_again(verdict.error().code())) {
    found->state = RecordState::kReady;
    return retry_later();
  } else {
    // The uplink will never take it; its chain shows the hole to the platform.
    if (counters_.refused++ == 0) VG_LOG(kError, "submit", "refused by the uplink: " + verdict.error().message());
    sealed_.erase(found);
  }
  finish_when_empty();
  pump();
}

void SubmitQueue::retry_later() {
  if (retry_timer_ != 0) return;
  retry_timer_ = loop_.after(bounds_.retry_after, [this] {
    retry_timer_ = 0;
    pump();
  });
}

void SubmitQueue::checkpoint_if_due() {
  const auto due = sealing_->due();
  if (!due || *due > MonoTime{std::chrono::steady_clock::now().time_since_epoch()}) return;
  keep(sealing_->tick());
  pump();
}

void SubmitQueue::drain(Millis limit, std::function<void()> on_done) {
  on_drained_ = std::move(on_done);
  drain_timer_ = loop_.after(limit, [this] {
    if (const auto done = std::exchange(on_drained_, nullptr)) done();
  });
  while (waiting_count_ > 0) seal_next();
  keep(sealing_->finish());
  loop_.cancel(checkpoint_timer_);
  pump();
  loop_.post([this] { finish_when_empty(); });
}

void SubmitQueue::finish_when_empty() {
  if (!on_drained_ || waiting() > 0) return;
  loop_.cancel(drain_timer_);
  std::exchange(on_drained_, nullptr)();
}

}  // namespace veilgate::surveillance
