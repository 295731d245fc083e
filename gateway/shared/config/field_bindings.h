#pragma once
// Making a Field from a pointer to member: the lines of the table (sections_*.cpp) are written with these.
// What is bound here by type is erased in Field, so that the walkers of the table know no configuration
// struct. Thread word: reentrant.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/table.h"
#include "core/strong.h"

namespace veilgate {
namespace table {

template <class M, class V>
void assign(M& member, V value) {
  member = std::move(value);
}
template <class T, class Tag, class V>
void assign(Strong<T, Tag>& member, V value) {
  member = Strong<T, Tag>(std::move(value));
}
template <class V, class M>
V plain(const M& member) {
  return V(member);
}
template <class V, class T, class Tag>
V plain(const Strong<T, Tag>& member) {
  return V(member.get());
}

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
    if (auto value = leaf.parse(node, leaf.allowed, path, findings))
      static_cast<T*>(object)->*member = M(*value);
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
  field.read = [&section, member](void* object, const Node& node, const std::string& path,
                                  Findings& findings) {
    read_section(section, &(static_cast<T*>(object)->*member), node, path, findings);
  };
  field.part = [member](const void* object) -> const void* {
    return &(static_cast<const T*>(object)->*member);
  };
  return field;
}

template <class T, class M>
Field optional_group(const char* key, const Section& section, std::optional<M> T::*member) {
  Field field = describe_section(key, section, FieldShape::kOptionalSection);
  field.read = [&section, member](void* object, const Node& node, const std::string& path,
                                  Findings& findings) {
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
  field.read = [&section, member, name = std::string(key)](void* object, const Node& node,
                                                           const std::string& path, Findings& findings) {
    read_section(section, &(static_cast<T*>(object)->*member)[name], node, path, findings);
  };
  field.part = [member, name = std::string(key)](const void* object) -> const void* {
    const auto& entries = static_cast<const T*>(object)->*member;
    const auto found = entries.find(name);
    return found == entries.end() ? nullptr : &found->second;
  };
  return field;
}

/// A list of maps; every element has an id. `seed` gives the struct an element starts from (the file's
/// defaults).
template <class T, class M>
Field list(
    const char* key, const Section& section, std::vector<M> T::*member,
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
