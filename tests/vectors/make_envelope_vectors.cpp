// Writes tests/vectors/envelope_v1.json to standard output. Run once; the file is then data, and
// tests/unit/envelope/vectors_test.cpp and tests/interop hold decoders against it. The keys are test keys.

#include <cstdio>

#include <nlohmann/json.hpp>

#include "envelope/envelope_opener.h"
#include "support/hostile_sender.h"
#include "support/sealed_gateway.h"

namespace {

using namespace veilgate;
using nlohmann::ordered_json;
using testing_support::HostileSender;
using testing_support::SealedGateway;

ordered_json signer_json(const char* lane, const SigningKey& key, std::uint8_t fill) {
  return {{"gateway", "gw-0001"},
          {"lane", lane},
          {"key_id", to_hex(key.id())},
          {"public", to_hex(key.point())},
          {"test_private", to_hex(testing_support::test_scalar(fill))}};
}

/// What a decoder should find on its way, so that an implementer can see where it goes wrong.
ordered_json session_steps(SealedGateway& gateway, const UnverifiedRecord& record) {
  const auto secret = gateway.platform_key.decrypt(record.body()).value();
  Bytes info(as_bytes("veilgate envelope 1").begin(), as_bytes("veilgate envelope 1").end());
  const auto& h = record.header();
  info.push_back(static_cast<std::uint8_t>(h.lane));
  info.push_back(static_cast<std::uint8_t>(h.message_class));
  info.push_back(static_cast<std::uint8_t>(h.gateway.get().size()));
  for (const char c : h.gateway.get()) info.push_back(static_cast<std::uint8_t>(c));
  info.insert(info.end(), h.signer.begin(), h.signer.end());
  info.insert(info.end(), h.recipient.begin(), h.recipient.end());
  Bytes derived(44);
  hkdf_sm3(secret.view(), h.session, info, derived);
  return {{"secret", to_hex(secret.view())},
          {"hkdf_info", to_hex(info)},
          {"key", to_hex(ByteView(derived).first(16))},
          {"salt", to_hex(ByteView(derived).subspan(16, 12))},
          {"commitment", to_hex(ByteView(derived).subspan(28, 16))}};
}

ordered_json record_json(SealedGateway& gateway, const SealedEnvelope& envelope, const std::string& payload) {
  const auto record = UnverifiedRecord::parse(envelope.wire()).value();
  const auto& h = record.header();
  ordered_json out{{"name", std::string(to_string(h.message_class)) + " " + to_string(h.type) + " " +
                                std::to_string(h.sequence)},
                   {"topic", h.topic},
                   {"answer", h.type == RecordType::kSession ? "session_accepted" : "verified"},
                   {"type", to_string(h.type)},
                   {"lane", to_string(h.lane)},
                   {"class", to_string(h.message_class)},
                   {"session", to_hex(h.session)},
                   {"sequence", h.sequence},
                   {"time_ms", h.time.time_since_epoch().count()},
                   {"source", h.source},
                   {"message_id", h.message_id},
                   {"content_type", h.content_type},
                   {"header_length", record.header_bytes().size()},
                   {"sm3", to_hex(record.digest())}};
  if (h.type == RecordType::kSession) out["steps"] = session_steps(gateway, record);
  if (h.type == RecordType::kData) out["payload"] = payload;
  out["wire"] = to_hex(record.wire());
  return out;
}

Bytes flipped(Bytes wire, std::size_t at) {
  wire[at < wire.size() ? at : wire.size() - 1] ^= 1;
  return wire;
}

class Vectors {
 public:
  void add_valid(const std::vector<SealedEnvelope>& records, const std::string& payload = "") {
    for (const auto& record : records) {
      valid_.push_back(record_json(gateway_, record, payload));
      records_.push_back(record);
    }
  }
  void add_invalid(const char* name, Answer answer, const Bytes& wire, const std::string& topic = "") {
    invalid_.push_back(
        {{"name", name}, {"answer", to_string(answer)}, {"topic", topic}, {"wire", to_hex(wire)}});
  }
  void make_valid();
  void make_invalid();
  void make_invalid_sessions();
  ordered_json json() const {
    return {
        {"about",
         "Records of docs/wire-format.md, made once by make_envelope_vectors.cpp. Feed `valid` in order and "
         "admit each; then every one of `invalid`, alone, gets its `answer`. An empty topic means: do not "
         "compare it. ALL KEYS ARE TEST KEYS."},
        {"signers", ordered_json::array({signer_json("surveillance", gateway_.surveillance_key, 0x11),
                                         signer_json("verification", gateway_.verification_key, 0x22),
                                         signer_json("uplink", gateway_.uplink_key, 0x33)})},
        {"platform",
         {{"key_id", to_hex(gateway_.platform_key.id())},
          {"public", to_hex(gateway_.platform_key.point())},
          {"test_private", to_hex(testing_support::test_scalar(0x44))}}},
        {"valid", valid_},
        {"invalid", invalid_}};
  }

