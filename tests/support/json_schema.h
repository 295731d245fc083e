#pragma once
// The part of JSON Schema (draft 2020-12) that our shipped schemas use: $ref into $defs, type, const, enum,
// required, properties, additionalProperties: false, items, pattern, minimum, maximum, oneOf. An unknown
// keyword fails, so that a schema cannot ask for more than is checked. Thread word: reentrant.

#include <regex>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

namespace veilgate::test {

class JsonSchema {
 public:
  explicit JsonSchema(nlohmann::json root) : root_(std::move(root)) {}

  /// "" when the value fits, else where and why not.
  std::string check(const nlohmann::json& value) const { return check(root_, value, "$"); }

 private:
  using Json = nlohmann::json;

  static bool is_type(const std::string& type, const Json& v) {
    if (type == "object") return v.is_object();
    if (type == "array") return v.is_array();
    if (type == "string") return v.is_string();
    if (type == "integer") return v.is_number_integer();
    if (type == "number") return v.is_number();
    if (type == "boolean") return v.is_boolean();
    return type == "null" && v.is_null();
  }

  std::string check_object(const Json& schema, const Json& v, const std::string& at) const {
    for (const auto& key : schema.value("required", Json::array()))
      if (!v.contains(key.get<std::string>())) return at + ": " + key.get<std::string>() + " is missing";
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [key, member] : v.items()) {
      if (properties.contains(key)) {
        if (auto wrong = check(properties[key], member, at + "." + key); !wrong.empty()) return wrong;
      } else if (schema.contains("additionalProperties")) {
        return at + ": " + key + " is not allowed";
      }
    }
    return {};
  }

  std::string check(const Json& schema, const Json& v, const std::string& at) const {
    static const std::set<std::string> known{
        "$ref",    "$schema", "$defs",    "title",      "description",          "type",
        "const",   "enum",    "required", "properties", "additionalProperties", "items",
        "pattern", "minimum", "maximum",  "oneOf"};
    for (const auto& [key, ignored] : schema.items())
      if (!known.count(key)) return at + ": the schema uses " + key + ", which this checker does not know";
    if (schema.contains("$ref"))
      return check(root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), v, at);
    if (schema.contains("const") && v != schema["const"]) return at + ": must be " + schema["const"].dump();
    if (schema.contains("enum")) {
      const auto& allowed = schema["enum"];
      if (std::find(allowed.begin(), allowed.end(), v) == allowed.end())
        return at + ": " + v.dump() + " is not listed";
    }
    if (schema.contains("type")) {
      bool fits = false;
      const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
      for (const auto& type : types) fits = fits || is_type(type.get<std::string>(), v);
      if (!fits) return at + ": " + v.dump() + " is no " + types.dump();
    }
    if (schema.contains("pattern") && v.is_string() &&
        !std::regex_search(v.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
      return at + ": " + v.dump() + " does not match " + schema["pattern"].dump();
    if (schema.contains("minimum") && v.is_number() && v < schema["minimum"]) return at + ": too small";
    if (schema.contains("maximum") && v.is_number() && v > schema["maximum"]) return at + ": too large";
    if (schema.contains("items") && v.is_array())
      for (const auto& item : v)
        if (auto wrong = check(schema["items"], item, at + "[]"); !wrong.empty()) return wrong;
    if (v.is_object())
      if (auto wrong = check_object(schema, v, at); !wrong.empty()) return wrong;
    if (!schema.contains("oneOf")) return {};
    int fitting = 0;
    std::string reasons;
    for (const auto& one : schema["oneOf"]) {
      const std::string wrong = check(one, v, at);
      fitting += wrong.empty();
      reasons += "\n  " + wrong;
    }
    return fitting == 1 ? "" : at + ": fits " + std::to_string(fitting) + " of the alternatives:" + reasons;
  }

  nlohmann::json root_;
};

}  // namespace veilgate::test
