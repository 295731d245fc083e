#include "delivery/uplink_service.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/log.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "delivery/status_report.h"
#include "ipc/strict_json.h"

namespace veilgate::uplink {
namespace {

constexpr Millis kBoundsPeriod{30'000};
constexpr Millis kDropsPeriod{1'000};
constexpr Millis kCamerasPeriod{2'000};
constexpr Millis kHealthPeriod{60'000};
constexpr Millis kSilence{30'000};
constexpr int kUnheard = 3;
constexpr Millis kFinishPeriod{20};
constexpr Millis kLastWord{1'500};

/// A number that differs between gateways and starts; jitter needs no secrecy.
std::uint64_t spread() {
  std::array<std::uint8_t, 8> bytes{};
  (void)fill_random(bytes);  // zeros would only mean less spread
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

UplinkService::UplinkService(ipc::EventLoop& loop, const Clock& clock, const Config& config,
                             UplinkDirectories directories, TopicScheme topics)
    : loop_(loop), clock_(clock), config_(config), directories_(std::move(directories)), topics_(std::move(topics)),
      started_(clock.now()) {}

UplinkService::~UplinkService() {
  for (const auto timer : timers_) loop_.cancel(timer);
  loop_.cancel(checkpoint_timer_);
}

Result<std::unique_ptr<UplinkService>> UplinkService::create(ipc::EventLoop& loop, const Clock& clock,
                                                             const Config& config,
                                                             const UplinkDirectories& directories) {
  VG_TRY(auto topics, TopicScheme::create(config.uplink.topic_prefix, config.site.id, config.gateway.get()));
  std::unique_ptr<UplinkService> service(new UplinkService(loop, clock, config, directories, std::move(topics)));
  VG_CHECK(service->open_stores());
  VG_TRY(auto link, service->link_settings());
  service->make_link(std::move(link));
  VG_CHECK(service->listen());
  return service;
}

Result<UplinkService::Keys> UplinkService::load_keys() const {
  VG_TRY(auto signing, load_signing_key(directories_.credentials + "/uplink.sm2.key.pem"));
  VG_TRY(auto encryption, load_encryption_key(directories_.credentials + "/platform.enc.pub.pem"));
  VG_TRY(auto signature, load_verifying_key(directories_.credentials + "/platform.sign.pub.pem"));
  return Keys{std::move(signing), std::move(encryption), std::move(signature)};
}

Result<void> UplinkService::open_stores() {
  VG_TRY(auto keys, load_keys());
  AuditLog::Settings audit_settings;
  audit_settings.directory = directories_.state + "/audit";
  audit_settings.process = "uplink";
  audit_settings.key = keys.signing;
  VG_TRY(audit_, AuditLog::open(std::move(audit_settings), clock_));
  audit(AuditEvent::kProcessStarted, AuditOutcome::kDone, "veilgate-uplink", "configuration " + config_.sm3);

  const UplinkConfig& uplink = config_.uplink;
  SqliteOutbox::Settings outbox;
  outbox.path = directories_.state + "/outbox.db";
  outbox.gateway = config_.gateway;
  outbox.bounds.max_count = uplink.outbox_max_count;
  outbox.bounds.max_bytes = uplink.outbox_max_bytes;
  outbox.bounds.max_age = uplink.outbox_max_age;
  outbox.bounds.max_image_age = uplink.image_max_age;
  outbox.bounds.keep_sent_count = uplink.keep_sent_count;
  outbox.bounds.keep_sent_age = uplink.keep_sent_age;
  outbox.sent_policy =
      uplink.delivery == DeliveryMode::kReceipt ? SentPolicy::kKeepUntilReceipt : SentPolicy::kDeleteWhenSent;
  VG_TRY(outbox_, SqliteOutbox::open(outbox, clock_));
  if (!outbox_->moved_aside().empty()) {
    VG_LOG(kError, "delivery", "the outbox was damaged; moved aside to " + outbox_->moved_aside());
    audit(AuditEvent::kStoreReplaced, AuditOutcome::kFailed, "outbox", "damaged, moved to " + outbox_->moved_aside());
  }
  EnvelopeSealer::Settings sealing{Lane::kUplink, config_.gateway, topics_};
  VG_TRY(auto sealer, EnvelopeSealer::create(std::move(sealing), std::move(keys.signing),
                                             std::move(keys.platform_encryption), clock_));
  sealer_.emplace(std::move(sealer));
  VG_TRY(gate_, CommandGate::create(directories_.state + "/commands.db", config_.gateway,
                                    std::move(keys.platform_signature), clock_));
  return {};
}

Result<LinkSettings> UplinkService::link_settings() const {
  LinkSettings settings;
  for (const auto& text : config_.uplink.brokers) {
    VG_TRY(auto url, parse_broker_url(text));
    settings.brokers.push_back(std::move(url));
  }
  if (settings.brokers.empty()) return Error(ErrorCode::kInvalidInput, "uplink.brokers is empty");
  const std::string base = directories_.credentials + "/uplink.";
  settings.connect.client_id = config_.gateway.get();
  settings.connect.tls = {base + "ca.pem", base + "cert.pem", base + "key.pem", ""};
  if (read_key_file(base + "crl.pem", FileSecrecy::kPublic)) settings.connect.tls.revocation = base + "crl.pem";
  else VG_LOG(kWarning, "mqtt", "no revocation list " + base + "crl.pem: a revoked broker certificate is not noticed");
  if (auto key = read_key_file(settings.connect.tls.key, FileSecrecy::kPrivate); !key) return key.error();
  settings.connect.trust_file = directories_.runtime + "/uplink.trust.pem";
  settings.profile = config_.uplink.tls_profile;
  settings.subscriptions = {topics_.commands()};
  settings.seed = spread();
  return settings;
}

void UplinkService::make_link(LinkSettings settings) {
  // The board gives the will, the link needs it, and the board publishes through the link.
  settings.connect.will = StateBoard::availability(topics_, "offline");
  BrokerLink::Callbacks callbacks;
  callbacks.on_online = [this] { on_online(); };
  callbacks.on_offline = [this](const LinkProblem& problem) { on_offline(problem); };
  callbacks.on_failed = [this](const LinkProblem& problem) { note_refusal(problem); };
  callbacks.on_published = [this](std::uint64_t token, PublishOutcome outcome, int reason) {
    on_published(token, outcome, reason);
  };
  callbacks.on_message = [this](const IncomingMessage& message) { on_command(message); };
  link_ = std::make_unique<BrokerLink>(loop_, clock_, paho_client_factory(), std::move(settings), std::move(callbacks));
  board_ = std::make_unique<StateBoard>(topics_, *link_);
  pump_ = std::make_unique<Pump>(loop_, clock_, *outbox_, *link_, [this](const std::string& topic, int reason) {
    audit(AuditEvent::kRecordQuarantined, AuditOutcome::kRefused, topic, "broker reason " + std::to_string(reason));
  });
  intake_ = std::make_unique<Intake>(loop_, *outbox_, config_.gateway, topics_.base(), [this] { pump_->wake(); });
}

Result<void> UplinkService::listen() {
  ipc::Server::Settings settings;
  settings.path = directories_.runtime + "/uplink.sock";
  VG_TRY(server_, ipc::Server::create(loop_, std::move(settings),
                                      [this](const ipc::Peer&, ipc::Message&& request, ipc::Responder responder) {
                                        on_request(std::move(request), responder);
                                      }));
  return {};
}

void UplinkService::start() {
  board_->set_info(info_json(config_, clock_.now()));
  timers_.push_back(loop_.every(kDropsPeriod, [this] {
    announce_drops();
    look_for_the_platform();
  }));
  timers_.push_back(loop_.every(kBoundsPeriod, [this] {
    if (auto bounded = outbox_->enforce_bounds(); !bounded)
      VG_LOG(kError, "delivery", "bounds: " + bounded.error().message());
  }));
  // A fixed shift per process keeps a fleet from speaking in the same second.
  timers_.push_back(loop_.after(Millis{static_cast<std::int64_t>(spread() % 5000)}, [this] {
    send_health();
    timers_.push_back(loop_.every(kHealthPeriod, [this] { send_health(); }));
  }));
  surveillance_ = std::make_unique<ipc::Client>(loop_, directories_.runtime + "/surveillance.sock",
                                                ipc::Client::Callbacks{});
  timers_.push_back(loop_.every(kCamerasPeriod, [this] { watch_cameras(); }));
  // A person has looked after the access rules before starting again, or quarantine will fill as before.
  if (auto released = outbox_->release_quarantine(); released && *released > 0)
    VG_LOG(kInfo, "delivery", "tried again from quarantine records=" + std::to_string(*released));
  link_->start();
}

void UplinkService::on_request(ipc::Message request, const ipc::Responder& responder) {
  if (request.kind == "status") return responder.send({"status", 0, status_json(), {}});
  if (request.kind != "submit" || on_stopped_)
    return responder.send(ipc::refused(on_stopped_ ? Error(ErrorCode::kUnavailable, "the uplink is stopping")
                                                   : Error(ErrorCode::kInvalidInput, "unknown request")));
  auto submission = ipc::parse_submission(std::move(request));
  if (!submission) return responder.send(ipc::refused(submission.error()));
  // This socket belongs to the surveillance lane; another lane gets a socket of its own.
  intake_->submit(std::move(*submission), Lane::kSurveillance, [responder](Result<void> result) {
    responder.send(result ? ipc::accepted() : ipc::refused(result.error()));
  });
}

void UplinkService::on_online() {
  audited_fault_ = LinkFault::kNone;
  lost_watch_.on_online(clock_.monotonic());
  heard_ = clock_.monotonic();
  heard_acknowledged_ = pump_->counters().acknowledged;
  const LinkStatus status = link_->status();
  audit(AuditEvent::kLinkUp, AuditOutcome::kDone, to_string(status.broker), status.tls_version + " " + status.tls_suite);
  if (auto sessions = outbox_->latest_sessions()) {
    for (const auto& record : *sessions) board_->set_session(record.envelope.topic(), record.envelope.wire());
  } else {
    VG_LOG(kError, "delivery", "session records: " + sessions.error().message());
  }
  board_->resend([this] { pump_->open(); });
}

void UplinkService::on_offline(const LinkProblem& problem) {
  audit(AuditEvent::kLinkDown, AuditOutcome::kFailed, to_string(link_->status().broker), to_string(problem.fault));
  pump_->close();
  board_->offline();
}

void UplinkService::note_refusal(const LinkProblem& problem) {
  // Once per change of cause: a broker that is away for days must not fill the audit.
  if (problem.fault == std::exchange(audited_fault_, problem.fault)) return;
  audit(AuditEvent::kServerRefused, AuditOutcome::kRefused, to_string(link_->status().broker),
        std::string(to_string(problem.fault)) + ": " + problem.detail);
}

void UplinkService::on_published(std::uint64_t token, PublishOutcome outcome, int reason_code) {
  if (board_->owns(token)) board_->on_published(token, outcome);
  else pump_->on_published(token, outcome, reason_code);
  board_->wake();
}

void UplinkService::on_command(const IncomingMessage& message) {
  if (message.topic != topics_.commands() || message.payload.empty()) return;
  JudgedCommand judged = gate_->judge(message.payload);
  if (judged.answer == CommandAnswer::kAccepted) return carry_out(*judged.command);
  VG_LOG(kWarning, "commands", std::string("refused answer=") + to_string(judged.answer) + " " + judged.detail);
  audit(AuditEvent::kCommandRefused, AuditOutcome::kRefused, to_string(judged.answer), judged.detail);
}

void UplinkService::carry_out(const VerifiedCommand& command) {
  if (const auto* receipt = std::get_if<ReceiptCommand>(&command.body())) {
    ++receipts_;
    auto deleted = outbox_->apply_receipt(receipt->covered);
    if (!deleted) VG_LOG(kError, "commands", "receipt: " + deleted.error().message());
    heard_ = clock_.monotonic();
    heard_acknowledged_ = pump_->counters().acknowledged;
    send_lost_again();
  } else if (const auto* resend = std::get_if<ResendCommand>(&command.body())) {
    ++resends_;
    auto again = outbox_->resend(resend->missing);
    if (!again) VG_LOG(kError, "commands", "resend: " + again.error().message());
    else VG_LOG(kInfo, "commands", "resend records=" + std::to_string(*again));
    pump_->wake();
  } else {
    audit(AuditEvent::kCommandAccepted, AuditOutcome::kDone, kind_of(command.body()), "issuer " + command.issuer());
    send_health();
  }
}

// With several brokers the platform may be at another one: nobody subscribes here, or a queue that nobody empties takes
// everything and no receipt comes.
void UplinkService::look_for_the_platform() {
  if (!link_->online() || config_.uplink.brokers.size() < 2) return;
  const bool silent = config_.uplink.delivery == DeliveryMode::kReceipt &&
                      pump_->counters().acknowledged > heard_acknowledged_ &&
                      clock_.monotonic() - heard_ > kSilence;
  if (pump_->unheard() >= kUnheard) link_->move_on("nobody subscribes at this broker");
  else if (silent) link_->move_on("no receipt comes by this broker");
}

void UplinkService::send_lost_again() {
  const auto sent_for = lost_watch_.on_receipt(clock_.monotonic());
  if (!sent_for) return;
  auto again = outbox_->resend_unreceipted(*sent_for);
  if (!again) return VG_LOG(kError, "delivery", "looking for lost records: " + again.error().message());
  lost_watch_.found(*again);
  lost_at_broker_ += static_cast<std::uint64_t>(*again);
  if (*again > 0) VG_LOG(kWarning, "delivery", "acknowledged but not received records=" + std::to_string(*again));
  pump_->wake();
}

void UplinkService::announce_drops() {
  auto drops = outbox_->pending_drops(kMaxDroppedRanges);
  if (!drops || drops->ranges.empty()) return;
  auto records = sealer_->seal_gap(drops->ranges);
  if (!records) return VG_LOG(kError, "delivery", "gap record: " + records.error().message());
  if (auto announced = outbox_->announce_drops(drops->ids, *records); !announced)
    return VG_LOG(kError, "delivery", "gap record: " + announced.error().message());
  gap_records_ += records->size();
  std::uint64_t count = 0;
  for (const auto& dropped : drops->ranges) count += dropped.range.last - dropped.range.first + 1;
  VG_LOG(kWarning, "delivery", "dropped by policy records=" + std::to_string(count) +
                                   " why=" + to_string(drops->ranges.front().reason));
  audit(AuditEvent::kRecordsDropped, AuditOutcome::kDone, std::to_string(count) + " records",
        to_string(drops->ranges.front().reason));
  schedule_checkpoint();
  pump_->wake();
}

void UplinkService::seal_and_append(Result<std::vector<SealedEnvelope>> records, const char* what) {
  Result<void> done = records ? intake_->append(*records) : Result<void>(records.error());
  if (!done) VG_LOG(kError, "delivery", std::string(what) + ": " + done.error().message());
  schedule_checkpoint();
}

void UplinkService::schedule_checkpoint() {
  const auto due = sealer_->due();
  loop_.cancel(std::exchange(checkpoint_timer_, 0));
  if (!due) return;
  const auto wait = std::chrono::ceil<Millis>(*due - clock_.monotonic());
  checkpoint_timer_ = loop_.after(std::max(Millis{1}, wait), [this] {
    checkpoint_timer_ = 0;
    seal_and_append(sealer_->tick(), "checkpoint");
  });
}

void UplinkService::send_health() {
  Message message;
  message.message_class = MessageClass::kStatus;
  message.topic = topics_.health();
  message.id = "health-" + std::to_string(clock_.now().time_since_epoch().count());
  message.content_type = "application/json";
  const std::string text = status_json();
  message.payload.assign(text.begin(), text.end());
  seal_and_append(sealer_->seal(message), "health");
}

void UplinkService::watch_cameras() {
  if (!surveillance_->connected()) return;
  surveillance_->request(ipc::status_request(), kCamerasPeriod, [this](Result<ipc::Message> answer) {
    if (answer && answer->kind == "status") take_cameras(answer->json);
  });
}

void UplinkService::take_cameras(const std::string& status) {
  const auto parsed = ipc::parse_strict_object(status);
  if (!parsed || !parsed->contains("cameras") || !parsed->at("cameras").is_array()) return;
  std::set<std::string> seen;
  for (const auto& camera : parsed->at("cameras")) {
    if (!camera.is_object() || !camera.contains("id") || !camera.at("id").is_string()) continue;
    const auto id = camera.at("id").get<std::string>();
    if (!valid_topic_id(id)) continue;
    seen.insert(id);
    board_->set_camera(id, camera_state_json(camera));
  }
  for (const auto& gone : cameras_)
    if (!seen.contains(gone)) board_->forget_camera(gone);
  cameras_ = std::move(seen);
}

void UplinkService::stop(Millis limit, std::function<void()> on_stopped) {
  on_stopped_ = std::move(on_stopped);
  seal_and_append(sealer_->finish(), "last checkpoint");
  loop_.cancel(std::exchange(checkpoint_timer_, 0));
  const MonoTime deadline = clock_.monotonic() + limit;
  timers_.push_back(loop_.every(kFinishPeriod, [this, deadline] {
    const MonoTime now = clock_.monotonic();
    if (now > deadline + kLastWord) return disconnect();  // nobody took the last word
    try_finish(now > deadline ? Haste::kYes : Haste::kNo);
  }));
}

void UplinkService::disconnect() {
  if (on_stopped_) link_->stop(std::exchange(on_stopped_, nullptr));
}

void UplinkService::try_finish(Haste haste) {
  if (!on_stopped_ || finishing_) return;
  const bool sent = intake_->waiting() == 0 && pump_->idle() &&
                    (outbox_->stats().total.unsent == 0 || pump_->resting());
  if (link_->online() && !sent && haste == Haste::kNo) return;
  finishing_ = true;
  audit(AuditEvent::kProcessStopped, AuditOutcome::kDone, "veilgate-uplink", "");
  board_->stopped([this] { loop_.post([this] { disconnect(); }); });
}

std::string UplinkService::status_json() const {
  return status_report({config_, clock_.now(), started_, clock_.state(), link_->status(), outbox_->stats(),
                        pump_->counters(), pump_->latency(), *gate_, intake_->accepted(), intake_->refused(), receipts_,
                        resends_, gap_records_, lost_at_broker_, pump_->resting()});
}

void UplinkService::audit(AuditEvent event, AuditOutcome outcome, std::string object, std::string content) {
  AuditEntry entry;
  entry.event = event;
  entry.outcome = outcome;
  entry.actor = "uplink";
  entry.object = std::move(object);
  entry.content = std::move(content);
  if (auto written = audit_->append(entry); !written)
    VG_LOG(kError, "audit", "cannot be written: " + written.error().message());
}

}  // namespace veilgate::uplink