 private:
  SealedGateway gateway_;
  EnvelopeSealer sealer_ = gateway_.sealer();
  EnvelopeSealer uplink_ = gateway_.sealer(Lane::kUplink);
  std::vector<SealedEnvelope> records_;  // in the order of `valid`
  ordered_json valid_ = ordered_json::array();
  ordered_json invalid_ = ordered_json::array();
};

void Vectors::make_valid() {
  const std::string face = R"({"kind":"face","id":"f-1","schema":"face/1.0"})";
  add_valid(sealer_.seal(gateway_.message(MessageClass::kFace, face)).value(), face);
  add_valid(sealer_.seal(gateway_.message(MessageClass::kFace, "")).value(), "");
  const auto lost = sealer_.seal(gateway_.message(MessageClass::kFace, "dropped by policy")).value();
  const std::string after = std::string(100, 'z') + "东门";
  add_valid(sealer_.seal(gateway_.message(MessageClass::kFace, after)).value(), after);
  const std::string alarm = R"({"kind":"event","type":"intrusion","phase":"new"})";
  add_valid(sealer_.seal(gateway_.message(MessageClass::kAlarm, alarm)).value(), alarm);
  DroppedRange dropped;
  dropped.range = {lost[0].header().session, lost[0].header().sequence, lost[0].header().sequence};
  dropped.message_class = MessageClass::kFace;
  dropped.previous_of_first = lost[0].header().previous;
  dropped.digest_of_last = lost[0].digest();
  add_valid(uplink_.seal_gap({&dropped, 1}).value());
  add_valid(sealer_.finish().value());
  add_valid(uplink_.finish().value());
}

void Vectors::make_invalid() {
  const Bytes session = records_[0].wire(), data = records_[1].wire();
  const auto body_at = UnverifiedRecord::parse(data).value().header_bytes().size() + 4;
  const auto alarm = std::find_if(records_.begin(), records_.end(), [](const auto& r) {
                       return r.header().message_class == MessageClass::kAlarm && r.header().sequence == 1;
                     })->wire();
  Bytes longer = data;
  longer.push_back(0);
  add_invalid("empty", Answer::kMalformed, {});
  add_invalid("truncated header", Answer::kMalformed, Bytes(data.begin(), data.begin() + 90));
  add_invalid("truncated body", Answer::kMalformed, Bytes(data.begin(), data.end() - 5));
  add_invalid("trailing byte", Answer::kMalformed, longer);
  add_invalid("version 0", Answer::kMalformed, flipped(data, 0));
  add_invalid("reserved flag", Answer::kMalformed, [&] {
    auto w = data;
    w[3] |= 2;
    return w;
  }());
  add_invalid("signed flag on an unsigned record", Answer::kMalformed, [&] {
    auto w = data;
    w[3] |= 1;
    return w;
  }());
  add_invalid("another topic", Answer::kWrongTopic, data, "veilgate/v1/estate-07/gw-0001/replies");
  add_invalid("replayed data", Answer::kReplay, data);
  add_invalid("ciphertext bit", Answer::kTampered, flipped(data, body_at));
  add_invalid("time changed", Answer::kTampered, flipped(data, 39));
  add_invalid("predecessor changed", Answer::kTampered, flipped(data, 56));
  add_invalid("unknown session", Answer::kUnknownSession, flipped(data, 8));
  add_invalid("class changed", Answer::kHeaderMismatch, [&] {
    auto w = data;
    w[5] = 2;
    return w;
  }());
  add_invalid("lane changed", Answer::kWrongLane, [&] {
    auto w = data;
    w[4] = 2;
    return w;
  }());
  add_invalid("gateway changed", Answer::kWrongGateway, [&] {
    auto w = data;
    w[104 + 7] = '2';
    return w;
  }());
  add_invalid("commitment changed", Answer::kWrongCommitment, flipped(data, 88));
  add_invalid("signature bit of an alarm", Answer::kBadSignature, flipped(alarm, alarm.size() - 1));
  add_invalid("signature bit of a session", Answer::kBadSignature, flipped(session, session.size() - 1));
  add_invalid("wrapped key bit, old signature", Answer::kBadSignature, flipped(session, session.size() - 80));
}

void Vectors::make_invalid_sessions() {
  using Change = HostileSender::Change;
  HostileSender hostile(gateway_, 0x99);
  add_invalid("signed by a stranger", Answer::kUnknownSigner,
              HostileSender(gateway_, 0x90, [](auto& h) { h.signer.fill(9); }).session());
  const Change lane = [](auto& h) { h.lane = Lane::kVerification; };
  add_invalid("another lane's key", Answer::kWrongLane, HostileSender(gateway_, 0x91, lane).session());
  const Change gateway = [](auto& h) { h.gateway = GatewayId("gw-0002"); };
  add_invalid("another gateway's key", Answer::kWrongGateway,
              HostileSender(gateway_, 0x92, gateway).session());
  const Change recipient = [](auto& h) { h.recipient.fill(8); };
  add_invalid("wrapped to a key the platform does not hold", Answer::kUnknownRecipient,
              HostileSender(gateway_, 0x93, recipient).session());
  add_invalid("a wrapped key that does not open", Answer::kUnreadableKey,
              hostile.session_with_body(Bytes(123, 0x30)));
  add_invalid("a commitment to another key", Answer::kWrongCommitment,
              hostile.session_with([](auto& h) { h.commitment.fill(1); }));
  const Change same_id = [this](auto& h) { h.session = records_[0].header().session; };
  add_invalid("another record under a known session id", Answer::kSessionConflict,
              HostileSender(gateway_, 0, same_id).session());
  valid_.push_back({{"name", "a session of a sender that will break the rules"},
                    {"topic", ""},
                    {"answer", "session_accepted"},
                    {"type", "session"},
                    {"wire", to_hex(hostile.session())}});
  add_invalid("a record that does not follow its predecessor", Answer::kBrokenChain,
              hostile.data(1, Digest{}));
  add_invalid("sequence at the bound of a session", Answer::kStaleSession, hostile.data(1U << 24, Digest{}));
  add_invalid("a checkpoint without content", Answer::kMalformed,
              hostile.data(2, Digest{}, RecordType::kCheckpoint, {1}));
  gateway_.clock.advance(std::chrono::hours(24) + std::chrono::minutes(6));
  HostileSender late(gateway_, 0x99);
  add_invalid("a record 24 h and 6 min after its session", Answer::kStaleSession, late.data(3, Digest{}));
}

}  // namespace

int main() {
  Vectors vectors;
  vectors.make_valid();
  vectors.make_invalid();
  vectors.make_invalid_sessions();
  std::printf("%s\n", vectors.json().dump(1).c_str());
}
