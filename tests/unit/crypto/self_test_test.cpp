#include "crypto/self_test.h"

#include <gtest/gtest.h>

#include "crypto/sm2.h"

namespace veilgate {
namespace {

TEST(SelfTests, AllPassOnThisMachine) {
  const auto result = require_self_tests();
  EXPECT_TRUE(result) << (result ? "" : result.error().message());
  EXPECT_TRUE(failed_self_tests().empty());
}

// each fault puts the process into the error state; it runs in a child because that state is for life.
class SelfTestFault : public testing::TestWithParam<SelfTest> {};

TEST_P(SelfTestFault, StopsEveryKeyOperation) {
  EXPECT_EXIT(
      {
        const auto key = SigningKey::generate();
        inject_self_test_fault(GetParam());
        const bool named =
            !require_self_tests() && failed_self_tests() == std::vector{GetParam()} &&
            require_self_tests().error().message().find(to_string(GetParam())) != std::string::npos;
        const bool stopped = !key->sign(as_bytes("x")) && !SigningKey::generate() &&
                             !key->verifying_key().verify(as_bytes("x"), Sm2Signature{}) &&
                             !EncryptionKey::from_point(key->point());
        inject_self_test_fault(SelfTest::kSm3);  // a second fault cannot mend the first
        std::exit(named && stopped && !require_self_tests() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(Each, SelfTestFault,
                         testing::Values(SelfTest::kSm3, SelfTest::kHmacSm3, SelfTest::kSm4,
                                         SelfTest::kSm4Gcm, SelfTest::kSm2Sign, SelfTest::kSm2Encrypt,
                                         SelfTest::kDrbg),
                         [](const auto& each) { return to_string(each.param); });

}  // namespace
}  // namespace veilgate
