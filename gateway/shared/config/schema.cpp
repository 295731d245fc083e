#include <set>

#include <nlohmann/json.hpp>

#include "config/documentation.h"
#include "config/sections.h"

namespace veilgate {
namespace {

using Json = nlohmann::ordered_json;

Json leaf_schema(const Field& field) {
  Json out = Json::parse(field.schema);
  out["description"] = field.meaning.zh + " / " + field.meaning.en;
  if (field.fallback.empty()) return out;
  const auto type = out.find("type");
  const bool bare = type != out.end() && (*type == "integer" || *type == "number" || *type == "boolean");
  const bool word = (type != out.end() && *type == "string") || out.contains("enum");
  if (bare)
    out["default"] = Json::parse(field.fallback);
  else if (word)
    out["default"] = field.fallback;
  return out;
}

Json section_reference(const Section& section) { return {{"$ref", "#/$defs/" + section.name}}; }

class SchemaWriter {
 public:
  Json whole_file() {
    Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"$id", "urn:veilgate:config:1"},
                 {"title", "veilgate configuration"}};
    root.update(section_schema(config_section()));
    definitions_["point"] = {{"type", "array"},
                             {"minItems", 2},
                             {"maxItems", 2},
                             {"items", {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}}};
    root["$defs"] = definitions_;
    return root;
  }

 private:
  Json section_schema(const Section& section) {
    Json properties = Json::object(), required = Json::array();
    for (const auto& field : section.fields) {
      properties[field.key] = field_schema(field);
      if (field.presence != Presence::kOptional) required.push_back(field.key);
    }
    Json out = {{"type", "object"},
                {"description", section.title.zh + " / " + section.title.en},
                {"additionalProperties", false},
                {"properties", properties}};
    if (!required.empty()) out["required"] = required;
    return out;
  }

  Json field_schema(const Field& field) {
    if (field.shape == FieldShape::kLeaf) return leaf_schema(field);
    if (known_.insert(field.section->name).second) {
      Json definition = section_schema(*field.section);
      definitions_[field.section->name] = std::move(definition);
    }
    if (field.shape != FieldShape::kList) return section_reference(*field.section);
    Json out = {{"type", "array"}, {"items", section_reference(*field.section)}};
    if (field.presence == Presence::kByLaw) out["minItems"] = 1;
    return out;
  }

  std::set<std::string> known_;
  Json definitions_ = Json::object();
};

}  // namespace

std::string config_json_schema() { return SchemaWriter().whole_file().dump(1) + "\n"; }

}  // namespace veilgate
