#pragma once
// A record that may leave the process that sealed it. Only EnvelopeSealer makes one; after a socket or a
// store, from_wire() takes the bytes back in if they are a well-formed record of the lane that the *receiver*
// knows it is talking to. Outbox::append takes nothing else. Thread word: reentrant.

#include "core/bytes.h"
#include "core/result.h"
#include "envelope/record.h"

namespace veilgate {

class SealedEnvelope {
 public:
  /// `lane`: from the socket's peer, never from the message. kInvalidInput for a malformed record,
  /// kPermission when the record claims another lane or another gateway.
  static Result<SealedEnvelope> from_wire(Bytes wire, Lane lane, const GatewayId& gateway);

  const RecordHeader& header() const { return record_.header(); }
  const Bytes& wire() const { return record_.wire(); }
  Digest digest() const { return record_.digest(); }
  const std::string& topic() const { return header().topic; }
  /// Session records are published retained, everything else is an event and never is.
  bool retained() const { return header().type == RecordType::kSession; }

 private:
  friend class EnvelopeSealer;
  explicit SealedEnvelope(UnverifiedRecord record) : record_(std::move(record)) {}
  UnverifiedRecord record_;
};

}  // namespace veilgate
