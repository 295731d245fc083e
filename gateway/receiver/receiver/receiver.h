#pragma once
// The platform's reference receiver without its main: judges every record, hands verified results to the sinks, commits
// them, asks for what is missing, gives signed receipts. Order of promises: safe in the sinks → committed to the chain
// (the replay window) → receipted. A crash in between repeats a result; nothing is lost and ids tell repeats apart.
//
// A repeated record is `replay` and never delivered again. Right after a reconnection or a resend of ours, repeats are
// the protocol's own (MQTT 5 section 4.4, at least once): then they count as duplicates, not as rejections.
// Thread word: thread-bound to its loop.

#include <array>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/clock.h"
#include "envelope/envelope_opener.h"
#include "envelope/topics.h"
#include "mqtt/mqtt_client.h"
#include "receipts/command_sender.h"
#include "sinks/result_sink.h"

namespace veilgate::receiver {

struct ReceiverCounters {
  std::array<std::uint64_t, kAnswerCount> answers{};  ///< every record, by answer
  std::uint64_t verified_results = 0;  ///< data records of the lanes, class status aside
  std::uint64_t rejected = 0;          ///< refused for good
  std::uint64_t duplicates = 0;        ///< the protocol's own repeats
  std::uint64_t confirmed = 0, broken = 0;  ///< records by what their chain says
  std::uint64_t announced_dropped = 0; ///< records the gateway says it dropped
  std::uint64_t receipts = 0, resends = 0;
};

class Receiver {
 public:
  struct Happenings {
    std::function<void(Answer, const std::string& topic, const std::string& detail)> on_refused;
    std::function<void(const ChainUpdate&)> on_chain;
    std::function<void(const std::string& text)> on_notice;  ///< gaps, gateways that come and go
  };
  using Send = std::function<bool(uplink::OutgoingMessage)>;  ///< false: not now

  /// All references must outlive it; `gateways` by id with their topics.
  Receiver(const Clock& clock, EnvelopeOpener opener, SessionStore& store, Router& router, CommandSender& commands,
           std::map<std::string, TopicScheme> gateways, Send send, Happenings happenings);

  void on_message(const uplink::IncomingMessage& message);
  void on_online();   ///< connected (again)
  /// Commits what came, sends receipts, asks for gaps; call it often, at least every 100 ms.
  void tick();

  const ReceiverCounters& counters() const { return counters_; }
  /// Nothing waits: every record is confirmed, no gap is open, no gateway that was online is still speaking.
  bool settled() const;
  MonoTime last_message() const { return last_message_; }

 private:
  struct Held {
    Bytes wire;
    std::string topic;
    MonoTime since{};
  };
  struct Session {
    std::string gateway;
    bool touched = false;        ///< something new to receipt
    MonoTime active{};           ///< when it last was
    std::uint64_t pending = 0;   ///< records not yet confirmed
    std::uint64_t missing = 0;
    MonoTime missing_since{};
    int asked = 0;
  };
  void take_record(Bytes wire, const std::string& topic, bool retained);
  void take_state(const std::string& topic, const uplink::IncomingMessage& message);
  void hold(const RecordHeader& header, Bytes wire, const std::string& topic);
  void release_held(const SessionId& session);
  void expire_held();
  void deliver(VerifiedRecord record);
  void refuse(Answer answer, const std::string& gateway, const std::string& topic, const std::string& detail);
  void commit();
  void take_update(const ChainUpdate& update);
  void look_for_gaps();
  void ask_again(const SessionId& id, Session& session, const std::vector<SequenceRange>& missing);
  void send_receipts();
  void repeat_receipts();
  bool send_command(const std::string& gateway, uplink::CommandBody body);
  bool repeats_expected(const std::string& gateway) const;
  const std::string* gateway_of(const std::string& topic) const;

  const Clock& clock_;
  EnvelopeOpener opener_;
  SessionStore& store_;
  Router& router_;
  CommandSender& commands_;
  std::map<std::string, TopicScheme> gateways_;
  Send send_;
  Happenings happenings_;
  ReceiverCounters counters_;
  std::vector<VerifiedRecord> batch_;
  std::set<std::pair<SessionId, std::uint64_t>> in_batch_;
  std::map<SessionId, std::deque<Held>> held_;
  std::size_t held_bytes_ = 0;
  std::map<SessionId, Session> sessions_;
  std::map<std::string, std::string> availability_;       ///< by gateway
  std::map<std::string, MonoTime> repeats_until_;         ///< by gateway
  MonoTime last_message_{}, last_receipts_{}, last_gaps_{}, last_repeat_{};
  bool was_online_ = false;
};

}  // namespace veilgate::receiver
