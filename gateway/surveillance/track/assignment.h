#pragma once
// Global assignment: which observation belongs to which track, so that the sum of costs is smallest over all
// pairs together, not pair by pair. Hungarian method in its shortest-augmenting-path form (Kuhn 1955; Jonker
// and Volgenant 1987), O(n³); 100 × 100 takes well under a millisecond. Thread word: reentrant.

#include <vector>

namespace veilgate::surveillance {

/// Costs of every pair, row-major. A pair at or above kForbidden is never made.
struct CostTable {
  int rows = 0;
  int columns = 0;
  std::vector<double> cost;  ///< rows · columns

  CostTable(int row_count, int column_count);
  double& at(int row, int column) { return cost[static_cast<std::size_t>(row) * columns + column]; }
  double at(int row, int column) const { return cost[static_cast<std::size_t>(row) * columns + column]; }
};
inline constexpr double kForbidden = 1e6;

/// For every row its column, or -1. Leaves a row alone rather than making a forbidden pair; makes as many
/// pairs as that allows, and among those the cheapest.
std::vector<int> assign(const CostTable& table);

}  // namespace veilgate::surveillance
