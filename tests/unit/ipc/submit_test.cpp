#include "ipc/submit.h"

#include <gtest/gtest.h>

namespace veilgate::ipc {
namespace {

const Submission kGood{"veilgate/v1/s/g/surveillance/c/events", "event", {1, 2, 3}};

TEST(Submit, RequestSurvivesTheTrip) {
  const auto back = parse_submission(to_message(kGood));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->topic, kGood.topic);
  EXPECT_EQ(back->message_class, kGood.message_class);
  EXPECT_EQ(back->envelope, kGood.envelope);
}

TEST(Submit, RefusesWildcardsUnknownClassesAndExtraKeys) {
  auto topic = kGood;
  topic.topic = "veilgate/#";
  EXPECT_FALSE(parse_submission(to_message(topic)));
  auto unknown = kGood;
  unknown.message_class = "anything";
  EXPECT_FALSE(parse_submission(to_message(unknown)));
  auto empty = kGood;
  empty.envelope.clear();
  EXPECT_FALSE(parse_submission(to_message(empty)));
  auto extra = to_message(kGood);
  extra.json = R"({"topic":"a","class":"event","lane":"verification"})";
  EXPECT_FALSE(parse_submission(extra));
  auto other = to_message(kGood);
  other.kind = "status";
  EXPECT_FALSE(parse_submission(other));
}

TEST(Submit, AnswerTellsTheLaneWhatToDo) {
  EXPECT_TRUE(parse_submit_answer(accepted()));
  const auto full = parse_submit_answer(refused({ErrorCode::kExhausted, "outbox full"}));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), ErrorCode::kExhausted);
  EXPECT_EQ(full.error().message(), "outbox full");
}

TEST(Submit, NonsenseFromTheUplinkIsNeverTakenForARefusal) {
  for (const Message& answer : {Message{"maybe", 0, {}, {}}, Message{"refused", 0, "{", {}},
                                Message{"refused", 0, R"({"code":"odd","message":""})", {}}}) {
    const auto result = parse_submit_answer(answer);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::kUnavailable);
  }
}

}  // namespace
}  // namespace veilgate::ipc
