#pragma once
// A YAML text as a plain tree with line numbers. The one place that knows yaml-cpp. Only the simple part of
// YAML is taken: one document, maps, lists and scalars. Duplicate keys, merge keys, anchors, aliases, tags,
// tabs, control characters, deep nesting and large files are refused, each with its line. Thread word:
// reentrant.

#include <optional>
#include <string>
#include <vector>

#include "config/findings.h"

namespace veilgate {

struct NodeEntry;

struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  int line = 0;                    ///< 1-based
  bool quoted = false;             ///< scalar in quotes: never a number or a switch
  std::string text;                ///< scalar
  std::vector<Node> items;         ///< list
  std::vector<NodeEntry> entries;  ///< map, in file order, keys unique

  const Node* find(const std::string& key) const;  ///< nullptr when absent or not a map
};

struct NodeEntry {
  std::string key;
  int line = 0;
  Node value;
};

inline constexpr std::size_t kMaxConfigBytes = 1 << 20;  ///< a site with 200 cameras takes about 400 KiB
inline constexpr int kMaxConfigDepth = 16;

/// The tree, or nothing when the text is not YAML at all (the problem is in `findings`). Faults that leave a
/// readable tree are reported too, and the tree is given, so that everything else can be judged in the same
/// run. Remembers the line of every key path in `findings`.
std::optional<Node> read_yaml(const std::string& text, Findings& findings);

}  // namespace veilgate
