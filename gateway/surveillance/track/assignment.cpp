#include "track/assignment.h"

#include <algorithm>
#include <limits>

namespace veilgate::surveillance {
namespace {

/// Potentials and the matching under construction, 1-based as in the classical formulation; index 0 is
/// "none".
struct Matching {
  std::vector<double> row_potential, column_potential;
  std::vector<int> row_of_column;
  std::vector<int> came_from;

  explicit Matching(int n)
      : row_potential(n + 1), column_potential(n + 1), row_of_column(n + 1), came_from(n + 1) {}
};

/// Finds the cheapest alternating path from `row` to a free column and turns it over.
template <typename Cost>
void augment(Matching& m, int row, int n, const Cost& cost) {
  std::vector<double> slack(n + 1, std::numeric_limits<double>::infinity());
  std::vector<char> visited(n + 1, 0);
  int column = 0;
  m.row_of_column[0] = row;
  do {
    visited[column] = 1;
    const int current_row = m.row_of_column[column];
    double smallest = std::numeric_limits<double>::infinity();
    int next = 0;
    for (int j = 1; j <= n; ++j) {
      if (visited[j]) continue;
      const double reduced =
          cost(current_row - 1, j - 1) - m.row_potential[current_row] - m.column_potential[j];
      if (reduced < slack[j]) {
        slack[j] = reduced;
        m.came_from[j] = column;
      }
      if (slack[j] < smallest) {
        smallest = slack[j];
        next = j;
      }
    }
    for (int j = 0; j <= n; ++j) {
      if (visited[j]) {
        m.row_potential[m.row_of_column[j]] += smallest;
        m.column_potential[j] -= smallest;
      } else {
        slack[j] -= smallest;
      }
    }
    column = next;
  } while (m.row_of_column[column] != 0);
  while (column != 0) {
    const int previous = m.came_from[column];
    m.row_of_column[column] = m.row_of_column[previous];
    column = previous;
  }
}

}  // namespace

CostTable::CostTable(int row_count, int column_count)
    : rows(row_count),
      columns(column_count),
      cost(static_cast<std::size_t>(row_count) * column_count, kForbidden) {}

std::vector<int> assign(const CostTable& table) {
  std::vector<int> column_of_row(table.rows, -1);
  const int n = std::max(table.rows, table.columns);
  // Padded to a square with forbidden cells: whoever gets one stays alone.
  const auto cost = [&table](int row, int column) {
    if (row >= table.rows || column >= table.columns) return kForbidden;
    return std::min(table.at(row, column), kForbidden);
  };
  Matching m(n);
  for (int row = 1; row <= n; ++row) augment(m, row, n, cost);
  for (int column = 1; column <= table.columns; ++column) {
    const int row = m.row_of_column[column] - 1;
    if (row >= 0 && row < table.rows && table.at(row, column - 1) < kForbidden)
      column_of_row[row] = column - 1;
  }
  return column_of_row;
}

}  // namespace veilgate::surveillance
