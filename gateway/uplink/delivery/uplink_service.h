#pragma once
// veilgate-uplink without its main: lanes submit sealed records over a socket, the outbox keeps them, the broker link
// carries them, the platform's signed commands come back. Joins Intake, Pump, StateBoard, CommandGate and BrokerLink
// and drives what depends on time: bounds, gap records, own checkpoints, health.
//
//   lane → Intake → Outbox → Pump → BrokerLink ⇒ broker           …/commands ⇒ CommandGate → receipts, resends
//
// Thread word: thread-bound to its loop.

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "commands/command_gate.h"
#include "config/config.h"
#include "core/clock.h"
#include "delivery/intake.h"
#include "delivery/lost_watch.h"
#include "delivery/pump.h"
#include "delivery/state_board.h"
#include "envelope/envelope_sealer.h"
#include "ipc/client.h"
#include "ipc/event_loop.h"
#include "ipc/server.h"
#include "mqtt/broker_link.h"
#include "outbox/sqlite_outbox.h"

namespace veilgate::uplink {

struct UplinkDirectories {
  std::string runtime, state, credentials;
};

class UplinkService {
 public:
  /// Checks everything that can be checked at once: keys, stores, socket. `loop` and `clock` must outlive it.
  static Result<std::unique_ptr<UplinkService>> create(ipc::EventLoop& loop, const Clock& clock, const Config& config,
                                                       const UplinkDirectories& directories);
  ~UplinkService();

  void start();
  /// Takes no more submissions, sends what it can within `limit`, says "stopped", disconnects; then `on_stopped`.
  void stop(Millis limit, std::function<void()> on_stopped);
  /// The state of the process as a JSON object; also what the socket answers to "status".
  std::string status_json() const;

 private:
  struct Keys {
    SigningKey signing;
    EncryptionKey platform_encryption;
    VerifyingKey platform_signature;
  };
  UplinkService(ipc::EventLoop& loop, const Clock& clock, const Config& config, UplinkDirectories directories,
                TopicScheme topics);
  Result<void> open_stores();
  Result<Keys> load_keys() const;
  Result<LinkSettings> link_settings() const;
  void make_link(LinkSettings settings);
  Result<void> listen();
  void on_request(ipc::Message request, const ipc::Responder& responder);
  void on_online();
  void on_offline(const LinkProblem& problem);
  void note_refusal(const LinkProblem& problem);
  void on_published(std::uint64_t token, PublishOutcome outcome, int reason_code);
  void on_command(const IncomingMessage& message);
  void carry_out(const VerifiedCommand& command);
  void look_for_the_platform();
  void send_lost_again();
  void announce_drops();
  void seal_and_append(Result<std::vector<SealedEnvelope>> records, const char* what);
  void schedule_checkpoint();
  void send_health();
  void watch_cameras();
  void take_cameras(const std::string& status);
  enum class Haste { kNo, kYes };
  void try_finish(Haste haste);
  void disconnect();
  void audit(AuditEvent event, AuditOutcome outcome, std::string object, std::string content);

  ipc::EventLoop& loop_;
  const Clock& clock_;
  const Config config_;
  UplinkDirectories directories_;
  TopicScheme topics_;
  std::unique_ptr<AuditLog> audit_;
  std::unique_ptr<SqliteOutbox> outbox_;
  std::optional<EnvelopeSealer> sealer_;
  std::unique_ptr<CommandGate> gate_;
  std::unique_ptr<BrokerLink> link_;
  std::unique_ptr<StateBoard> board_;
  std::unique_ptr<Pump> pump_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<ipc::Server> server_;
  std::unique_ptr<ipc::Client> surveillance_;
  std::set<std::string> cameras_;
  std::vector<ipc::EventLoop::TimerId> timers_;
  ipc::EventLoop::TimerId checkpoint_timer_ = 0;
  LostWatch lost_watch_;
  MonoTime heard_{};                ///< of the last receipt, or when this connection began
  std::uint64_t heard_acknowledged_ = 0;  ///< publishes acknowledged until then
  LinkFault audited_fault_ = LinkFault::kNone;
  UtcTime started_{};
  std::uint64_t receipts_ = 0, resends_ = 0, gap_records_ = 0, lost_at_broker_ = 0;
  std::function<void()> on_stopped_;
  bool finishing_ = false;  ///< the last word is on its way
};

}  // namespace veilgate::uplink
