#include "ipc/submit.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "ipc/strict_json.h"

namespace veilgate::ipc {
namespace {

using nlohmann::json;

constexpr std::array kClasses{"alarm", "event", "face", "image", "status", "keys"};
constexpr std::array kCodes{ErrorCode::kInvalidInput, ErrorCode::kNotFound,  ErrorCode::kPermission,
                            ErrorCode::kUnavailable,  ErrorCode::kExhausted, ErrorCode::kCorrupt,
                            ErrorCode::kUntrusted,    ErrorCode::kMissingPart, ErrorCode::kInternal};
constexpr std::size_t kMaxTopicBytes = 512;

Error bad(const char* what) { return {ErrorCode::kInvalidInput, std::string("submit: ") + what}; }

bool is_topic(const std::string& topic) {
  return !topic.empty() && topic.size() <= kMaxTopicBytes &&
         std::none_of(topic.begin(), topic.end(), [](char c) {
           return c == '+' || c == '#' || static_cast<unsigned char>(c) < 0x20;
         });
}

}  // namespace

Message to_message(Submission submission) {
  const json header{{"topic", submission.topic}, {"class", submission.message_class}};
  return Message{"submit", 0, header.dump(-1, ' ', false, json::error_handler_t::replace),
                 std::move(submission.envelope)};
}

Result<Submission> parse_submission(Message message) {
  if (message.kind != "submit") return bad("not a submission");
  VG_TRY(const json header, parse_strict_object(message.json));
  VG_CHECK(check_keys(header, {"topic", "class"}));
  if (!header["topic"].is_string() || !header["class"].is_string()) return bad("topic and class are strings");
  Submission submission{header["topic"], header["class"], std::move(message.body)};
  if (!is_topic(submission.topic)) return bad("the topic is empty, too long or holds a wildcard");
  if (std::find(kClasses.begin(), kClasses.end(), submission.message_class) == kClasses.end())
    return bad("unknown class");
  if (submission.envelope.empty()) return bad("no envelope");
  return submission;
}

Message accepted() { return Message{"accepted", 0, {}, {}}; }

Message refused(const Error& why) {
  const json header{{"code", to_string(why.code())}, {"message", why.message()}};
  return Message{"refused", 0, header.dump(-1, ' ', false, json::error_handler_t::replace), {}};
}

Result<void> parse_submit_answer(const Message& answer) {
  if (answer.kind == "accepted") return {};
  // Nonsense from the uplink says nothing about the envelope: the lane keeps it and tries again.
  const Error nonsense{ErrorCode::kUnavailable, "submit: the uplink's answer is not understood"};
  if (answer.kind != "refused") return nonsense;
  const auto header = parse_strict_object(answer.json);
  if (!header || !check_keys(*header, {"code", "message"})) return nonsense;
  if (!(*header)["code"].is_string() || !(*header)["message"].is_string()) return nonsense;
  const std::string name = (*header)["code"];
  for (const auto code : kCodes)
    if (name == to_string(code)) return Error(code, (*header)["message"].get<std::string>());
  return nonsense;
}

Message status_request() { return Message{"status", 0, {}, {}}; }

}  // namespace veilgate::ipc
