#include "track/assignment.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace veilgate::surveillance {
namespace {

struct Score {
  int pairs = 0;
  double cost = 0;
};

Score score(const CostTable& table, const std::vector<int>& columns) {
  Score s;
  for (int row = 0; row < table.rows; ++row)
    if (columns[row] >= 0) {
      ++s.pairs;
      s.cost += table.at(row, columns[row]);
    }
  return s;
}

/// Every way to give rows to columns, tried.
Score best_by_trying(const CostTable& table) {
  const int n = std::max(table.rows, table.columns);
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  Score best{-1, 0};
  do {
    Score s;
    for (int row = 0; row < table.rows; ++row)
      if (order[row] < table.columns && table.at(row, order[row]) < kForbidden) {
        ++s.pairs;
        s.cost += table.at(row, order[row]);
      }
    if (s.pairs > best.pairs || (s.pairs == best.pairs && s.cost < best.cost)) best = s;
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Assignment, IsTheBestOfAllWays) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    CostTable table(static_cast<int>(random() % 6), static_cast<int>(random() % 6));
    for (int r = 0; r < table.rows; ++r)
      for (int c = 0; c < table.columns; ++c)
        table.at(r, c) = random() % 3 == 0 ? kForbidden : static_cast<double>(random() % 1000) / 100;
    const std::vector<int> columns = assign(table);
    ASSERT_EQ(static_cast<int>(columns.size()), table.rows);
    const Score found = score(table, columns), best = best_by_trying(table);
    EXPECT_EQ(found.pairs, best.pairs);
    EXPECT_NEAR(found.cost, best.cost, 1e-6);
  }
}

TEST(Assignment, GivesNoColumnTwiceAndNeverAForbiddenPair) {
  std::mt19937 random(12);
  CostTable table(60, 40);
  for (int r = 0; r < 60; ++r)
    for (int c = 0; c < 40; ++c)
      table.at(r, c) = random() % 2 ? kForbidden : static_cast<double>(random() % 100);
  std::vector<int> uses(40);
  const auto columns = assign(table);
  for (int r = 0; r < 60; ++r)
    if (columns[r] >= 0) {
      EXPECT_LT(table.at(r, columns[r]), kForbidden);
      EXPECT_EQ(++uses[columns[r]], 1);
    }
}

TEST(Assignment, PrefersTheGlobalOptimumToTheGreedyOne) {
  CostTable table(2, 2);  // greedy would take (0,0) for 1 and be left with 100
  table.at(0, 0) = 1;
  table.at(0, 1) = 2;
  table.at(1, 0) = 2;
  table.at(1, 1) = 100;
  EXPECT_EQ(assign(table), (std::vector<int>{1, 0}));
}

}  // namespace
}  // namespace veilgate::surveillance
