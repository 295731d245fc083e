#include "receiver/receiver.h"

#include <algorithm>
#include <utility>

#include "core/log.h"

namespace veilgate::receiver {
namespace {

constexpr std::size_t kCommitBatch = 256;
constexpr std::size_t kMaxHeldBytes = 64u << 20;
constexpr std::chrono::seconds kHoldAtMost{60};
constexpr std::chrono::seconds kRepeatsFor{30};
constexpr std::chrono::milliseconds kReceiptPeriod{1000};
constexpr std::chrono::seconds kRepeatReceipts{5};   // a receipt may be lost as well
constexpr std::chrono::minutes kRepeatReceiptsFor{2};
constexpr std::chrono::milliseconds kGapPeriod{500};
constexpr std::chrono::milliseconds kGapPatience{1500};
constexpr int kAsksBeforeNotice = 3;
constexpr std::size_t kRangesPerCommand = 500;
constexpr std::chrono::hours kLookBack{24 * 31};

}  // namespace

Receiver::Receiver(const Clock& clock, EnvelopeOpener opener, SessionStore& store, Router& router,
                   CommandSender& commands, std::map<std::string, TopicScheme> gateways, Send send,
                   Happenings happenings)
    : clock_(clock), opener_(std::move(opener)), store_(store), router_(router), commands_(commands),
      gateways_(std::move(gateways)), send_(std::move(send)), happenings_(std::move(happenings)) {
  // What an earlier run left open: gaps are asked for, and receipts that may have been lost are given again.
  auto known = store_.sessions(clock_.now() - kLookBack);
  if (!known) return;
  for (const auto& session : *known) {
    Session entry;
    entry.gateway = session.gateway;
    entry.touched = true;
    if (const auto chain = store_.chain(session.id); chain && *chain)
      for (const auto& range : (*chain)->pending()) entry.pending += range.last - range.first + 1;
    sessions_[session.id] = std::move(entry);
  }
}

const std::string* Receiver::gateway_of(const std::string& topic) const {
  for (const auto& [gateway, topics] : gateways_)
    if (topic.starts_with(topics.base() + "/")) return &gateway;
  return nullptr;
}

void Receiver::on_online() {
  if (std::exchange(was_online_, true))
    for (const auto& [gateway, topics] : gateways_) repeats_until_[gateway] = clock_.monotonic() + kRepeatsFor;
}

bool Receiver::repeats_expected(const std::string& gateway) const {
  const auto found = repeats_until_.find(gateway);
  return found != repeats_until_.end() && clock_.monotonic() < found->second;
}

void Receiver::on_message(const uplink::IncomingMessage& message) {
  last_message_ = clock_.monotonic();
  const std::string* gateway = gateway_of(message.topic);
  if (!gateway) return;  // not ours to judge: a shared broker carries others
  const TopicScheme& topics = gateways_.at(*gateway);
  const bool record_start = !message.payload.empty() && message.payload.front() < 0x20;  // the version byte
  const bool state = message.topic == topics.availability() || message.topic == topics.info() ||
                     (message.topic.starts_with(topics.base() + "/cameras/") && !record_start);
  if (state) return take_state(*gateway, message);
  if (message.payload.empty()) return;  // a cleared retained message
  take_record(message.payload, message.topic, message.retain == uplink::Retain::kYes);
}

void Receiver::take_state(const std::string& gateway, const uplink::IncomingMessage& message) {
  if (message.topic != gateways_.at(gateway).availability()) return;
  const std::string word(as_text(message.payload));
  const std::string before = std::exchange(availability_[gateway], word);
  const bool live = message.retain == uplink::Retain::kNo;
  if (live && word == "online" && !before.empty()) repeats_until_[gateway] = clock_.monotonic() + kRepeatsFor;
  if (word != before && happenings_.on_notice) happenings_.on_notice("gateway " + gateway + " is " + word);
}

void Receiver::take_record(Bytes wire, const std::string& topic, bool retained) {
  auto opened = opener_.open(wire, topic);
  if (!opened) return VG_LOG(kError, "receiver", "the state store fails: " + opened.error().message());
  switch (opened->answer) {
    case Answer::kVerified: return deliver(std::move(*opened->record));
    case Answer::kUnknownSession: {
      auto parsed = UnverifiedRecord::parse(wire);
      if (parsed) hold(parsed->header(), std::move(wire), topic);
      return;
    }
    case Answer::kSessionAccepted:
    case Answer::kSessionKnown: {
      ++counters_.answers[static_cast<std::size_t>(opened->answer)];
      const auto parsed = UnverifiedRecord::parse(wire);
      if (!parsed) return;
      Session& session = sessions_[parsed->header().session];
      session.gateway = parsed->header().gateway.get();
      session.touched = true;
      return release_held(parsed->header().session);
    }
    default: break;
  }
  const std::string* gateway = gateway_of(topic);
  // A retained session record of a key that is gone is history, not an attack.
  if (retained && (opened->answer == Answer::kUnknownRecipient || opened->answer == Answer::kStaleEpoch)) return;
  refuse(opened->answer, gateway ? *gateway : "", topic, opened->detail);
}

void Receiver::hold(const RecordHeader& header, Bytes wire, const std::string& topic) {
  if (held_bytes_ + wire.size() > kMaxHeldBytes)
    return refuse(Answer::kUnknownSession, header.gateway.get(), topic, "too many records wait for their session");
  held_bytes_ += wire.size();
  auto& queue = held_[header.session];
  // Its session record may have been lost at the broker: ask for it once.
  if (queue.empty())
    send_command(header.gateway.get(), uplink::ResendCommand{{SequenceRange{header.session, 0, 0}}});
  queue.push_back({std::move(wire), topic, clock_.monotonic()});
}

void Receiver::release_held(const SessionId& session) {
  const auto found = held_.find(session);
  if (found == held_.end()) return;
  auto queue = std::move(found->second);
  held_.erase(found);
  for (auto& item : queue) {
    held_bytes_ -= item.wire.size();
    take_record(std::move(item.wire), item.topic, false);
  }
}

void Receiver::expire_held() {
  for (auto entry = held_.begin(); entry != held_.end();) {
    auto& queue = entry->second;
    while (!queue.empty() && clock_.monotonic() - queue.front().since > kHoldAtMost) {
      held_bytes_ -= queue.front().wire.size();
      const std::string* gateway = gateway_of(queue.front().topic);
      refuse(Answer::kUnknownSession, gateway ? *gateway : "", queue.front().topic, "its session record never came");
      queue.pop_front();
    }
    entry = queue.empty() ? held_.erase(entry) : std::next(entry);
  }
}

void Receiver::deliver(VerifiedRecord record) {
  const RecordHeader& header = record.header();
  if (!in_batch_.insert({header.session, header.sequence}).second)
    return refuse(Answer::kReplay, header.gateway.get(), header.topic, "twice in one batch");
  if (header.type == RecordType::kData) {
    const ReceivedResult result{header, as_text(record.payload()), clock_.now()};
    if (auto routed = router_.route(result); !routed) {
      in_batch_.erase({header.session, header.sequence});
      return VG_LOG(kError, "receiver", "a result is not kept and will be asked for again: " + routed.error().message());
    }
  }
  batch_.push_back(std::move(record));
  if (batch_.size() >= kCommitBatch) commit();
}

void Receiver::refuse(Answer answer, const std::string& gateway, const std::string& topic, const std::string& detail) {
  ++counters_.answers[static_cast<std::size_t>(answer)];
  if (answer == Answer::kReplay && repeats_expected(gateway)) {
    ++counters_.duplicates;
    return;
  }
  ++counters_.rejected;
  if (happenings_.on_refused) happenings_.on_refused(answer, topic, detail);
}

void Receiver::commit() {
  if (batch_.empty()) return;
  auto committed = opener_.commit(batch_);
  if (!committed) return VG_LOG(kError, "receiver", "the state store fails: " + committed.error().message());
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const VerifiedRecord& record = batch_[i];
    const RecordHeader& header = record.header();
    const Answer answer = committed->answers[i];
    if (answer != Answer::kVerified) {
      refuse(answer, header.gateway.get(), header.topic, "sequence " + std::to_string(header.sequence));
      continue;
    }
    ++counters_.answers[static_cast<std::size_t>(answer)];
    Session& session = sessions_[header.session];
    session.gateway = header.gateway.get();
    session.touched = true;
    session.active = clock_.monotonic();
    if (header.type == RecordType::kData && header.message_class != MessageClass::kStatus) ++counters_.verified_results;
    for (const auto& dropped : record.dropped()) {
      const auto count = dropped.range.last - dropped.range.first + 1;
      counters_.announced_dropped += count;
      sessions_[dropped.range.session].gateway = header.gateway.get();
      if (happenings_.on_notice)
        happenings_.on_notice("gateway " + header.gateway.get() + " dropped " + std::to_string(count) + " " +
                              to_string(dropped.message_class) + " records: " + to_string(dropped.reason));
    }
  }
  for (const auto& update : committed->updates) take_update(update);
  batch_.clear();
  in_batch_.clear();
}

