#include "lane/result_ids.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <sys/random.h>

#include "core/assert.h"

namespace veilgate::surveillance {

ChainSeed fresh_chain_seed() {
  ChainSeed seed{};
  VG_ASSERT(getrandom(seed.data(), seed.size(), 0) == static_cast<ssize_t>(seed.size()));
  return seed;
}

std::array<std::uint8_t, 32> derive_seed(const ChainSeed& seed, SeedPurpose purpose,
                                         const std::string& camera) {
  std::vector<std::uint32_t> material(8);
  std::memcpy(material.data(), seed.data(), seed.size());
  material.push_back(static_cast<std::uint32_t>(purpose));
  for (const char c : camera) material.push_back(static_cast<unsigned char>(c));
  std::seed_seq mixed(material.begin(), material.end());
  std::array<std::uint32_t, 8> words{};
  mixed.generate(words.begin(), words.end());
  std::array<std::uint8_t, 32> out{};
  std::memcpy(out.data(), words.data(), out.size());
  explicit_bzero(material.data(), material.size() * sizeof material[0]);
  explicit_bzero(words.data(), sizeof words);
  return out;
}

ResultIds::ResultIds(const ChainSeed& seed) {
  std::array<std::uint32_t, 8> words{};
  std::memcpy(words.data(), seed.data(), seed.size());
  std::seed_seq mixed(words.begin(), words.end());
  random_.seed(mixed);
}

ResultId ResultIds::next(UtcTime time) {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(26, '0');
  auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count()));
  for (int i = 9; i >= 0; --i, ms >>= 5) text[i] = kAlphabet[ms & 31];
  for (const int part : {10, 18}) {
    std::uint64_t bits = random_();
    for (int i = 0; i < 8; ++i, bits >>= 5) text[part + i] = kAlphabet[bits & 31];
  }
  return ResultId{text};
}

}  // namespace veilgate::surveillance
