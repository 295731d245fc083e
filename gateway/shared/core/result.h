#pragma once
// Result<T>: the return type of everything that may fail for an expected reason (bad input, absent file, refused
// connection). The API is a subset of C++23 std::expected<T, Error>, so that it can be replaced by it one day.
//
//   propagate   VG_TRY(auto bytes, read_file(path));      // returns the error to the caller
//               VG_CHECK(outbox.append(record));          // the same for Result<void>
//   handle      if (auto r = read_file(path); !r) return r.error().with_context("reading the CA");
//   swallow     (void)r;                                  // say why in a comment
//
// Thread word: reentrant.

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/assert.h"

namespace veilgate {

/// Why an operation failed, sorted by what the caller can do about it.
enum class ErrorCode {
  kInvalidInput,   ///< the data is wrong: fix the file, frame, message or argument
  kNotFound,       ///< something named does not exist
  kPermission,     ///< we, or the peer, may not do this
  kUnavailable,    ///< a peer or device does not answer now; trying again later may help
  kExhausted,      ///< a declared bound is reached (disk, queue, memory, attempts)
  kCorrupt,        ///< stored or received data fails its integrity check
  kUntrusted,      ///< a signature, certificate, pin or provenance does not hold: the answer is closed
  kMissingPart,    ///< an installable part (model, element, package) is absent; the message names the command
  kInternal,       ///< our fault
};

/// Stable lower-case name, used in logs and `--json` problems.
const char* to_string(ErrorCode code);

/// An expected failure: what happened, where, and what to do. The message is for people and holds no secret,
/// no pixel and no personal data.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  /// "context: message", for telling where on the way it happened.
  Error with_context(const std::string& context) const { return Error(code_, context + ": " + message_); }

 private:
  ErrorCode code_;
  std::string message_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { VG_ASSERT(has_value()); return std::get<0>(state_); }
  const T& value() const& { VG_ASSERT(has_value()); return std::get<0>(state_); }
  T&& value() && { VG_ASSERT(has_value()); return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { VG_ASSERT(!has_value()); return std::get<1>(state_); }
  Error&& error() && { VG_ASSERT(!has_value()); return std::get<1>(std::move(state_)); }

  template <typename U>
  T value_or(U&& fallback) && { return has_value() ? std::get<0>(std::move(state_)) : T(std::forward<U>(fallback)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { VG_ASSERT(!has_value()); return *error_; }
  Error&& error() && { VG_ASSERT(!has_value()); return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace veilgate

#define VG_CONCAT_(a, b) a##b
#define VG_CONCAT(a, b) VG_CONCAT_(a, b)

/// VG_TRY(auto x, expression): binds x to the value, or returns the error to the caller.
#define VG_TRY(declaration, expression) VG_TRY_(VG_CONCAT(vg_try_, __LINE__), declaration, expression)
#define VG_TRY_(temporary, declaration, expression)               \
  auto temporary = (expression);                                  \
  if (!temporary) return std::move(temporary).error();            \
  declaration = std::move(temporary).value()

/// VG_CHECK(expression): returns the error of a Result<void> (or of a Result whose value is not needed).
#define VG_CHECK(expression)                                                           \
  do {                                                                                 \
    if (auto vg_check_result = (expression); !vg_check_result)                         \
      return std::move(vg_check_result).error();                                       \
  } while (false)
