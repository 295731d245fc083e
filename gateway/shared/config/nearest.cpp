#include "config/nearest.h"

#include <algorithm>

namespace veilgate {
namespace {

constexpr std::size_t kLongestWord =
    64;  // longer ones are no typing mistakes, and the table below is quadratic

std::string simplified(std::string_view word) {
  std::string out;
  for (char c : word)
    out += c == '-' || c == ' ' ? '_' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  return out;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({replace, d[i - 1][j] + 1, d[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return "";
  const std::string plain = simplified(word);
  int best = std::max(1, static_cast<int>(word.size()) / 3) + 1;
  std::string found;
  for (const auto& candidate : candidates) {
    const int distance = edit_distance(plain, simplified(candidate));
    if (distance < best) best = distance, found = candidate;
  }
  return found;
}

}  // namespace veilgate
