#include "envelope/record.h"

#include <gtest/gtest.h>

namespace veilgate {
namespace {

RecordHeader sample() {
  RecordHeader header;
  header.type = RecordType::kData;
  header.lane = Lane::kSurveillance;
  header.message_class = MessageClass::kFace;
  header.session.fill(7);
  header.sequence = 0x0102030405060708ULL;
  header.time = UtcTime{Millis{1700000000123}};
  header.gateway = GatewayId("gw-0001");
  header.source = "gate-east";
  header.topic = "veilgate/v1/estate-07/gw-0001/surveillance/gate-east/events";
  header.message_id = "01J0";
  header.content_type = "application/json";
  return header;
}

Bytes wire_of(const RecordHeader& header, std::size_t body = 20) {
  Bytes wire = encode_unsigned(encode_header(header).value(), Bytes(body, 0xee));
  const Sm2Signature signature{};
  append_signature(wire, header.is_signed ? &signature : nullptr);
  return wire;
}

TEST(Record, SurvivesTheWire) {
  const auto record = UnverifiedRecord::parse(wire_of(sample()));
  ASSERT_TRUE(record) << record.error().message();
  EXPECT_EQ(record->header(), sample());
  EXPECT_EQ(record->body().size(), 20U);
  EXPECT_FALSE(record->signature());
  EXPECT_EQ(record->wire()[0], 1) << "version byte first";
  EXPECT_EQ(to_hex(record->header_bytes().subspan(24, 8)), "0102030405060708") << "big endian";
}

TEST(Record, EveryTruncationAndEveryTrailingByteIsMalformed) {
  auto header = sample();
  for (const bool is_signed : {false, true}) {
    header.is_signed = is_signed;
    const Bytes wire = wire_of(header);
    for (std::size_t size = 0; size < wire.size(); ++size)
      EXPECT_FALSE(UnverifiedRecord::parse(Bytes(wire.begin(), wire.begin() + static_cast<long>(size))))
          << size;
    Bytes longer = wire;
    longer.push_back(0);
    EXPECT_FALSE(UnverifiedRecord::parse(longer));
  }
}

TEST(Record, UnknownNumbersAreMalformed) {
  const Bytes good = wire_of(sample());
  const auto with = [&good](std::size_t at, std::uint8_t value) {
    Bytes bad = good;
    bad[at] = value;
    return UnverifiedRecord::parse(bad).has_value();
  };
  for (const int v : {0, 2, 255}) EXPECT_FALSE(with(0, static_cast<std::uint8_t>(v))) << "version " << v;
  for (const int v : {0, 1, 3, 5}) EXPECT_FALSE(with(1, static_cast<std::uint8_t>(v))) << "type " << v;
  for (const int v : {0, 2}) EXPECT_FALSE(with(2, static_cast<std::uint8_t>(v))) << "suite " << v;
  for (const int v : {1, 2, 128}) EXPECT_FALSE(with(3, static_cast<std::uint8_t>(v))) << "flags " << v;
  for (const int v : {0, 4}) EXPECT_FALSE(with(4, static_cast<std::uint8_t>(v))) << "lane " << v;
  for (const int v : {0, 1, 6}) EXPECT_FALSE(with(5, static_cast<std::uint8_t>(v))) << "class " << v;
}

TEST(Record, RefusesContradictingFields) {
  auto header = sample();
  header.sequence = 0;
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(header))) << "data under the session record's number";
  header = sample();
  header.type = RecordType::kSession;
  header.is_signed = true;
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(header))) << "a session record that is not number 0";
  header.sequence = 0;
  EXPECT_TRUE(UnverifiedRecord::parse(wire_of(header)));
  header.previous.fill(1);
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(header))) << "a session record with a predecessor";
  header = sample();
  header.type = RecordType::kCheckpoint;
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(header))) << "an unsigned checkpoint";
  header = sample();
  header.message_class = MessageClass::kAlarm;
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(header))) << "an unsigned alarm";
  EXPECT_FALSE(UnverifiedRecord::parse(wire_of(sample(), 15))) << "no room for a tag";
}

TEST(Record, RefusesNamesOutsideTheirAlphabet) {
  const auto refused = [](auto&& change) {
    auto header = sample();
    change(header);
    return !encode_header(header);
  };
  EXPECT_TRUE(refused([](auto& h) { h.gateway = GatewayId("a/b"); }));
  EXPECT_TRUE(refused([](auto& h) { h.source = "+"; }));
  EXPECT_TRUE(refused([](auto& h) { h.topic = "a/#"; }));
  EXPECT_TRUE(refused([](auto& h) { h.topic = ""; }));
  EXPECT_TRUE(refused([](auto& h) { h.topic = std::string(256, 'a'); }));
  EXPECT_TRUE(refused([](auto& h) { h.message_id = "张三"; }));
  EXPECT_TRUE(refused([](auto& h) { h.content_type = std::string(65, 'a'); }));
  EXPECT_TRUE(refused([](auto& h) { h.time = UtcTime{Millis{-1}}; }));
}

TEST(Record, GapAndCheckpointBodiesRoundTrip) {
  DroppedRange dropped;
  dropped.range = {{1, 2, 3}, 5, 9};
  dropped.message_class = MessageClass::kImage;
  dropped.reason = DropReason::kImageAge;
  dropped.previous_of_first.fill(8);
  dropped.digest_of_last.fill(9);
  const Bytes gap = encode_gap({{dropped}});
  ASSERT_TRUE(decode_gap(gap));
  EXPECT_EQ(decode_gap(gap)->front(), dropped);
  for (std::size_t size = 0; size < gap.size(); ++size) EXPECT_FALSE(decode_gap(ByteView(gap).first(size)));
  dropped.range.last = 4;
  EXPECT_FALSE(decode_gap(encode_gap({{dropped}}))) << "last before first";

  const Checkpoint checkpoint{41, 40, CheckpointCause::kRotation};
  EXPECT_EQ(*decode_checkpoint(encode_checkpoint(checkpoint)), checkpoint);
  EXPECT_FALSE(decode_checkpoint({}));
}

}  // namespace
}  // namespace veilgate
