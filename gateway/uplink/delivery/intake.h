#pragma once
// Takes sealed records from the lanes into the outbox. Everything that arrives in one turn of the loop is committed
// together, up to Outbox::kMaxBatch per transaction, and each submitter is answered only after its commit: that answer
// is what *accepted* means. A batch that fails is tried record by record, so that one bad record harms no other.
// Thread word: thread-bound to its loop.

#include <deque>
#include <functional>
#include <string>

#include "core/result.h"
#include "envelope/sealed_envelope.h"
#include "ipc/event_loop.h"
#include "ipc/submit.h"
#include "outbox/outbox.h"

namespace veilgate::uplink {

class Intake {
 public:
  using Answer = std::function<void(Result<void>)>;

  /// `on_accepted` runs after every commit. The outbox must outlive the intake.
  Intake(ipc::EventLoop& loop, Outbox& outbox, GatewayId gateway, std::string topic_base,
         std::function<void()> on_accepted);
  ~Intake();

  /// `lane`: who speaks, from the socket. The answer comes later.
  void submit(ipc::Submission submission, Lane lane, Answer answer);
  /// The uplink's own records.
  Result<void> append(std::span<const SealedEnvelope> records);

  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t refused() const { return refused_; }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiting {
    SealedEnvelope envelope;
    Answer answer;
  };
  Result<SealedEnvelope> examine(ipc::Submission submission, Lane lane) const;
  void commit();
  void settle(Waiting& item, Result<void> result);

  ipc::EventLoop& loop_;
  Outbox& outbox_;
  GatewayId gateway_;
  std::string topic_base_;
  std::function<void()> on_accepted_;
  std::deque<Waiting> waiting_;
  bool scheduled_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace veilgate::uplink
