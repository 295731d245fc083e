// The receiver against records sealed here: what it delivers, refuses, asks for and receipts. Virtual time.

#include "receiver/receiver.h"

#include <gtest/gtest.h>

#include "envelope/envelope_sealer.h"
#include "support/temp_dir.h"

namespace veilgate::receiver {
namespace {

class CollectingSink final : public ResultSink {
 public:
  explicit CollectingSink(std::vector<std::string>& ids) : ids_(ids) {}
  const char* name() const override { return "collecting"; }
  SinkUse use() const override { return SinkUse::kAnalysis; }
  Result<void> deliver(const ReceivedResult& result) override {
    ids_.push_back(result.header.message_id);
    return {};
  }

 private:
  std::vector<std::string>& ids_;
};

class ReceiverTest : public ::testing::Test {
 protected:
  ReceiverTest() {
    trust_.add(TrustedSigner{GatewayId("gw-1"), Lane::kSurveillance, lane_.verifying_key(), std::nullopt});
    trust_.add(RecipientKey{platform_, std::nullopt});
    router_.add(std::make_unique<CollectingSink>(delivered_));
    commands_ = std::move(CommandSender::create(dir_ / "commands.db", "receiver", SigningKey::generate().value(), clock_)).value();
    Receiver::Happenings happenings;
    happenings.on_refused = [this](Answer answer, const std::string&, const std::string&) { refused_.push_back(answer); };
    happenings.on_notice = [this](const std::string& text) { notices_.push_back(text); };
    receiver_ = std::make_unique<Receiver>(
        clock_, std::move(EnvelopeOpener::create(trust_, store_)).value(), store_, router_, *commands_,
        std::map<std::string, TopicScheme>{{"gw-1", topics_}},
        [this](uplink::OutgoingMessage message) {
          sent_.push_back(std::string(as_text(message.payload)));
          return true;
        },
        std::move(happenings));
    receiver_->on_online();
  }
  std::vector<SealedEnvelope> seal(int count) {
    std::vector<SealedEnvelope> all;
    for (int i = 0; i < count; ++i) {
      Message message{MessageClass::kEvent, "cam", topics_.surveillance_events("cam"), "r-" + std::to_string(next_++),
                      "application/json", {'{', '}'}};
      const std::vector<SealedEnvelope> sealed = std::move(sealer_.seal(message)).value();
      all.insert(all.end(), sealed.begin(), sealed.end());
    }
    return all;
  }
  void give(const SealedEnvelope& record) { give(record.topic(), record.wire()); }
  void give(const std::string& topic, Bytes wire, uplink::Retain retain = uplink::Retain::kNo) {
    receiver_->on_message({topic, std::move(wire), retain});
  }
  void give(const std::vector<SealedEnvelope>& records) {
    for (const auto& record : records) give(record);
    receiver_->tick();
  }
  void pass(std::chrono::milliseconds time) {
    for (auto left = time; left.count() > 0; left -= std::chrono::milliseconds(100)) {
      clock_.advance(std::chrono::milliseconds(100));
      receiver_->tick();
    }
  }
  int commands(const std::string& kind) const {
    int count = 0;
    for (const auto& text : sent_) count += text.find("\"kind\":\"" + kind + "\"") != std::string::npos;
    return count;
  }