void Receiver::take_update(const ChainUpdate& update) {
  const std::uint64_t count = update.range.last - update.range.first + 1;
  Session& session = sessions_[update.range.session];
  if (update.state == ChainState::kPending) session.pending += count;
  else session.pending -= std::min(session.pending, count);
  if (update.state == ChainState::kConfirmed) counters_.confirmed += count;
  if (update.state == ChainState::kBroken) counters_.broken += count;
  if (happenings_.on_chain) happenings_.on_chain(update);
}

void Receiver::tick() {
  commit();
  const MonoTime now = clock_.monotonic();
  if (now - last_gaps_ >= kGapPeriod) {
    last_gaps_ = now;
    look_for_gaps();
    expire_held();
  }
  if (now - last_repeat_ >= kRepeatReceipts) {
    last_repeat_ = now;
    repeat_receipts();
  }
  if (now - last_receipts_ >= kReceiptPeriod) {
    last_receipts_ = now;
    send_receipts();
  }
}

void Receiver::look_for_gaps() {
  for (auto& [id, session] : sessions_) {
    if (!session.touched && session.missing == 0 && session.pending == 0) continue;
    const auto chain = store_.chain(id);
    if (!chain || !*chain) continue;
    const auto missing = (*chain)->missing();
    std::uint64_t count = 0, pending = 0;
    for (const auto& range : missing) count += range.last - range.first + 1;
    for (const auto& range : (*chain)->pending()) pending += range.last - range.first + 1;
    session.pending = pending;
    if (count == 0 || session.missing == 0) {
      session.missing_since = clock_.monotonic();
      session.asked = 0;
    }
    session.missing = count;
    if (count > 0) ask_again(id, session, missing);
  }
}

