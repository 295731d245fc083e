#include "envelope/sealed_envelope.h"

namespace veilgate {

Result<SealedEnvelope> SealedEnvelope::from_wire(Bytes wire, Lane lane, const GatewayId& gateway) {
  VG_TRY(auto record, UnverifiedRecord::parse(std::move(wire)));
  if (record.header().lane != lane)
    return Error(ErrorCode::kPermission, std::string("a record of lane ") + to_string(record.header().lane) +
                                             " came from lane " + to_string(lane));
  if (record.header().gateway != gateway)
    return Error(ErrorCode::kPermission, "a record of gateway '" + record.header().gateway.get() +
                                             "' on gateway '" + gateway.get() + "'");
  return SealedEnvelope(std::move(record));
}

}  // namespace veilgate