  test::TempDir dir_;
  FakeClock clock_{UtcTime{std::chrono::hours(24 * 20000)}};
  SigningKey lane_ = SigningKey::generate().value();
  DecryptionKey platform_ = DecryptionKey::generate().value();
  TopicScheme topics_ = std::move(TopicScheme::create("vg", "site", "gw-1")).value();
  EnvelopeSealer sealer_ = std::move(EnvelopeSealer::create({Lane::kSurveillance, GatewayId("gw-1"), topics_}, lane_,
                                                            platform_.encryption_key(), clock_))
                               .value();
  int next_ = 0;
  Trust trust_;
  MemorySessionStore store_;
  Router router_;
  std::unique_ptr<CommandSender> commands_;
  std::unique_ptr<Receiver> receiver_;
  std::vector<std::string> delivered_, notices_, sent_;
  std::vector<Answer> refused_;
};

TEST_F(ReceiverTest, DeliversOnceAndReceiptsAfterwards) {
  give(seal(3));
  EXPECT_EQ(delivered_, (std::vector<std::string>{"r-0", "r-1", "r-2"}));
  EXPECT_EQ(receiver_->counters().verified_results, 3u);
  EXPECT_FALSE(receiver_->settled()) << "no checkpoint yet";
  give(std::move(sealer_.finish()).value());
  EXPECT_TRUE(receiver_->settled());
  pass(std::chrono::milliseconds(1100));
  EXPECT_GE(commands("receipt"), 1);
  EXPECT_EQ(commands("resend"), 0);
}

TEST_F(ReceiverTest, RefusesAReplayWithinAndAfterABatch) {
  const auto records = seal(1);
  give(records);
  give(records.back());
  give(records.back());
  receiver_->tick();
  EXPECT_EQ(refused_, (std::vector<Answer>{Answer::kReplay, Answer::kReplay}));
  EXPECT_EQ(delivered_.size(), 1u);
  EXPECT_EQ(receiver_->counters().rejected, 2u);
  const auto two = seal(1);
  give(two.back());
  give(two.back());  // both before the commit
  receiver_->tick();
  EXPECT_EQ(delivered_.size(), 2u);
}

TEST_F(ReceiverTest, RepeatsAfterAReconnectionAreTheProtocols) {
  const auto records = seal(1);
  give(records);
  receiver_->on_online();  // again
  give(records.back());
  EXPECT_EQ(receiver_->counters().duplicates, 1u);
  EXPECT_EQ(receiver_->counters().rejected, 0u);
  EXPECT_EQ(delivered_.size(), 1u) << "and still not delivered twice";
  pass(std::chrono::seconds(31));
  give(records.back());
  EXPECT_EQ(receiver_->counters().rejected, 1u);
}

TEST_F(ReceiverTest, AsksForAGapAndLessOftenEachTime) {
  auto records = seal(4);
  const auto lost = records[2];
  records.erase(records.begin() + 2);
  give(records);
  pass(std::chrono::milliseconds(1000));
  EXPECT_EQ(commands("resend"), 0) << "it may only be late";
  pass(std::chrono::milliseconds(1500));
  EXPECT_EQ(commands("resend"), 1);
  pass(std::chrono::seconds(8));
  EXPECT_EQ(commands("resend"), 2);
  give(lost);
  receiver_->tick();
  pass(std::chrono::seconds(60));
  EXPECT_EQ(commands("resend"), 2);
  EXPECT_EQ(delivered_.back(), "r-1");
}

TEST_F(ReceiverTest, HoldsRecordsUntilTheirSessionComes) {
  const auto records = seal(2);
  give(records[1]);
  give(records[2]);
  receiver_->tick();
  EXPECT_TRUE(delivered_.empty());
  EXPECT_EQ(commands("resend"), 1) << "asks for the session record once";
  give(records[0]);
  receiver_->tick();
  EXPECT_EQ(delivered_.size(), 2u);
  EXPECT_TRUE(refused_.empty());
}

TEST_F(ReceiverTest, RefusesRecordsWhoseSessionNeverComes) {
  give(seal(1).back());
  pass(std::chrono::seconds(62));
  EXPECT_EQ(refused_, std::vector<Answer>{Answer::kUnknownSession});
}

TEST_F(ReceiverTest, RefusesEveryFlippedByteAndNothingIsDelivered) {
  const auto records = seal(1);
  give(records[0]);
  for (std::size_t at = 0; at < records[1].wire().size(); at += 3) {
    Bytes wire = records[1].wire();
    wire[at] ^= 0x10;
    give(records[1].topic(), std::move(wire));
  }
  receiver_->tick();
  EXPECT_TRUE(delivered_.empty());
}

TEST_F(ReceiverTest, StateIsNoRecord) {
  give(topics_.availability(), {'o', 'n', 'l', 'i', 'n', 'e'}, uplink::Retain::kYes);
  give(topics_.camera_status("cam"), {'{', '}'}, uplink::Retain::kYes);
  give(topics_.info(), {'{', '}'}, uplink::Retain::kYes);
  EXPECT_TRUE(refused_.empty());
  EXPECT_EQ(notices_, std::vector<std::string>{"gateway gw-1 is online"});
}

}  // namespace
}  // namespace veilgate::receiver
