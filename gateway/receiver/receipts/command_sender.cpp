#include "receipts/command_sender.h"

#include <array>

#include "storage/database.h"

namespace veilgate::receiver {
namespace {
constexpr Millis kLifetime{600'000};
constexpr std::array kMigrations{"CREATE TABLE issued (issuer TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT"};
}  // namespace

class CommandSender::Numbers {
 public:
  explicit Numbers(Database database) : database_(std::move(database)) {}
  Result<std::uint64_t> next(const std::string& issuer, std::int64_t at_least) {
    VG_TRY(auto statement,
           database_.prepare("INSERT INTO issued VALUES (?1, ?2) ON CONFLICT (issuer) DO UPDATE "
                             "SET sequence = max(sequence + 1, ?2) RETURNING sequence"));
    statement.bind(1, std::string_view(issuer)).bind(2, at_least);
    VG_TRY(const bool row, statement.step());
    if (!row) return Error(ErrorCode::kInternal, "no command number");
    const auto number = static_cast<std::uint64_t>(statement.column_int64(0));
    VG_TRY([[maybe_unused]] const bool more, statement.step());  // finishes the insert
    return number;
  }

 private:
  Database database_;
};

CommandSender::CommandSender(std::unique_ptr<Numbers> numbers, std::string issuer, SigningKey key, const Clock& clock)
    : numbers_(std::move(numbers)), issuer_(std::move(issuer)), key_(std::move(key)), clock_(clock) {}
CommandSender::~CommandSender() = default;

Result<std::unique_ptr<CommandSender>> CommandSender::create(const std::string& file, std::string issuer,
                                                             SigningKey key, const Clock& clock) {
  Database::Options options;
  options.path = file;
  options.migrations = kMigrations;
  VG_TRY(auto opened, Database::open_or_replace(options, clock.now()));
  return std::unique_ptr<CommandSender>(new CommandSender(std::make_unique<Numbers>(std::move(opened.database)),
                                                          std::move(issuer), std::move(key), clock));
}

Result<Bytes> CommandSender::sign(const GatewayId& gateway, uplink::CommandBody body) {
  const UtcTime now = clock_.now();
  uplink::Command command;
  command.gateway = gateway;
  command.issuer = issuer_;
  VG_TRY(command.sequence, numbers_->next(issuer_, now.time_since_epoch().count()));
  command.issued = now;
  command.expires = now + kLifetime;
  command.body = std::move(body);
  return uplink::encode_command(command, key_);
}

}  // namespace veilgate::receiver
