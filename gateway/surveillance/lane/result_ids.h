#pragma once
// Ids of results: ULIDs (48 bits of time, 80 random bits, Crockford's base 32). Sorted by time, unique, and
// telling nothing else. From a fixed seed they are the same in every run. Thread word: thread-bound.

#include <random>

#include "lane/camera_chain.h"

namespace veilgate::surveillance {

class ResultIds {
 public:
  explicit ResultIds(const ChainSeed& seed);
  ResultId next(UtcTime time);

 private:
  std::mt19937_64 random_;
};

/// A key of its own for each purpose, made from the chain's seed.
enum class SeedPurpose : std::uint32_t { kDescriptors = 1, kIds = 2 };
std::array<std::uint8_t, 32> derive_seed(const ChainSeed& seed, SeedPurpose purpose,
                                         const std::string& camera);

}  // namespace veilgate::surveillance
