#pragma once
// "Did you mean": the known word nearest to a mistyped one. Thread word: reentrant.

#include <string>
#include <string_view>
#include <vector>

namespace veilgate {

/// Edits (insert, delete, replace, swap of neighbours; optimal string alignment) between two words, bytewise.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate with the fewest edits, when these are few for the word's length (a third, at least one);
/// empty when nothing is near. Case, '-' and '_' count as half a mistake: they are compared away first.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace veilgate
