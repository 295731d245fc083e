#pragma once
// The table that describes every key once: what it is called, where its value goes, what is allowed, what it
// means, and what changing it takes. The reader, the comparison, the JSON Schema and config/reference.md all
// walk this table.
//
// A Section describes the keys of one map and is bound to a struct by type; a Field is a leaf, a nested
// section, an optional section or a list of sections. Sections live for the whole program. Thread word:
// reentrant.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/findings.h"
#include "config/reload.h"
#include "config/yaml_document.h"

namespace veilgate {

struct Section;

enum class Presence {
  kOptional,
  kRequired,  ///< its absence is an error of the reader
  kByLaw,     ///< its absence is an error of a lawfulness rule, which says more; the schema demands it
};

enum class FieldShape { kLeaf, kSection, kOptionalSection, kList };

struct ListElement {
  std::string id;
  const void* object;
};

struct Field {
  std::string key;
  FieldShape shape = FieldShape::kLeaf;
  const Section* section = nullptr;  ///< of all shapes but leaf
  Words allowed;                     ///< leaf: completes "expected …"
  std::string schema;                ///< leaf: a JSON Schema object
  Words meaning;
  std::string unit;
  std::string fallback;       ///< leaf: the default as written in a file; empty = none
  std::string fallback_note;  ///< where the default comes from, when it is no value ("surveillance.defaults")
  Presence presence = Presence::kOptional;
  std::string requirement;           ///< "R-004"; empty = none
  Reload reload = Reload::kRestart;  ///< of a list: adding and removing; inside, each field says its own

  std::function<void(void* object, const Node&, const std::string& path, Findings&)> read;
  std::function<std::string(const void* object)> show;            ///< leaf: the value as written in a file
  std::function<const void*(const void* object)> part;            ///< section: nullptr = absent
  std::function<std::vector<ListElement>(const void*)> elements;  ///< list

  Field says(std::string zh, std::string en) && {
    meaning = {std::move(zh), std::move(en)};
    return std::move(*this);
  }
  Field required() && {
    presence = Presence::kRequired;
    return std::move(*this);
  }
  Field by_law(std::string id) && {
    presence = Presence::kByLaw;
    requirement = std::move(id);
    return std::move(*this);
  }
  Field in(std::string of_unit) && {
    unit = std::move(of_unit);
    return std::move(*this);
  }
  /// No value of its own stands for absence; `note` says what does.
  Field without_default(std::string note = "") && {
    fallback.clear();
    fallback_note = std::move(note);
    return std::move(*this);
  }
  Field on_change(Reload what) && {
    reload = what;
    return std::move(*this);
  }
};

struct Section {
  std::string name;  ///< "camera": the anchor in the reference and the definition in the schema
  Words title;
  std::vector<Field> fields;
};

/// How a leaf's text becomes a value. `parse` reports what is wrong by itself and then gives nothing.
template <class V>
struct Leaf {
  Words allowed;
  std::string schema;
  std::function<std::optional<V>(const Node&, const Words& allowed, const std::string& path, Findings&)>
      parse;
  std::function<std::string(const V&)> show;
};

/// Reads a map into the object that the section is bound to: unknown keys, missing keys and wrong values are
/// reported, everything else is taken over.
void read_section(const Section& section, void* object, const Node& node, const std::string& path,
                  Findings& findings);

/// "expected a map / a list" when the node is something else.
bool expect_kind(Node::Kind kind, const Node& node, const std::string& path, Findings& findings);

}  // namespace veilgate
