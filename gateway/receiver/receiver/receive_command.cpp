#include "receiver/receive_command.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/exit_code.h"
#include "core/language.h"
#include "core/log.h"
#include "crypto/key_file.h"
#include "crypto/self_test.h"
#include "mqtt/broker_link.h"
#include "mqtt/tls_guard.h"
#include "mqtt/tls_profile.h"
#include "process/signals.h"
#include "receiver/receiver.h"
#include "receiver/receiver_config.h"

namespace veilgate::receiver {
namespace {

using nlohmann::json;
constexpr Millis kTick{50};
constexpr std::chrono::seconds kSettleAtMost{15};
constexpr std::chrono::milliseconds kQuiet{400};

/// Everything a run is made of; torn down in reverse order.
struct Parts {
  SystemClock clock;
  Trust trust;
  std::unique_ptr<SqliteSessionStore> store;
  std::unique_ptr<CommandSender> commands;
  Router router;
  std::unique_ptr<ipc::EventLoop> loop;
  std::unique_ptr<uplink::BrokerLink> link;
  std::unique_ptr<Receiver> receiver;
  bool commit_scheduled = false;
};

Result<void> load_trust(const ReceiverConfig& config, Trust& trust) {
  for (const auto& file : config.decrypt_keys) {
    VG_TRY(auto key, load_decryption_key(file));
    trust.add(RecipientKey{std::move(key), std::nullopt});
  }
  for (const auto& gateway : config.gateways)
    for (const auto& [file, lane] : {std::pair{gateway.surveillance_key, Lane::kSurveillance},
                                     std::pair{gateway.uplink_key, Lane::kUplink}}) {
      if (file.empty()) continue;
      VG_TRY(auto key, load_verifying_key(file));
      trust.add(TrustedSigner{GatewayId(gateway.id), lane, std::move(key), std::nullopt});
    }
  return {};
}

Result<void> add_sinks(const ReceiverConfig& config, OutputForm form, Router& router) {
  router.add(form == OutputForm::kJson ? make_json_sink(stdout) : make_line_sink(stdout));
  if (!config.jsonl_file.empty()) {
    VG_TRY(auto sink, make_json_file_sink(config.jsonl_file));
    router.add(std::move(sink));
  }
  if (!config.images_dir.empty()) {
    VG_TRY(auto sink, make_image_sink(config.images_dir));
    router.add(std::move(sink));
  }
  return {};
}

Result<uplink::LinkSettings> link_settings(const ReceiverConfig& config,
                                           const std::map<std::string, TopicScheme>& gateways) {
  uplink::LinkSettings settings;
  for (const auto& text : config.brokers) {
    VG_TRY(auto url, uplink::parse_broker_url(text));
    settings.brokers.push_back(std::move(url));
  }
  settings.connect.client_id = config.id;
  settings.connect.tls = {config.tls_ca, config.tls_certificate, config.tls_key, config.tls_crl};
  settings.connect.trust_file = config.state_dir + "/trust.pem";
  settings.connect.session_expiry = std::chrono::hours(24 * 14);
  settings.profile = config.tls_profile;
  settings.seed = static_cast<std::uint64_t>(SystemClock().now().time_since_epoch().count());
  settings.longest_wait = Millis{10'000};
  for (const auto& [id, topics] : gateways) {
    // Session records and state are read by every receiver of a group, results by one of them.
    for (const char* own : {"/keys/surveillance/#", "/keys/uplink/#", "/availability", "/info"})
      settings.subscriptions.push_back(topics.base() + own);
    const std::string share = config.share_group.empty() ? "" : "$share/" + config.share_group + "/";
    for (const char* shared : {"/surveillance/#", "/uplink/#", "/cameras/#", "/health", "/audit"})
      settings.subscriptions.push_back(share + topics.base() + shared);
  }
  return settings;
}

Receiver::Happenings happenings(OutputForm form) {
  Receiver::Happenings happenings;
  const auto line = [](const json& object) {
    std::printf("%s\n", object.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
    std::fflush(stdout);
  };
  if (form == OutputForm::kJson) {
    happenings.on_refused = [line](Answer answer, const std::string& topic, const std::string& detail) {
      line({{"answer", to_string(answer)}, {"topic", topic}, {"detail", detail}});
    };
    happenings.on_chain = [line](const ChainUpdate& update) {
      line({{"chain", to_string(update.state)}, {"session", to_hex(update.range.session)},
            {"first", update.range.first}, {"last", update.range.last}});
    };
    happenings.on_notice = [line](const std::string& text) { line({{"notice", text}}); };
    return happenings;
  }
  happenings.on_refused = [](Answer answer, const std::string& topic, const std::string& detail) {
    std::printf("%s  %s  %s  %s\n", say("拒收", "rejected").c_str(), to_string(answer), topic.c_str(), detail.c_str());
    std::fflush(stdout);
  };
  happenings.on_chain = [](const ChainUpdate& update) {
    if (update.state == ChainState::kBroken)
      std::printf("%s  %s\n", say("链条中断", "chain broken").c_str(), to_hex(update.range.session).c_str());
  };
  happenings.on_notice = [](const std::string& text) {
    std::fprintf(stderr, "veilgate-receive: %s\n", text.c_str());
  };
  return happenings;
}

Result<void> build(const ReceiverConfig& config, OutputForm form, Parts& parts) {
  VG_CHECK(require_self_tests());
  VG_CHECK(load_trust(config, parts.trust));
  VG_CHECK(add_sinks(config, form, parts.router));
  VG_TRY(parts.store, SqliteSessionStore::open(config.state_dir + "/sessions.db"));
  VG_TRY(auto sign, load_signing_key(config.sign_key));
  VG_TRY(parts.commands, CommandSender::create(config.state_dir + "/commands.db", config.id, std::move(sign), parts.clock));
  VG_TRY(auto opener, EnvelopeOpener::create(parts.trust, *parts.store));
  std::map<std::string, TopicScheme> gateways;
  for (const auto& gateway : config.gateways) {
    VG_TRY(auto topics, TopicScheme::create(config.topic_prefix, gateway.site, gateway.id));
    gateways.emplace(gateway.id, std::move(topics));
  }
  VG_TRY(auto settings, link_settings(config, gateways));
  uplink::TlsGuard::instance().install();
  uplink::BrokerLink::Callbacks callbacks;
  callbacks.on_online = [&parts] { parts.receiver->on_online(); };
  callbacks.on_failed = [](const uplink::LinkProblem& problem) {
    std::fprintf(stderr, "veilgate-receive: %s: %s %s\n", say("无法连接", "no connection").c_str(),
                 uplink::to_string(problem.fault), problem.detail.c_str());
  };
  callbacks.on_message = [&parts](const uplink::IncomingMessage& message) {
    parts.receiver->on_message(message);
    if (std::exchange(parts.commit_scheduled, true)) return;
    parts.loop->post([&parts] {  // once for everything that is there already
      parts.commit_scheduled = false;
      parts.receiver->tick();
    });
  };
  parts.link = std::make_unique<uplink::BrokerLink>(*parts.loop, parts.clock, uplink::paho_client_factory(),
                                                    std::move(settings), std::move(callbacks));
  const auto send = [&parts, token = std::uint64_t{0}](uplink::OutgoingMessage message) mutable {
    return parts.link->free_window() > 0 && static_cast<bool>(parts.link->publish(++token, std::move(message)));
  };
  parts.receiver = std::make_unique<Receiver>(parts.clock, std::move(opener), *parts.store, parts.router,
                                              *parts.commands, std::move(gateways), send, happenings(form));
  return {};
}

/// Runs until told to end, then until nothing waits for its checkpoint, but not for ever.
Result<void> run(const ReceiveOptions& options, Parts& parts) {
  MonoTime end = MonoTime::max();
  const auto finish = [&] { end = std::min(end, parts.clock.monotonic()); };
  VG_TRY(const auto signals, process::Signals::watch(*parts.loop, {SIGINT, SIGTERM}, [&](int) { finish(); }));
  if (options.run_for) end = parts.clock.monotonic() + *options.run_for;
  bool stopping = false;
  parts.loop->every(kTick, [&] {
    parts.receiver->tick();
    const MonoTime now = parts.clock.monotonic();
    if (stopping || now < end) return;
    const bool quiet = now - parts.receiver->last_message() > kQuiet && now - end > kQuiet;
    if (!(quiet && parts.receiver->settled()) && now - end < kSettleAtMost) return;
    stopping = true;
    parts.loop->after(Millis{1100}, [&] {  // the last receipts
      parts.receiver->tick();
      parts.link->stop([&] { parts.loop->stop(); });
    });
  });
  parts.link->start();
  parts.loop->run();
  return {};
}

int report(const ReceiverCounters& counters, OutputForm form, bool settled) {
  const std::uint64_t received = counters.verified_results + counters.rejected;
  const std::string sentence = "received " + std::to_string(received) + " sealed results: " +
                               std::to_string(counters.verified_results) + " verified, " +
                               std::to_string(counters.rejected) + " rejected";
  if (!settled) std::fprintf(stderr, "veilgate-receive: %s\n", say("部分记录尚未得到链条确认", "some records are not confirmed by their chain").c_str());
  if (form == OutputForm::kJson) {
    json answers = json::object();
    for (int i = 0; i < kAnswerCount; ++i)
      if (counters.answers[static_cast<std::size_t>(i)] > 0)
        answers[to_string(static_cast<Answer>(i))] = counters.answers[static_cast<std::size_t>(i)];
    const json summary{{"ok", counters.verified_results > 0 && counters.rejected == 0 && counters.broken == 0},
                       {"problems", json::array()},
                       {"received", received},
                       {"verified", counters.verified_results},
                       {"rejected", counters.rejected},
                       {"duplicates", counters.duplicates},
                       {"confirmed", counters.confirmed},
                       {"broken", counters.broken},
                       {"announced_dropped", counters.announced_dropped},
                       {"receipts", counters.receipts},
                       {"resends", counters.resends},
                       {"settled", settled},
                       {"answers", std::move(answers)}};
    std::printf("%s\n", summary.dump().c_str());
    std::fflush(stdout);
    std::fprintf(stderr, "%s\n", sentence.c_str());
  } else {
    std::printf("%s\n", sentence.c_str());
    std::fflush(stdout);
  }
  return counters.verified_results > 0 && counters.rejected == 0 && counters.broken == 0 ? kExitOk : kExitNotGood;
}

int give_up(const Error& error) {
  std::fprintf(stderr, "veilgate-receive: %s\n", error.message().c_str());
  return error.code() == ErrorCode::kPermission ? kExitPermission
         : error.code() == ErrorCode::kNotFound ? kExitNoInput
                                                : kExitInternal;
}

}  // namespace

int run_receive(const ReceiveOptions& options, char** arguments) {
  auto loaded = load_receiver_config(options.config);
  for (const auto& problem : loaded.problems)
    std::fprintf(stderr, "%s:%d: %s: %s\n", options.config.c_str(), problem.line, problem.path.c_str(),
                 problem.message.c_str());
  if (!loaded.config) return loaded.problems.front().code == "unreadable" ? kExitNoInput : kExitConfig;
  const ReceiverConfig& config = *loaded.config;
  std::error_code failed;
  std::filesystem::create_directories(config.state_dir, failed);
  std::filesystem::permissions(config.state_dir, std::filesystem::perms::owner_all, failed);
  if (auto entered = uplink::enter_tls_profile(config.tls_profile, config.state_dir + "/openssl.cnf", arguments); !entered)
    return give_up(entered.error());
  Parts parts;
  auto loop = ipc::EventLoop::create();
  if (!loop) return give_up(loop.error());
  parts.loop = std::move(*loop);
  if (auto built = build(config, options.form, parts); !built) return give_up(built.error());
  if (auto done = run(options, parts); !done) return give_up(done.error());
  return report(parts.receiver->counters(), options.form, parts.receiver->settled());
}

}  // namespace veilgate::receiver
