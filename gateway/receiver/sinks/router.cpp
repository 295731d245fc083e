#include <nlohmann/json.hpp>

#include "core/log.h"
#include "sinks/result_sink.h"

namespace veilgate::receiver {

bool usable_for_verification(const ReceivedResult& result) {
  if (result.header.lane != Lane::kVerification) return false;
  const auto payload = nlohmann::json::parse(result.payload, nullptr, false);
  return payload.is_object() && payload.contains("usage") && payload["usage"].is_string() &&
         payload["usage"].get<std::string>().find("not_for_verification") == std::string::npos;
}

Result<Routed> Router::route(const ReceivedResult& result) {
  Routed routed;
  for (const auto& sink : sinks_) {
    if (sink->use() == SinkUse::kVerification && !usable_for_verification(result)) {
      ++routed.withheld;
      ++withheld_;
      VG_LOG(kWarning, "receiver", std::string("withheld from ") + sink->name() + ": analysis only");
      continue;
    }
    VG_CHECK(sink->deliver(result));
    ++routed.delivered;
  }
  return routed;
}

}  // namespace veilgate::receiver
