#include "core/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace veilgate {
namespace {

Result<int> half(int x) {
  if (x % 2 != 0) return Error(ErrorCode::kInvalidInput, "odd");
  return x / 2;
}

Result<int> quarter(int x) {
  VG_TRY(const int h, half(x));
  VG_TRY(const int q, half(h));
  return q;
}

Result<void> check_even(int x) {
  VG_CHECK(half(x));
  return {};
}

TEST(Result, TryPassesTheValueOn) { EXPECT_EQ(*quarter(8), 2); }

TEST(Result, TryReturnsTheFirstError) {
  const auto r = quarter(6);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code(), ErrorCode::kInvalidInput);
  EXPECT_EQ(r.error().with_context("six").message(), "six: odd");
}

TEST(Result, CheckWorksOnVoid) {
  EXPECT_TRUE(check_even(2));
  EXPECT_FALSE(check_even(3));
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> r = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(r).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorEndsTheProcess) {
  EXPECT_DEATH((void)half(1).value(), "broken invariant");
}

}  // namespace
}  // namespace veilgate
