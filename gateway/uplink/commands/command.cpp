#include "commands/command.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "envelope/topics.h"
#include "ipc/strict_json.h"

namespace veilgate::uplink {
namespace {

using nlohmann::json;

constexpr std::uint8_t kMagic[4] = {'V', 'G', 'C', 1};
constexpr std::size_t kHeadBytes = 8;
constexpr std::size_t kSignatureBytes = 64;

Error bad(const std::string& why) { return Error(ErrorCode::kInvalidInput, "command: " + why); }

json ranges_to_json(const std::vector<SequenceRange>& ranges) {
  json list = json::array();
  for (const auto& range : ranges)
    list.push_back({{"session", to_hex(range.session)}, {"first", range.first}, {"last", range.last}});
  return list;
}

Result<std::uint64_t> whole_number(const json& object, const char* key) {
  if (!object.at(key).is_number_unsigned()) return bad(std::string(key) + " is no whole number");
  return object.at(key).get<std::uint64_t>();
}

Result<std::string> text(const json& object, const char* key) {
  if (!object.at(key).is_string()) return bad(std::string(key) + " is no text");
  return object.at(key).get<std::string>();
}

Result<std::vector<SequenceRange>> ranges_from_json(const json& list) {
  if (!list.is_array() || list.empty() || list.size() > kMaxCommandRanges) return bad("no list of 1…1000 ranges");
  std::vector<SequenceRange> ranges;
  for (const auto& item : list) {
    if (!item.is_object()) return bad("a range is no object");
    VG_CHECK(ipc::check_keys(item, {"session", "first", "last"}));
    SequenceRange range;
    VG_TRY(const auto session, text(item, "session"));
    VG_TRY(const auto id, from_hex(session));
    if (id.size() != range.session.size()) return bad("a session id has 32 hex digits");
    std::copy(id.begin(), id.end(), range.session.begin());
    VG_TRY(range.first, whole_number(item, "first"));
    VG_TRY(range.last, whole_number(item, "last"));
    if (range.last < range.first) return bad("a range ends before it begins");
    ranges.push_back(range);
  }
  return ranges;
}

Result<CommandBody> body_from_json(const json& object) {
  VG_TRY(const auto kind, text(object, "kind"));
  const auto common = {"gateway", "issuer", "sequence", "issued", "expires", "kind"};
  const auto expect = [&](std::initializer_list<const char*> more) {
    return object.size() == common.size() + more.size() &&
           std::all_of(more.begin(), more.end(), [&](const char* key) { return object.contains(key); });
  };
  if (kind == "receipt" && expect({"covered"})) {
    VG_TRY(auto ranges, ranges_from_json(object.at("covered")));
    return CommandBody(ReceiptCommand{std::move(ranges)});
  }
  if (kind == "resend" && expect({"missing"})) {
    VG_TRY(auto ranges, ranges_from_json(object.at("missing")));
    return CommandBody(ResendCommand{std::move(ranges)});
  }
  if (kind == "status" && expect({})) return CommandBody(StatusCommand{});
  return bad("unknown kind, or keys that do not belong to it");
}

Result<Command> command_from_json(const json& object) {
  VG_CHECK(ipc::check_keys(object, {"gateway", "issuer", "sequence", "issued", "expires", "kind"},
                           {"covered", "missing"}));
  Command command;
  VG_TRY(auto gateway, text(object, "gateway"));
  VG_TRY(command.issuer, text(object, "issuer"));
  if (!valid_topic_id(gateway) || !valid_topic_id(command.issuer)) return bad("gateway or issuer is no id");
  command.gateway = GatewayId(std::move(gateway));
  VG_TRY(command.sequence, whole_number(object, "sequence"));
  VG_TRY(const auto issued, text(object, "issued"));
  VG_TRY(const auto expires, text(object, "expires"));
  VG_TRY(command.issued, parse_utc(issued));
  VG_TRY(command.expires, parse_utc(expires));
  VG_TRY(command.body, body_from_json(object));
  return command;
}

}  // namespace

const char* kind_of(const CommandBody& body) {
  if (std::holds_alternative<ReceiptCommand>(body)) return "receipt";
  if (std::holds_alternative<ResendCommand>(body)) return "resend";
  return "status";
}

Result<Bytes> encode_command(const Command& command, const SigningKey& key) {
  json object{{"gateway", command.gateway.get()},        {"issuer", command.issuer},
              {"sequence", command.sequence},            {"issued", format_utc(command.issued)},
              {"expires", format_utc(command.expires)}, {"kind", kind_of(command.body)}};
  if (const auto* receipt = std::get_if<ReceiptCommand>(&command.body))
    object["covered"] = ranges_to_json(receipt->covered);
  if (const auto* resend = std::get_if<ResendCommand>(&command.body)) object["missing"] = ranges_to_json(resend->missing);
  const std::string body = object.dump();
  Bytes wire(std::begin(kMagic), std::end(kMagic));
  for (int shift = 24; shift >= 0; shift -= 8) wire.push_back(static_cast<std::uint8_t>(body.size() >> shift));
  wire.insert(wire.end(), body.begin(), body.end());
  if (wire.size() + kSignatureBytes > kMaxCommandBytes) return Error(ErrorCode::kExhausted, "command: too long");
  VG_TRY(const auto signature, key.sign(wire));
  wire.insert(wire.end(), signature.begin(), signature.end());
  return wire;
}

Result<UnverifiedCommand> UnverifiedCommand::parse(ByteView wire) {
  if (wire.size() > kMaxCommandBytes) return bad("too long");
  if (wire.size() < kHeadBytes + kSignatureBytes) return bad("too short");
  if (!std::equal(std::begin(kMagic), std::end(kMagic), wire.begin())) return bad("not a command of version 1");
  std::size_t length = 0;
  for (int i = 4; i < 8; ++i) length = length << 8 | wire[i];
  if (length != wire.size() - kHeadBytes - kSignatureBytes) return bad("its length does not fit");
  VG_TRY(const auto object, ipc::parse_strict_object(as_text(wire.subspan(kHeadBytes, length))));
  UnverifiedCommand unverified;
  VG_TRY(unverified.command_, command_from_json(object));
  unverified.signed_bytes_.assign(wire.begin(), wire.end() - kSignatureBytes);
  std::copy(wire.end() - kSignatureBytes, wire.end(), unverified.signature_.begin());
  return unverified;
}

}  // namespace veilgate::uplink
