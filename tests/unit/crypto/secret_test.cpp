#include "crypto/secret.h"

#include <type_traits>

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace veilgate {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

TEST(Secret, MovesWithoutLeavingACopy) {
  auto first = SecretBytes::copy_of(as_bytes("key"));
  const SecretBytes second(std::move(first));
  EXPECT_EQ(as_text(second.view()), "key");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST(Secret, WipeOverwrites) {
  Bytes bytes{1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, (Bytes{0, 0, 0}));
}

TEST(Random, TwoDrawsDiffer) {
  const auto a = random_secret(32), b = random_secret(32);
  ASSERT_TRUE(a && b);
  EXPECT_NE(to_hex(a->view()), to_hex(b->view()));
}

}  // namespace
}  // namespace veilgate
