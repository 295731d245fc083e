#pragma once
// The uplink's state as JSON: for `veilgate status`, for the health message and for the retained `…/info`.
// Thread word: reentrant.

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "commands/command_gate.h"
#include "config/config.h"
#include "core/clock.h"
#include "delivery/latency.h"
#include "delivery/pump.h"
#include "mqtt/broker_link.h"
#include "outbox/outbox.h"

namespace veilgate::uplink {

struct StatusFacts {
  const Config& config;
  UtcTime now;
  UtcTime started;
  ClockState clock;
  LinkStatus link;
  OutboxStats outbox;
  const PumpCounters& pump;
  const Latency& latency;
  const CommandGate& commands;
  std::uint64_t accepted, refused, receipts, resends, gap_records, lost_at_broker;
  bool resting;  ///< nobody subscribes
};

/// {"ok", "problems": […], "schema": "veilgate.uplink-status/1.0", …}
std::string status_report(const StatusFacts& facts);
/// `…/info`: version, configuration hash, algorithms. Nothing personal.
std::string info_json(const Config& config, UtcTime started);
/// `…/cameras/<id>/status`, from the lane's own status: only what says whether the camera works, so that it changes
/// when the state does and not with every frame.
std::string camera_state_json(const nlohmann::json& camera);

}  // namespace veilgate::uplink
