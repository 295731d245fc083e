#pragma once
// good(result): the value of a Result that must be good, by value. Use it in `for (… : good(f()))`, where `*f()` would
// refer into a temporary that is already gone. Thread word: reentrant.

#include <gtest/gtest.h>

#include "core/result.h"

namespace veilgate::testing_support {

template <typename T>
T good(Result<T> result) {
  EXPECT_TRUE(result) << result.error().message();
  return std::move(result).value();
}

}  // namespace veilgate::testing_support
