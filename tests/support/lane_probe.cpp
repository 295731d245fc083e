// A small lane: seals results and submits them to an uplink's socket, as veilgate-surveillance does, so that delivery
// is tested without cameras. Prints "accepted N" once the uplink has committed all of them.
//
//   lane_probe --credentials DIR --runtime DIR --site S --gateway G [--count N] [--class event] [--size BYTES]
//              [--finish] [--prefix veilgate/v1] [--first 0] [--save FILE]

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

#include "core/clock.h"
#include "crypto/key_file.h"
#include "envelope/envelope_sealer.h"
#include "ipc/channel.h"
#include "ipc/submit.h"

namespace {

using namespace veilgate;

Bytes payload_of(const std::string& id, const std::string& klass, UtcTime now, std::size_t size) {
  std::string text = R"({"id":")" + id + R"(","schema":"surveillance/1.0","camera":"lobby","time":")" + format_utc(now) +
                     R"(","kind":"event","origin":"surveillance","usage":"analysis_only_not_for_verification",)" +
                     R"("rule":"no-entry","type":"intrusion","phase":"new","zone":"door","object":7,"class":"person","note":")" +
                     klass;
  if (text.size() + 2 < size) text += std::string(size - text.size() - 2, '.');
  text += "\"}";
  return Bytes(text.begin(), text.end());
}

Result<void> submit(ipc::Channel& channel, const SealedEnvelope& record, std::uint64_t id) {
  ipc::Message message = ipc::to_message({record.topic(), to_string(record.header().message_class), record.wire()});
  message.id = id;
  return channel.send(message, Millis{20'000});
}

Result<void> run(std::map<std::string, std::string> options) {
  const SystemClock clock;
  const auto count = std::stoull(options["count"]), first = std::stoull(options["first"]);
  VG_TRY(auto topics, TopicScheme::create(options["prefix"], options["site"], options["gateway"]));
  VG_TRY(auto key, load_signing_key(options["credentials"] + "/lane-surveillance.sm2.key.pem"));
  VG_TRY(auto platform, load_encryption_key(options["credentials"] + "/platform.enc.pub.pem"));
  VG_TRY(auto sealer, EnvelopeSealer::create({Lane::kSurveillance, GatewayId(options["gateway"]), topics},
                                             std::move(key), std::move(platform), clock));
  VG_TRY(auto channel, ipc::Channel::connect(options["runtime"] + "/uplink.sock"));
  std::uint64_t sent = 0, answered = 0;
  const auto send = [&](Result<std::vector<SealedEnvelope>> records) -> Result<void> {
    VG_TRY(const auto sealed, std::move(records));
    for (const auto& record : sealed) {
      if (!options["save"].empty()) {
        std::ofstream out(options["save"], std::ios::binary | std::ios::app);
        out << record.topic() << '\n' << to_hex(record.wire()) << '\n';
      }
      VG_CHECK(submit(channel, record, ++sent));
      while (sent - answered >= 50) {
        VG_TRY(const auto answer, channel.receive(Millis{20'000}));
        if (!answer) return Error(ErrorCode::kUnavailable, "no answer");
        VG_CHECK(ipc::parse_submit_answer(*answer));
        ++answered;
      }
    }
    return {};
  };
  for (std::uint64_t i = first; i < first + count; ++i) {
    Message message;
    const auto klass = class_from(options["class"]);
    if (!klass) return Error(ErrorCode::kInvalidInput, "no such class");
    message.message_class = *klass;
    message.source = "lobby";
    message.topic = topics.surveillance_events("lobby");
    message.id = "r-" + std::to_string(i);
    message.content_type = "application/json";
    message.payload = payload_of(message.id, options["class"], clock.now(), std::stoull(options["size"]));
    VG_CHECK(send(sealer.seal(message)));
  }
  if (options.count("finish")) VG_CHECK(send(sealer.finish()));
  while (answered < sent) {
    VG_TRY(const auto answer, channel.receive(Millis{20'000}));
    if (!answer) return Error(ErrorCode::kUnavailable, "no answer");
    VG_CHECK(ipc::parse_submit_answer(*answer));
    ++answered;
  }
  std::printf("accepted %llu\n", static_cast<unsigned long long>(count));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options{{"count", "1"},  {"first", "0"}, {"class", "event"},
                                             {"size", "400"}, {"save", ""},   {"prefix", "veilgate/v1"}};
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i] + 2;
    if (name == "finish") options[name] = "yes";
    else if (i + 1 < argc) options[name] = argv[++i];
  }
  const auto done = run(options);
  if (!done) std::fprintf(stderr, "lane_probe: %s\n", done.error().message().c_str());
  return done ? 0 : 1;
}