void Receiver::ask_again(const SessionId& id, Session& session, const std::vector<SequenceRange>& missing) {
  // Each further request waits twice as long as the one before.
  const auto patience = kGapPatience * (1 << std::min(session.asked, 6));
  if (clock_.monotonic() - session.missing_since < patience) return;
  std::vector<SequenceRange> ranges(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(
                                                                           std::min(missing.size(), kRangesPerCommand)));
  if (!send_command(session.gateway, uplink::ResendCommand{std::move(ranges)})) return;
  ++counters_.resends;
  session.missing_since = clock_.monotonic();
  repeats_until_[session.gateway] = clock_.monotonic() + kRepeatsFor;
  if (++session.asked == kAsksBeforeNotice && happenings_.on_notice)
    happenings_.on_notice("gap: " + std::to_string(session.missing) + " records of session " + to_hex(id) +
                          " of gateway " + session.gateway + " do not come");
}

void Receiver::repeat_receipts() {
  for (auto& [id, session] : sessions_)
    if (session.active != MonoTime{} && clock_.monotonic() - session.active < kRepeatReceiptsFor) session.touched = true;
}

void Receiver::send_receipts() {
  std::map<std::string, std::vector<SequenceRange>> covered;
  std::map<std::string, std::vector<SessionId>> included;
  for (auto& [id, session] : sessions_) {
    if (!session.touched || covered[session.gateway].size() >= kRangesPerCommand) continue;
    const auto chain = store_.chain(id);
    if (!chain || !*chain) continue;
    for (const auto& range : (*chain)->received())
      if (covered[session.gateway].size() < kRangesPerCommand) covered[session.gateway].push_back(range);
    included[session.gateway].push_back(id);
  }
  for (auto& [gateway, ranges] : covered) {
    if (ranges.empty() || !send_command(gateway, uplink::ReceiptCommand{std::move(ranges)})) continue;
    ++counters_.receipts;
    for (const auto& id : included[gateway]) sessions_[id].touched = false;
  }
}

bool Receiver::send_command(const std::string& gateway, uplink::CommandBody body) {
  const auto topics = gateways_.find(gateway);
  if (topics == gateways_.end()) return false;
  auto signed_command = commands_.sign(GatewayId(gateway), std::move(body));
  if (!signed_command) {
    VG_LOG(kError, "receiver", "a command cannot be made: " + signed_command.error().message());
    return false;
  }
  uplink::OutgoingMessage message;
  message.topic = topics->second.commands();
  message.payload = std::move(*signed_command);
  message.content_type = "application/vnd.veilgate.command";
  message.expiry = std::chrono::seconds(600);
  return send_(std::move(message));
}

bool Receiver::settled() const {
  if (!batch_.empty() || !held_.empty()) return false;
  return std::all_of(sessions_.begin(), sessions_.end(), [](const auto& entry) {
    return entry.second.pending == 0 && entry.second.missing == 0;
  });
}

}  // namespace veilgate::receiver
