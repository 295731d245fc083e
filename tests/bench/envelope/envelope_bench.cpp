// What sealing costs, and where: SM4-GCM, SM3, SM2 alone, the whole of seal(), and seal() with the outbox's
// commit (batches of 50, synchronous=FULL, on the disk of $TMPDIR or /tmp).
//   flock … build/release/tests/bench_envelope --benchmark_min_time=1

#include <cstdlib>
#include <filesystem>

#include <benchmark/benchmark.h>

#include "envelope/envelope_opener.h"
#include "outbox/sqlite_outbox.h"
#include "support/sealed_gateway.h"

namespace {

using namespace veilgate;
using testing_support::SealedGateway;

void rate(benchmark::State& state, std::int64_t bytes) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * bytes);
}

void sm4_gcm(benchmark::State& state) {
  auto cipher = Sm4Gcm::create(Bytes(16, 1)).value();
  const Bytes plaintext(static_cast<std::size_t>(state.range(0)), 'x'), header(200, 'h');
  Bytes out(plaintext.size() + Sm4Gcm::kTagSize);
  for (auto _ : state) benchmark::DoNotOptimize(cipher.seal({}, header, plaintext, out));
  rate(state, state.range(0));
}

void sm3_digest(benchmark::State& state) {
  const Bytes bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(sm3(bytes));
  rate(state, state.range(0));
}

void sm2_sign(benchmark::State& state) {
  SealedGateway gateway;
  const Bytes bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(gateway.surveillance_key.sign(bytes));
  rate(state, state.range(0));
}

void seal(benchmark::State& state, MessageClass klass) {
  SealedGateway gateway;
  auto sealer = gateway.sealer();
  const auto message = gateway.message(klass, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  for (auto _ : state) benchmark::DoNotOptimize(sealer.seal(message));
  rate(state, state.range(0));
}

void open_and_commit(benchmark::State& state) {
  SealedGateway gateway;
  auto sealer = gateway.sealer();
  MemorySessionStore store;
  auto opener = EnvelopeOpener::create(gateway.trust, store).value();
  const auto message =
      gateway.message(MessageClass::kFace, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  std::int64_t records = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto sealed = sealer.seal(message).value();
    state.ResumeTiming();
    for (const auto& record : sealed) {
      auto opened = opener.open(record.wire(), "").value();
      if (opened.record) benchmark::DoNotOptimize(opener.commit({&*opened.record, 1}));
      ++records;
    }
  }
  rate(state, state.range(0));
}

/// A folder that goes with the benchmark.
struct Folder {
  Folder() {
    const char* base = std::getenv("TMPDIR");
    path = std::string(base ? base : "/tmp") + "/vg-bench-XXXXXX";
    if (!::mkdtemp(path.data())) std::abort();
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

/// Batches of 50: sealed (or prepared outside the clock), then committed.
void store(benchmark::State& state, bool with_sealing) {
  SealedGateway gateway;
  auto sealer = gateway.sealer();
  Folder folder;
  SqliteOutbox::Settings settings;
  settings.path = folder.path + "/outbox.db";
  settings.gateway = GatewayId("gw-0001");
  settings.sent_policy = SentPolicy::kDeleteWhenSent;
  settings.bounds.max_bytes = 8LL << 30;
  auto outbox = std::move(SqliteOutbox::open(settings, gateway.clock)).value();
  const auto message =
      gateway.message(MessageClass::kFace, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  for (auto _ : state) {
    if (!with_sealing) state.PauseTiming();
    std::vector<SealedEnvelope> batch;
    for (int i = 0; i < 48; ++i) {
      auto sealed = sealer.seal(message).value();
      for (auto& record : sealed) batch.push_back(std::move(record));
    }
    if (!with_sealing) state.ResumeTiming();
    for (std::size_t at = 0; at < batch.size(); at += 50)
      if (!outbox->append(std::span(batch).subspan(at, std::min<std::size_t>(50, batch.size() - at))))
        std::abort();
  }
  state.SetItemsProcessed(state.iterations() * 48);
  state.SetBytesProcessed(state.iterations() * 48 * state.range(0));
}

/// 50 000 records of 1 KiB waiting, then handed out twenty at a time, acknowledged, and covered by receipts:
/// the outbox's own share of a drain after an outage.
void drain(benchmark::State& state) {
  SealedGateway gateway;
  auto sealer = gateway.sealer();
  Folder folder;
  SqliteOutbox::Settings settings;
  settings.path = folder.path + "/outbox.db";
  settings.gateway = GatewayId("gw-0001");
  auto outbox = std::move(SqliteOutbox::open(settings, gateway.clock)).value();
  const auto message = gateway.message(MessageClass::kFace, std::string(1024, 'x'));
  std::vector<SealedEnvelope> batch;
  for (int i = 0; i < 50000; ++i) {
    auto sealed = sealer.seal(message).value();
    for (auto& record : sealed) batch.push_back(std::move(record));
    if (batch.size() < 48) continue;
    if (!outbox->append(batch)) std::abort();
    batch.clear();
  }
  std::int64_t drained = 0, rounds = 0;
  for (auto _ : state) {
    ++rounds;
    const auto records = outbox->next_unsent(20).value();
    if (records.empty()) break;
    std::vector<OutboxId> ids;
    for (const auto& record : records) ids.push_back(record.id);
    if (!outbox->mark_sent(ids)) std::abort();
    const auto& last = records.back().envelope.header();
    const SequenceRange covered{last.session, 0, last.sequence};
    if (rounds % 50 == 0 && !outbox->apply_receipt({&covered, 1})) std::abort();
    if (rounds % 50 == 0 && !outbox->enforce_bounds()) std::abort();
    drained += static_cast<std::int64_t>(records.size());
  }
  state.SetItemsProcessed(drained);
}

BENCHMARK(drain)->Iterations(2500)->UseRealTime();
BENCHMARK(sm4_gcm)->Arg(1024)->Arg(60 * 1024);
BENCHMARK(sm3_digest)->Arg(1024)->Arg(60 * 1024);
BENCHMARK(sm2_sign)->Arg(1024);
BENCHMARK_CAPTURE(seal, face, MessageClass::kFace)->Arg(1024)->Arg(60 * 1024);
BENCHMARK_CAPTURE(seal, alarm, MessageClass::kAlarm)->Arg(1024);
BENCHMARK(open_and_commit)->Arg(1024);
BENCHMARK_CAPTURE(store, commit_only, false)->Arg(1024)->Arg(60 * 1024)->UseRealTime();
BENCHMARK_CAPTURE(store, seal_and_commit, true)->Arg(1024)->Arg(60 * 1024)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
