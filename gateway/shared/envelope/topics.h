#pragma once
// MQTT topic names (design: <prefix>/<site>/<gateway>/…) and the rule for the ids inside them (R-063;
// Sparkplug 3.0 5.1 and MQTT 5 4.7): no wildcard, no separator, no control character, not empty, nothing
// personal. Thread word: reentrant.

#include <string>
#include <string_view>

#include "core/result.h"
#include "envelope/message.h"

namespace veilgate {

/// 1…64 characters of A-Z a-z 0-9 . _ - ; not starting with '$' follows from that.
bool valid_topic_id(std::string_view id);

class TopicScheme {
 public:
  /// `prefix` may hold several levels ("veilgate/v1"), each a valid id. kInvalidInput names the offending
  /// part.
  static Result<TopicScheme> create(std::string_view prefix, std::string_view site, std::string_view gateway);

  std::string availability() const { return base_ + "/availability"; }  ///< retained
  std::string info() const { return base_ + "/info"; }                  ///< retained
  std::string health() const { return base_ + "/health"; }
  std::string audit() const { return base_ + "/audit"; }
  std::string commands() const { return base_ + "/commands"; }
  std::string replies() const { return base_ + "/replies"; }
  std::string camera_status(std::string_view camera) const;  ///< retained
  std::string surveillance_events(std::string_view camera) const;
  std::string verification_results(std::string_view station) const;
  std::string keys(Lane lane, MessageClass klass) const;  ///< session records, retained
  std::string chain(Lane lane) const;                     ///< checkpoints and gap records

  const std::string& base() const { return base_; }  ///< "<prefix>/<site>/<gateway>"

 private:
  explicit TopicScheme(std::string base) : base_(std::move(base)) {}
  std::string base_;
};

}  // namespace veilgate
