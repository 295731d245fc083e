#include "commands/command_gate.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace veilgate::uplink {
namespace {

class CommandGateTest : public ::testing::Test {
 protected:
  CommandGateTest() { clock_.jump_to(parse_utc("2026-03-01T08:00:00.000Z").value()); }

  std::unique_ptr<CommandGate> open() {
    return std::move(CommandGate::create(dir_ / "commands.db", GatewayId("gw-0001"), key_.verifying_key(), clock_))
        .value();
  }
  Command command(std::uint64_t sequence) const {
    Command command;
    command.gateway = GatewayId("gw-0001");
    command.issuer = "receiver";
    command.sequence = sequence;
    command.issued = clock_.now();
    command.expires = clock_.now() + Millis{600'000};
    SequenceRange range;
    range.session.fill(7);
    range.last = 31;
    command.body = ReceiptCommand{{range}};
    return command;
  }
  Bytes wire(const Command& command) const { return encode_command(command, key_).value(); }

  test::TempDir dir_;
  FakeClock clock_;
  SigningKey key_ = SigningKey::generate().value();
  std::unique_ptr<CommandGate> gate_ = open();
};

TEST_F(CommandGateTest, CarriesOutWhatThePlatformSigned) {
  const auto judged = gate_->judge(wire(command(1)));
  ASSERT_EQ(judged.answer, CommandAnswer::kAccepted) << judged.detail;
  const auto& receipt = std::get<ReceiptCommand>(judged.command->body());
  ASSERT_EQ(receipt.covered.size(), 1u);
  EXPECT_EQ(receipt.covered[0].last, 31u);
  EXPECT_EQ(judged.command->issuer(), "receiver");
}

TEST_F(CommandGateTest, RefusesAnotherKeysSignature) {
  const auto stranger = SigningKey::generate().value();
  EXPECT_EQ(gate_->judge(encode_command(command(1), stranger).value()).answer, CommandAnswer::kBadSignature);
}

TEST_F(CommandGateTest, RefusesEveryFlippedBit) {
  const Bytes good = wire(command(1));
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] ^= 0x04;
    EXPECT_NE(gate_->judge(bad).answer, CommandAnswer::kAccepted) << "byte " << at;
  }
  EXPECT_EQ(gate_->judge(good).answer, CommandAnswer::kAccepted) << "and none of them used up the number";
}

TEST_F(CommandGateTest, RefusesEveryTruncation) {
  const Bytes good = wire(command(1));
  for (std::size_t size = 0; size < good.size(); size += 7)
    EXPECT_EQ(gate_->judge(ByteView(good).first(size)).answer, CommandAnswer::kMalformed) << size;
}

TEST_F(CommandGateTest, RefusesAReplayAlsoAfterARestart) {
  const Bytes first = wire(command(5));
  EXPECT_EQ(gate_->judge(first).answer, CommandAnswer::kAccepted);
  EXPECT_EQ(gate_->judge(first).answer, CommandAnswer::kReplayed);
  EXPECT_EQ(gate_->judge(wire(command(4))).answer, CommandAnswer::kReplayed);
  gate_ = open();
  EXPECT_EQ(gate_->judge(first).answer, CommandAnswer::kReplayed);
  EXPECT_EQ(gate_->judge(wire(command(6))).answer, CommandAnswer::kAccepted);
}

TEST_F(CommandGateTest, CountsEachIssuerByItself) {
  Command other = command(1);
  other.issuer = "receiver-2";
  EXPECT_EQ(gate_->judge(wire(command(9))).answer, CommandAnswer::kAccepted);
  EXPECT_EQ(gate_->judge(wire(other)).answer, CommandAnswer::kAccepted);
}

TEST_F(CommandGateTest, RefusesAnotherGatewaysCommand) {
  Command other = command(1);
  other.gateway = GatewayId("gw-0002");
  EXPECT_EQ(gate_->judge(wire(other)).answer, CommandAnswer::kMisaddressed);
}

TEST_F(CommandGateTest, RefusesAnExpiredCommandWithinTheClocksHonesty) {
  const Bytes old = wire(command(1));
  clock_.advance(std::chrono::seconds(600 + 59));
  EXPECT_EQ(gate_->judge(wire(command(1))).answer, CommandAnswer::kAccepted);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(gate_->judge(old).answer, CommandAnswer::kExpired);
  clock_.set_state(ClockState::kUnsynced);  // a clock nobody vouches for must not refuse a receipt
  EXPECT_EQ(gate_->judge(old).answer, CommandAnswer::kReplayed);
}

TEST_F(CommandGateTest, RefusesWhatIsTooLong) {
  EXPECT_EQ(gate_->judge(Bytes(kMaxCommandBytes + 1)).answer, CommandAnswer::kOversized);
}

TEST_F(CommandGateTest, CountsItsAnswers) {
  (void)gate_->judge(Bytes(10));
  (void)gate_->judge(wire(command(1)));
  EXPECT_EQ(gate_->count(CommandAnswer::kMalformed), 1u);
  EXPECT_EQ(gate_->count(CommandAnswer::kAccepted), 1u);
}

}  // namespace
}  // namespace veilgate::uplink
