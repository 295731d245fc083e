#pragma once
// What the lane has to hand to the uplink. A result counts as accepted only when the uplink has committed it; until
// then it is held here, in RAM, within declared bounds. When the uplink stays away too long the least important is
// dropped first (image, status, face, event, alarm; oldest first within each), counted and reported: it was never
// accepted. Nothing is sealed before it is about to be sent, so a drop leaves no hole in a chain.
//
// Sealed records stay in order until answered: after a lost connection or a full outbox they are submitted again.
// Thread word: thread-bound to its loop.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "envelope/message.h"
#include "ipc/client.h"
#include "ipc/event_loop.h"
#include "ipc/submit.h"

namespace veilgate::surveillance {

/// The role of the lane's sealer (lane/envelope_sealing.h): the only holder of keys.
class Sealing {
 public:
  virtual ~Sealing() = default;
  virtual Result<std::vector<ipc::Submission>> seal(const Message& message) = 0;
  virtual Result<std::vector<ipc::Submission>> tick() = 0;    ///< due checkpoints
  virtual Result<std::vector<ipc::Submission>> finish() = 0;  ///< last checkpoints
  virtual std::optional<MonoTime> due() const = 0;
};

struct SubmitCounters {
  std::uint64_t accepted = 0;                    ///< records committed by the uplink
  std::uint64_t refused = 0;                     ///< records that it will never take
  std::uint64_t unsealable = 0;                  ///< messages that could not be sealed
  std::array<std::uint64_t, 6> dropped{};        ///< messages, by MessageClass
  std::uint64_t dropped_total() const;
};

class SubmitQueue {
 public:
  struct Bounds {
    std::size_t max_messages = 10'000;
    std::size_t max_bytes = 64U << 20;
    std::size_t window = 20;           ///< records in flight
    Millis answer_deadline{10'000};
    Millis retry_after{500};           ///< after a full outbox
  };

  SubmitQueue(ipc::EventLoop& loop, const std::string& uplink_socket, std::unique_ptr<Sealing> sealing, Bounds bounds);
  ~SubmitQueue();

  void add(Message message);
  /// Seals the last checkpoints and calls back when everything is accepted, or after `limit`.
  void drain(Millis limit, std::function<void()> on_done);

  bool connected() const { return client_.connected(); }
  std::size_t waiting() const { return waiting_count_ + sealed_.size(); }
  const SubmitCounters& counters() const { return counters_; }

 private:
  enum class RecordState { kReady, kInFlight };
  struct Record {
    std::uint64_t number;
    RecordState state;
    ipc::Submission submission;
  };
  void pump();
  void seal_next();
  void keep(Result<std::vector<ipc::Submission>> records);
  void send(Record& record);
  void on_answer(std::uint64_t number, Result<ipc::Message> answer);
  void drop_one();
  void checkpoint_if_due();
  void retry_later();
  void finish_when_empty();

  ipc::EventLoop& loop_;
  std::unique_ptr<Sealing> sealing_;
  Bounds bounds_;
  std::array<std::deque<Message>, 6> waiting_;  ///< by MessageClass: alarms leave first
  std::size_t waiting_count_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::deque<Record> sealed_;
  std::uint64_t next_number_ = 1;
  SubmitCounters counters_;
  ipc::EventLoop::TimerId checkpoint_timer_ = 0;
  ipc::EventLoop::TimerId retry_timer_ = 0;
  ipc::EventLoop::TimerId drain_timer_ = 0;
  std::function<void()> on_drained_;
  ipc::Client client_;
};

}  // namespace veilgate::surveillance
