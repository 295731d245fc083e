#include "commands/command_gate.h"

#include <array>

#include "storage/database.h"

namespace veilgate::uplink {
namespace {

constexpr Millis kClockTolerance{60'000};
constexpr Millis kUnsyncedTolerance{86'400'000};
constexpr std::array kMigrations{"CREATE TABLE newest (issuer TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT"};
constexpr std::uint64_t kLargestSequence = (std::uint64_t{1} << 63) - 1;

}  // namespace

const char* to_string(CommandAnswer answer) {
  switch (answer) {
    case CommandAnswer::kAccepted: return "accepted";
    case CommandAnswer::kMalformed: return "malformed";
    case CommandAnswer::kOversized: return "oversized";
    case CommandAnswer::kBadSignature: return "bad_signature";
    case CommandAnswer::kMisaddressed: return "misaddressed";
    case CommandAnswer::kExpired: return "expired";
    case CommandAnswer::kReplayed: return "replayed";
    case CommandAnswer::kFailed: return "failed";
  }
  return "failed";
}

class CommandGate::Numbers {
 public:
  explicit Numbers(Database database) : database_(std::move(database)) {}

  /// False: not newer than what this issuer sent before. Durable when it returns true.
  Result<bool> use(const std::string& issuer, std::uint64_t sequence) {
    VG_TRY(auto statement, database_.prepare("INSERT INTO newest VALUES (?1, ?2) ON CONFLICT (issuer) DO UPDATE "
                                             "SET sequence = ?2 WHERE sequence < ?2"));
    statement.bind(1, std::string_view(issuer)).bind(2, static_cast<std::int64_t>(sequence));
    VG_CHECK(statement.run());
    return database_.changes() == 1;
  }

 private:
  Database database_;
};

CommandGate::CommandGate(std::unique_ptr<Numbers> numbers, GatewayId gateway, VerifyingKey platform, const Clock& clock)
    : numbers_(std::move(numbers)), gateway_(std::move(gateway)), platform_(std::move(platform)), clock_(clock) {}
CommandGate::~CommandGate() = default;

Result<std::unique_ptr<CommandGate>> CommandGate::create(const std::string& file, GatewayId gateway,
                                                         VerifyingKey platform, const Clock& clock) {
  Database::Options options;
  options.path = file;
  options.migrations = kMigrations;
  // A damaged file is replaced: the numbers begin anew, and expiry alone holds old commands off.
  VG_TRY(auto opened, Database::open_or_replace(options, clock.now()));
  return std::unique_ptr<CommandGate>(new CommandGate(std::make_unique<Numbers>(std::move(opened.database)),
                                                      std::move(gateway), std::move(platform), clock));
}

JudgedCommand CommandGate::judge(ByteView wire) {
  JudgedCommand judged = decide(wire);
  ++counts_[static_cast<std::size_t>(judged.answer)];
  return judged;
}

JudgedCommand CommandGate::decide(ByteView wire) {
  if (wire.size() > kMaxCommandBytes) return {CommandAnswer::kOversized, std::to_string(wire.size()) + " bytes", {}};
  auto parsed = UnverifiedCommand::parse(wire);
  if (!parsed) return {CommandAnswer::kMalformed, parsed.error().message(), {}};
  if (!parsed->signed_by(platform_)) return {CommandAnswer::kBadSignature, "not by the platform's key", {}};
  Command& command = parsed->command_;
  if (command.gateway != gateway_) return {CommandAnswer::kMisaddressed, "for gateway " + command.gateway.get(), {}};
  const Millis tolerance = clock_.state() == ClockState::kUnsynced ? kUnsyncedTolerance : kClockTolerance;
  if (command.expires + tolerance < clock_.now())
    return {CommandAnswer::kExpired, "since " + format_utc(command.expires), {}};
  if (command.sequence > kLargestSequence) return {CommandAnswer::kMalformed, "sequence too large", {}};
  auto fresh = numbers_->use(command.issuer, command.sequence);
  if (!fresh) return {CommandAnswer::kFailed, fresh.error().message(), {}};
  if (!*fresh) return {CommandAnswer::kReplayed, "sequence " + std::to_string(command.sequence), {}};
  return {CommandAnswer::kAccepted, kind_of(command.body), VerifiedCommand(std::move(command))};
}

}  // namespace veilgate::uplink
