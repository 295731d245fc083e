#include <gtest/gtest.h>

#include "sinks/result_sink.h"

namespace veilgate::receiver {
namespace {

class RememberingSink final : public ResultSink {
 public:
  RememberingSink(SinkUse use, std::vector<std::string>& seen) : use_(use), seen_(seen) {}
  const char* name() const override { return "remembering"; }
  SinkUse use() const override { return use_; }
  Result<void> deliver(const ReceivedResult& result) override {
    seen_.emplace_back(result.payload);
    return {};
  }

 private:
  SinkUse use_;
  std::vector<std::string>& seen_;
};

class FailingSink final : public ResultSink {
 public:
  const char* name() const override { return "failing"; }
  SinkUse use() const override { return SinkUse::kAnalysis; }
  Result<void> deliver(const ReceivedResult&) override { return Error(ErrorCode::kExhausted, "disk full"); }
};

constexpr const char* kAnalysisOnly = R"({"usage":"analysis_only_not_for_verification"})";

TEST(Router, NeverGivesAnAnalysisOnlyPayloadToAVerificationSink) {
  std::vector<std::string> analysis, verification;
  Router router;
  router.add(std::make_unique<RememberingSink>(SinkUse::kAnalysis, analysis));
  router.add(std::make_unique<RememberingSink>(SinkUse::kVerification, verification));
  RecordHeader header;
  header.lane = Lane::kSurveillance;
  const auto routed = router.route({header, kAnalysisOnly, {}});
  ASSERT_TRUE(routed);
  EXPECT_EQ(routed->delivered, 1);
  EXPECT_EQ(routed->withheld, 1);
  EXPECT_EQ(analysis.size(), 1u);
  EXPECT_TRUE(verification.empty());
}

TEST(Router, BelievesTheSealedLaneAndNotOnlyTheText) {
  std::vector<std::string> verification;
  Router router;
  router.add(std::make_unique<RememberingSink>(SinkUse::kVerification, verification));
  RecordHeader header;
  header.lane = Lane::kSurveillance;
  for (const char* text : {R"({"usage":"verification"})", "{}", "no json", ""}) {
    ASSERT_TRUE(router.route({header, text, {}}));
    EXPECT_TRUE(verification.empty()) << text;
  }
  header.lane = Lane::kVerification;
  ASSERT_TRUE(router.route({header, kAnalysisOnly, {}}));
  ASSERT_TRUE(router.route({header, "{}", {}}));
  EXPECT_TRUE(verification.empty()) << "says itself that it is not for verification, or does not say what it is for";
  ASSERT_TRUE(router.route({header, R"({"usage":"verification"})", {}}));
  EXPECT_EQ(verification.size(), 1u);
}

TEST(Router, ASinkThatFailsKeepsTheRecordUncommitted) {
  Router router;
  router.add(std::make_unique<FailingSink>());
  RecordHeader header;
  EXPECT_FALSE(router.route({header, "{}", {}}));
}

}  // namespace
}  // namespace veilgate::receiver
