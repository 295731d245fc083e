#pragma once
// Moves records from the outbox to the broker and believes nothing but acknowledgements:
//   acknowledged   → sent (committed in batches, once per turn of the loop)
//   no subscriber  → stays unsent; the pump rests a while, longer each time, since nobody listens
//   refused        → quarantine and alarm: the same record would be refused again
//   failed         → stays unsent; it is handed out again after the next connect
// Thread word: thread-bound to its loop.

#include <functional>
#include <map>
#include <vector>

#include "core/clock.h"
#include "delivery/latency.h"
#include "ipc/event_loop.h"
#include "mqtt/backoff.h"
#include "mqtt/publisher.h"
#include "outbox/outbox.h"

namespace veilgate::uplink {

struct PumpCounters {
  std::uint64_t acknowledged = 0;
  std::uint64_t no_subscriber = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed = 0;
};

class Pump {
 public:
  using OnQuarantine = std::function<void(const std::string& topic, int reason_code)>;

  /// All references must outlive the pump. Tokens it uses are outbox ids (positive, below 2^62).
  Pump(ipc::EventLoop& loop, const Clock& clock, Outbox& outbox, Publisher& publisher, OnQuarantine on_quarantine);
  ~Pump();

  void open();   ///< state has been sent: records may go
  void close();  ///< the link is down: what was handed out goes back
  void wake();   ///< there may be something new
  bool owns(std::uint64_t token) const { return in_flight_.contains(static_cast<OutboxId>(token)); }
  void on_published(std::uint64_t token, PublishOutcome outcome, int reason_code);

  bool idle() const { return in_flight_.empty() && acknowledged_.empty(); }
  const PumpCounters& counters() const { return counters_; }
  const Latency& latency() const { return latency_; }
  bool resting() const { return rest_timer_ != 0; }
  /// How often in a row nobody subscribed.
  int unheard() const { return rest_backoff_.attempts(); }

 private:
  struct InFlight {
    UtcTime sealed{};
    std::string topic;
    bool fresh = false;  ///< accepted while online: its wait is worth measuring
  };
  void fill();
  void schedule_settle();
  void settle();
  void rest();

  ipc::EventLoop& loop_;
  const Clock& clock_;
  Outbox& outbox_;
  Publisher& publisher_;
  OnQuarantine on_quarantine_;
  Backoff rest_backoff_{Millis{500}, Millis{30'000}, 1};
  std::map<OutboxId, InFlight> in_flight_;
  std::vector<OutboxId> acknowledged_, refused_, released_;
  PumpCounters counters_;
  Latency latency_;
  UtcTime open_since_{};
  ipc::EventLoop::TimerId rest_timer_ = 0;
  bool open_ = false;
  bool settle_scheduled_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace veilgate::uplink
