#include "delivery/intake.h"

#include <algorithm>

#include "core/log.h"

namespace veilgate::uplink {

Intake::Intake(ipc::EventLoop& loop, Outbox& outbox, GatewayId gateway, std::string topic_base,
               std::function<void()> on_accepted)
    : loop_(loop), outbox_(outbox), gateway_(std::move(gateway)), topic_base_(std::move(topic_base)),
      on_accepted_(std::move(on_accepted)) {}

Intake::~Intake() { *alive_ = false; }

Result<SealedEnvelope> Intake::examine(ipc::Submission submission, Lane lane) const {
  VG_TRY(auto envelope, SealedEnvelope::from_wire(std::move(submission.envelope), lane, gateway_));
  if (envelope.topic() != submission.topic)
    return Error(ErrorCode::kInvalidInput, "the topic is not the one the record was sealed for");
  // A lane publishes below its own name, its keys and its cameras; whoever has taken it over gets no further.
  const std::string name = to_string(lane);
  const bool own = envelope.topic().starts_with(topic_base_ + "/" + name + "/") ||
                   envelope.topic().starts_with(topic_base_ + "/keys/" + name + "/") ||
                   (lane == Lane::kSurveillance && envelope.topic().starts_with(topic_base_ + "/cameras/"));
  if (!own) return Error(ErrorCode::kPermission, "lane " + name + " may not publish to " + envelope.topic());
  return envelope;
}

void Intake::submit(ipc::Submission submission, Lane lane, Answer answer) {
  auto envelope = examine(std::move(submission), lane);
  if (!envelope) {
    ++refused_;
    VG_LOG(kWarning, "delivery", "submission refused lane=" + std::string(to_string(lane)) + " why=\"" +
                                     envelope.error().message() + "\"");
    answer(envelope.error());
    return;
  }
  waiting_.push_back({std::move(*envelope), std::move(answer)});
  if (scheduled_) return;
  scheduled_ = true;
  loop_.post([this, alive = alive_] {
    if (*alive) commit();
  });
}

void Intake::commit() {
  scheduled_ = false;
  while (!waiting_.empty()) {
    std::vector<Waiting> batch;
    std::vector<SealedEnvelope> records;
    while (!waiting_.empty() && batch.size() < Outbox::kMaxBatch) {
      records.push_back(waiting_.front().envelope);
      batch.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    const Result<void> together = outbox_.append(records);
    for (auto& item : batch)
      settle(item, together ? Result<void>() : batch.size() == 1 ? together : outbox_.append({&item.envelope, 1}));
  }
  on_accepted_();
}

void Intake::settle(Waiting& item, Result<void> result) {
  if (result) {
    ++accepted_;
  } else {
    ++refused_;
    VG_LOG(kError, "delivery", "cannot store a record: " + result.error().message());
  }
  item.answer(std::move(result));
}

Result<void> Intake::append(std::span<const SealedEnvelope> records) {
  for (std::size_t at = 0; at < records.size(); at += Outbox::kMaxBatch)
    VG_CHECK(outbox_.append(records.subspan(at, std::min(Outbox::kMaxBatch, records.size() - at))));
  if (!records.empty()) on_accepted_();
  return {};
}

}  // namespace veilgate::uplink
