#include "envelope/topics.h"

#include <algorithm>

namespace veilgate {
namespace {

bool id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

Error bad_id(const char* what, std::string_view id) {
  return Error(ErrorCode::kInvalidInput,
               std::string(what) + " '" + std::string(id) +
                   "' cannot be part of a topic: 1 to 64 characters of A-Z a-z 0-9 . _ -");
}

}  // namespace

bool valid_topic_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), id_character);
}

Result<TopicScheme> TopicScheme::create(std::string_view prefix, std::string_view site,
                                        std::string_view gateway) {
  std::string_view rest = prefix;
  while (true) {
    const auto slash = rest.find('/');
    if (!valid_topic_id(rest.substr(0, slash))) return bad_id("the prefix", prefix);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (prefix.size() > 64) return bad_id("the prefix", prefix);
  if (!valid_topic_id(site)) return bad_id("the site", site);
  if (!valid_topic_id(gateway)) return bad_id("the gateway", gateway);
  return TopicScheme(std::string(prefix) + "/" + std::string(site) + "/" + std::string(gateway));
}

std::string TopicScheme::camera_status(std::string_view camera) const {
  return base_ + "/cameras/" + std::string(camera) + "/status";
}
std::string TopicScheme::surveillance_events(std::string_view camera) const {
  return base_ + "/surveillance/" + std::string(camera) + "/events";
}
std::string TopicScheme::verification_results(std::string_view station) const {
  return base_ + "/verification/" + std::string(station) + "/results";
}
std::string TopicScheme::keys(Lane lane, MessageClass klass) const {
  return base_ + "/keys/" + to_string(lane) + "/" + to_string(klass);
}
std::string TopicScheme::chain(Lane lane) const { return base_ + "/" + to_string(lane) + "/chain"; }

}  // namespace veilgate
