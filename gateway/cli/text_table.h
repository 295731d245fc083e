#pragma once
// Columns aligned on a terminal, Chinese included (East Asian wide characters take two cells). Thread word: reentrant.

#include <string>
#include <vector>

namespace veilgate::cli {

/// Rows as lines, two spaces between columns, no trailing spaces. The first row is the heading.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace veilgate::cli
