#pragma once
// Where verified results go. A sink says what it may be used for; the router never hands an "analysis only" payload to
// a sink for verification, whatever is configured (the wall between the lanes, on the platform's side).
// Thread word: thread-bound.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "envelope/envelope_opener.h"

namespace veilgate::receiver {

enum class SinkUse { kAnalysis, kVerification };

/// One verified data record. The payload is the gateway's JSON text.
struct ReceivedResult {
  const RecordHeader& header;
  std::string_view payload;
  UtcTime received{};
};

class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual const char* name() const = 0;
  virtual SinkUse use() const = 0;
  /// Safe when it returns: the record is committed to its chain and receipted afterwards.
  virtual Result<void> deliver(const ReceivedResult& result) = 0;
};

/// What the router did with a result.
struct Routed {
  int delivered = 0;
  int withheld = 0;  ///< sinks for verification that must not see it
};

class Router {
 public:
  void add(std::unique_ptr<ResultSink> sink) { sinks_.push_back(std::move(sink)); }
  /// The first sink's error ends it: nothing is committed and the record comes again.
  Result<Routed> route(const ReceivedResult& result);
  std::uint64_t withheld() const { return withheld_; }

 private:
  std::vector<std::unique_ptr<ResultSink>> sinks_;
  std::uint64_t withheld_ = 0;
};

/// True when the payload may be used for verification: it says so itself, and it is no surveillance lane's.
bool usable_for_verification(const ReceivedResult& result);

/// Readable, aligned lines for people, on `out`.
std::unique_ptr<ResultSink> make_line_sink(std::FILE* out);
/// One JSON object per line, on `out`; pictures are left out. With `flush` each line is on disk before the receipt.
std::unique_ptr<ResultSink> make_json_sink(std::FILE* out);
Result<std::unique_ptr<ResultSink>> make_json_file_sink(const std::string& path);
/// Face crops as files, mode 0600, into a folder that was configured for it.
Result<std::unique_ptr<ResultSink>> make_image_sink(const std::string& folder);

}  // namespace veilgate::receiver
