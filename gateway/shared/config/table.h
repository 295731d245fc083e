#pragma once
// The table that describes every key once: what it is called, where its value goes, what is allowed, what it means,
// and what changing it takes. The reader, the comparison, the JSON Schema and config/reference.md all walk this table.
//
// A Section describes the keys of one map and is bound to a struct by type; a Field is a leaf, a nested section, an
// optional section or a list of sections. Sections live for the whole program. Thread word: reentrant.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/findings.h"
#include "config/reload.h"
#include "config/yaml_document.h"
#include "core/strong.h"

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
  std::string fallback;              ///< leaf: the default as written in a file; empty = none
  std::string fallback_note;         ///< where the default comes from, when it is no value ("surveillance.defaults")
  Presence presence = Presence::kOptional;
  std::string requirement;           ///< "R-004"; empty = none
  Reload reload = Reload::kRestart;  ///< of a list: adding and removing; inside, each field says its own

  std::function<void(void* object, const Node&, const std::string& path, Findings&)> read;
  std::function<std::string(const void* object)> show;              ///< leaf: the value as written in a file
  std::function<const void*(const void* object)> part;              ///< section: nullptr = absent
  std::function<std::vector<ListElement>(const void*)> elements;    ///< list

  Field says(std::string zh, std::string en) && { meaning = {std::move(zh), std::move(en)}; return std::move(*this); }
  Field required() && { presence = Presence::kRequired; return std::move(*this); }
  Field by_law(std::string id) && { presence = Presence::kByLaw; requirement = std::move(id); return std::move(*this); }
  Field in(std::string of_unit) && { unit = std::move(of_unit); return std::move(*this); }
  /// No value of its own stands for absence; `note` says what does.
  Field without_default(std::string note = "") && {
    fallback.clear();
    fallback_note = std::move(note);
    return std::move(*this);
  }
  Field on_change(Reload what) && { reload = what; return std::move(*this); }
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
  std::function<std::optional<V>(const Node&, const Words& allowed, const std::string& path, Findings&)> parse;
  std::function<std::string(const V&)> show;
};

/// Reads a map into the object that the section is bound to: unknown keys, missing keys and wrong values are reported,
/// everything else is taken over.
void read_section(const Section& section, void* object, const Node& node, const std::string& path, Findings& findings);

/// "expected a map / a list" when the node is something else.
bool expect_kind(Node::Kind kind, const Node& node, const std::string& path, Findings& findings);

namespace table {

template <class M, class V> void assign(M& member, V value) { member = std::move(value); }
template <class T, class Tag, class V> void assign(Strong<T, Tag>& member, V value) {
  member = Strong<T, Tag>(std::move(value));
}
template <class V, class M> V plain(const M& member) { return V(member); }
template <class V, class T, class Tag> V plain(const Strong<T, Tag>& member) { return V(member.get()); }

template <class V>
Field describe_leaf(const char* key, const Leaf<V>& leaf) {
  Field field;
  field.key = key;
  field.allowed = leaf.allowed;
  field.schema = leaf.schema;
  return field;
}

/// A scalar (or a small list that is one value: a polygon).
template <class T, class M, class V>
Field leaf(const char* key, const Leaf<V>& leaf, M T::*member) {
  Field field = describe_leaf(key, leaf);
  field.read = [leaf, member](void* object, const Node& node, const std::string& path, Findings& findings) {
    if (auto value = leaf.parse(node, leaf.allowed, path, findings))
      assign(static_cast<T*>(object)->*member, std::move(*value));
  };
  field.show = [leaf, member](const void* object) {
    return leaf.show(plain<V>(static_cast<const T*>(object)->*member));
  };
  field.fallback = leaf.show(plain<V>(T{}.*member));
  return field;
}

/// A leaf that may stay unset.
template <class T, class M, class V>
Field optional_leaf(const char* key, const Leaf<V>& leaf, std::optional<M> T::*member) {
  Field field = describe_leaf(key, leaf);
  field.read = [leaf, member](void* object, const Node& node, const std::string& path, Findings& findings) {
    if (auto value = leaf.parse(node, leaf.allowed, path, findings)) static_cast<T*>(object)->*member = M(*value);
  };
  field.show = [leaf, member](const void* object) {
    const auto& value = static_cast<const T*>(object)->*member;
    return value ? leaf.show(plain<V>(*value)) : std::string();
  };
  return field;
}

Field describe_section(const char* key, const Section& section, FieldShape shape);

/// A nested map whose values go to the same struct.
Field group(const char* key, const Section& section);

/// A nested map with a struct of its own.
template <class T, class M>
Field group(const char* key, const Section& section, M T::*member) {
  Field field = describe_section(key, section, FieldShape::kSection);
  field.read = [&section, member](void* object, const Node& node, const std::string& path, Findings& findings) {
    read_section(section, &(static_cast<T*>(object)->*member), node, path, findings);
  };
  field.part = [member](const void* object) -> const void* { return &(static_cast<const T*>(object)->*member); };
  return field;
}

template <class T, class M>
Field optional_group(const char* key, const Section& section, std::optional<M> T::*member) {
  Field field = describe_section(key, section, FieldShape::kOptionalSection);
  field.read = [&section, member](void* object, const Node& node, const std::string& path, Findings& findings) {
    read_section(section, &(static_cast<T*>(object)->*member).emplace(), node, path, findings);
  };
  field.part = [member](const void* object) -> const void* {
    const auto& value = static_cast<const T*>(object)->*member;
    return value ? &*value : nullptr;
  };
  return field;
}

/// A nested map that becomes the entry `key` of a std::map.
template <class T, class M>
Field entry_group(const char* key, const Section& section, std::map<std::string, M> T::*member) {
  Field field = describe_section(key, section, FieldShape::kOptionalSection);
  field.read = [&section, member, name = std::string(key)](void* object, const Node& node, const std::string& path,
                                                           Findings& findings) {
    read_section(section, &(static_cast<T*>(object)->*member)[name], node, path, findings);
  };
  field.part = [member, name = std::string(key)](const void* object) -> const void* {
    const auto& entries = static_cast<const T*>(object)->*member;
    const auto found = entries.find(name);
    return found == entries.end() ? nullptr : &found->second;
  };
  return field;
}

/// A list of maps; every element has an id. `seed` gives the struct an element starts from (the file's defaults).
template <class T, class M>
Field list(const char* key, const Section& section, std::vector<M> T::*member,
           std::function<M(const T&)> seed = [](const T&) { return M{}; }) {
  Field field = describe_section(key, section, FieldShape::kList);
  field.read = [&section, member, seed](void* object, const Node& node, const std::string& path,
                                        Findings& findings) {
    if (!expect_kind(Node::Kind::kList, node, path, findings)) return;
    T& owner = *static_cast<T*>(object);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      M element = seed(owner);
      read_section(section, &element, node.items[i], child_path(path, i), findings);
      (owner.*member).push_back(std::move(element));  // also a faulty one: indices stay those of the file
    }
  };
  field.elements = [member](const void* object) {
    std::vector<ListElement> out;
    for (const M& element : static_cast<const T*>(object)->*member)
      out.push_back({plain<std::string>(element.id), &element});
    return out;
  };
  return field;
}

}  // namespace table
}  // namespace veilgate
