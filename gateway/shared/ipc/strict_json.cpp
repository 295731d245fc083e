#include "ipc/strict_json.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace veilgate::ipc {

using nlohmann::json;

Result<json> parse_strict_object(std::string_view text) {
  std::vector<std::set<std::string>> keys_by_depth;
  const char* refusal = nullptr;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (refusal) return false;
    if (depth >= kMaxJsonDepth) refusal = "nested too deeply";
    if (event == json::parse_event_t::object_start) {
      keys_by_depth.resize(static_cast<std::size_t>(depth) + 1);
      keys_by_depth[static_cast<std::size_t>(depth)].clear();
    } else if (event == json::parse_event_t::key && depth > 0) {
      auto& keys = keys_by_depth[static_cast<std::size_t>(depth) - 1];
      if (!keys.insert(value.get<std::string>()).second) refusal = "a key occurs twice";
    }
    return refusal == nullptr;
  };
  try {
    json parsed = json::parse(text, watch);
    if (refusal) return Error(ErrorCode::kInvalidInput, std::string("JSON: ") + refusal);
    if (!parsed.is_object()) return Error(ErrorCode::kInvalidInput, "JSON: not an object");
    return parsed;
  } catch (const json::exception&) {
    return Error(ErrorCode::kInvalidInput, "JSON: not well-formed");
  }
}

Result<void> check_keys(const json& object, std::initializer_list<const char*> required,
                        std::initializer_list<const char*> optional) {
  for (const char* key : required)
    if (!object.contains(key)) return Error(ErrorCode::kInvalidInput, std::string("JSON: lacks \"") + key + '"');
  const auto knows = [](const auto& list, const std::string& key) {
    return std::any_of(list.begin(), list.end(), [&](const char* known) { return key == known; });
  };
  for (const auto& item : object.items())
    if (!knows(required, item.key()) && !knows(optional, item.key()))
      return Error(ErrorCode::kInvalidInput, "JSON: holds a key that is not known");
  return {};
}

}  // namespace veilgate::ipc
