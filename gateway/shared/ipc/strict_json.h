#pragma once
// JSON from another process: an object, no duplicate keys, bounded depth, valid UTF-8. A reader names every key it
// knows and refuses the rest. Thread word: reentrant.

#include <initializer_list>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "core/result.h"

namespace veilgate::ipc {

constexpr int kMaxJsonDepth = 16;

/// kInvalidInput says what is wrong, never quotes the text.
Result<nlohmann::json> parse_strict_object(std::string_view text);

/// Error when `object` holds a key that is not in `known`, or lacks one that is in `required`.
Result<void> check_keys(const nlohmann::json& object, std::initializer_list<const char*> required,
                        std::initializer_list<const char*> optional = {});

}  // namespace veilgate::ipc
