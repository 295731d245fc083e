#include "config/table.h"

#include <algorithm>

#include "config/field_bindings.h"
#include "config/forbidden_keys.h"
#include "config/nearest.h"
#include "config/sections.h"

namespace veilgate {
namespace {

/// Where in the whole table a key of this name belongs ("uplink", "surveillance.cameras[]"); empty when
/// nowhere.
std::string home_of(const std::string& key, const Section& section, const std::string& path) {
  for (const auto& field : section.fields) {
    if (field.key == key) return path.empty() ? "." : path;
    if (!field.section) continue;
    const std::string below = child_path(path, field.key) + (field.shape == FieldShape::kList ? "[]" : "");
    if (const auto found = home_of(key, *field.section, below); !found.empty()) return found;
  }
  return "";
}

std::string joined_keys(const Section& section) {
  std::string out;
  for (const auto& field : section.fields) out += (out.empty() ? "" : ", ") + field.key;
  return out;
}

void report_unknown(const NodeEntry& entry, const Section& section, const std::string& path,
                    Findings& findings) {
  const std::string key = shown(entry.key);
  const std::string at = child_path(path, key);
  if (const auto* refusal = refusal_for_key(entry.key))
    return findings.error_at(entry.line, refusal->code, at, refusal->words, refusal->requirement);
  std::vector<std::string> known;
  for (const auto& field : section.fields) known.push_back(field.key);
  Words hint{"；可用的键：" + joined_keys(section), "; known here: " + joined_keys(section)};
  if (const auto near = nearest(entry.key, known); !near.empty()) {
    hint = {"；是否应为“" + near + "”？", "; did you mean `" + near + "`?"};
    findings.explain(child_path(path, near));
  } else if (const auto home = home_of(entry.key, config_section(), ""); home == ".") {
    hint = {"；该键属于文件最外层", "; it belongs to the top level of the file"};
  } else if (!home.empty()) {
    hint = {"；该键属于 " + home, "; it belongs under " + home};
  }
  findings.error_at(entry.line, "unknown_key", at,
                    {"未知的键“" + key + "”" + hint.zh, "unknown key `" + key + "`" + hint.en});
}

void report_missing(const Field& field, const std::string& path, Findings& findings) {
  if (findings.has_error_at(child_path(path, field.key))) return;
  const bool leaf = field.shape == FieldShape::kLeaf;
  findings.error(
      "missing_key", child_path(path, field.key),
      {"缺少“" + field.key + "”（" + field.meaning.zh + "）" + (leaf ? "；应为：" + field.allowed.zh : ""),
       "`" + field.key + "` is missing (" + field.meaning.en + ")" +
           (leaf ? "; expected " + field.allowed.en : "")},
      field.requirement);
}

}  // namespace

bool expect_kind(Node::Kind kind, const Node& node, const std::string& path, Findings& findings) {
  if (node.kind == kind) return true;
  const bool list = kind == Node::Kind::kList;
  findings.error("wrong_type", path,
                 list ? Words{"应为列表（每项以“- ”开头）", "expected a list (each item begins with `- `)"}
                      : Words{"应为一组键值（键: 值）", "expected keys and values (`key: value`)"});
  return false;
}

void read_section(const Section& section, void* object, const Node& node, const std::string& path,
                  Findings& findings) {
  if (!expect_kind(Node::Kind::kMap, node, path, findings)) return;
  for (const auto& entry : node.entries)
    if (std::none_of(section.fields.begin(), section.fields.end(),
                     [&](const Field& field) { return field.key == entry.key; }))
      report_unknown(entry, section, path, findings);
  // In the table's order, not the file's: defaults are read before what takes them over.
  for (const auto& field : section.fields) {
    if (const Node* value = node.find(field.key))
      field.read(object, *value, child_path(path, field.key), findings);
    else if (field.presence == Presence::kRequired)
      report_missing(field, path, findings);
  }
}

namespace table {

Field describe_section(const char* key, const Section& section, FieldShape shape) {
  Field field;
  field.key = key;
  field.shape = shape;
  field.section = &section;
  field.meaning = section.title;
  return field;
}

Field group(const char* key, const Section& section) {
  Field field = describe_section(key, section, FieldShape::kSection);
  field.read = [&section](void* object, const Node& node, const std::string& path, Findings& findings) {
    read_section(section, object, node, path, findings);
  };
  field.part = [](const void* object) { return object; };
  return field;
}

}  // namespace table
}  // namespace veilgate
