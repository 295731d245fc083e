// Holds our own decoder against the published vectors (docs/wire-format.md, tests/vectors/envelope_v1.json).

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "envelope/envelope_opener.h"
#include "support/good.h"

namespace veilgate {
namespace {

using nlohmann::json;
using testing_support::good;

Bytes hex(const json& value) { return good(from_hex(value.get<std::string>())); }

class EnvelopeVectors : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(VEILGATE_VECTORS "/envelope_v1.json");
    ASSERT_TRUE(file);
    vectors_ = json::parse(file);
    for (const auto& signer : vectors_["signers"])
      trust_.add(TrustedSigner{GatewayId(signer["gateway"].get<std::string>()),
                               *lane_from(signer["lane"].get<std::string>()),
                               good(VerifyingKey::from_point(hex(signer["public"]))),
                               {}});
    trust_.add(RecipientKey{good(DecryptionKey::from_scalar(hex(vectors_["platform"]["test_private"]))), {}});
  }
  json vectors_;
  Trust trust_;
  MemorySessionStore store_;
};

TEST_F(EnvelopeVectors, EveryValidRecordOpensAndEveryInvalidOneGetsItsAnswer) {
  auto opener = good(EnvelopeOpener::create(trust_, store_));
  for (const auto& entry : vectors_["valid"]) {
    const auto opened = good(opener.open(hex(entry["wire"]), entry["topic"].get<std::string>()));
    EXPECT_EQ(to_string(opened.answer), entry["answer"].get<std::string>()) << entry["name"];
    if (!opened.record) continue;
    EXPECT_EQ(good(opener.commit({&*opened.record, 1})).answers.front(), Answer::kVerified) << entry["name"];
    if (!entry.contains("payload")) continue;
    EXPECT_EQ(as_text(opened.record->payload()), entry["payload"].get<std::string>()) << entry["name"];
  }
  for (const auto& entry : vectors_["invalid"]) {
    const auto opened = good(opener.open(hex(entry["wire"]), entry["topic"].get<std::string>()));
    EXPECT_EQ(to_string(opened.answer), entry["answer"].get<std::string>()) << entry["name"];
  }
  EXPECT_GE(vectors_["invalid"].size(), 30U);
  for (const auto& session : good(store_.sessions(UtcTime{})))
    EXPECT_TRUE(good(store_.chain(session.id))->missing().empty())
        << "the gap record announces the dropped one";
}

TEST_F(EnvelopeVectors, TheStepsOfTheDerivationAreOurs) {
  for (const auto& entry : vectors_["valid"]) {
    if (!entry.contains("steps")) continue;
    const auto& steps = entry["steps"];
    Bytes derived(44);
    hkdf_sm3(hex(steps["secret"]), hex(entry["session"]), hex(steps["hkdf_info"]), derived);
    EXPECT_EQ(to_hex(derived), steps["key"].get<std::string>() + steps["salt"].get<std::string>() +
                                   steps["commitment"].get<std::string>());
  }
}

}  // namespace
}  // namespace veilgate
