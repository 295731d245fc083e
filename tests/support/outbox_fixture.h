#pragma once
// An outbox in a folder of its own, and sealed records to put into it. Thread word: thread-bound.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "outbox/sqlite_outbox.h"
#include "support/good.h"
#include "support/sealed_gateway.h"

namespace veilgate::testing_support {

class OutboxFixture : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-outbox-XXXXXX";
    folder_ = ::mkdtemp(name);
    settings_.path = folder_ + "/outbox.db";
    settings_.gateway = GatewayId("gw-0001");
    reopen();
  }
  void TearDown() override {
    outbox_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    outbox_.reset();
    outbox_ = good(SqliteOutbox::open(settings_, gateway_.clock));
  }
  /// Seals `count` messages and appends everything that comes out; the data records are returned.
  std::vector<SealedEnvelope> accept(MessageClass klass, int count, std::size_t payload = 20) {
    std::vector<SealedEnvelope> data;
    for (int i = 0; i < count; ++i) {
      const auto records = good(sealer_.seal(gateway_.message(klass, std::string(payload, 'x'))));
      const auto appended = outbox_->append(records);
      EXPECT_TRUE(appended) << appended.error().message();
      for (const auto& record : records)
        if (record.header().type == RecordType::kData) data.push_back(record);
    }
    return data;
  }
  std::vector<OutboxRecord> next(std::size_t limit = 1000) { return good(outbox_->next_unsent(limit)); }
  static std::vector<OutboxId> ids(const std::vector<OutboxRecord>& records) {
    std::vector<OutboxId> found;
    for (const auto& record : records) found.push_back(record.id);
    return found;
  }
  static SequenceRange range_of(const SealedEnvelope& record) {
    return {record.header().session, record.header().sequence, record.header().sequence};
  }
  OutboxClassStats stats(MessageClass klass) { return outbox_->stats().of(klass); }

  SealedGateway gateway_;
  EnvelopeSealer sealer_ = gateway_.sealer();
  std::string folder_;
  SqliteOutbox::Settings settings_;
  std::unique_ptr<SqliteOutbox> outbox_;
};

}  // namespace veilgate::testing_support
