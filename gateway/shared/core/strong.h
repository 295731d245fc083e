#pragma once
// Strong<T, Tag>: a value that is not interchangeable with another of the same representation. A CameraId never
// compares with a StationId, and neither converts to std::string by itself. Thread word: reentrant.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace veilgate {

template <typename T, typename Tag>
class Strong {
 public:
  using value_type = T;
  Strong() = default;
  explicit Strong(T value) : value_(std::move(value)) {}

  const T& get() const { return value_; }
  friend auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

using CameraId = Strong<std::string, struct CameraIdTag>;    ///< a surveillance camera, as configured
using StationId = Strong<std::string, struct StationIdTag>;  ///< a verification station, as configured
using SubjectId = Strong<std::string, struct SubjectIdTag>;  ///< an enrolled person's opaque handle
using GatewayId = Strong<std::string, struct GatewayIdTag>;  ///< this gateway, as configured
using TrackId = Strong<std::uint64_t, struct TrackIdTag>;    ///< one visit in front of one camera; ephemeral

}  // namespace veilgate

template <typename T, typename Tag>
struct std::hash<veilgate::Strong<T, Tag>> {
  std::size_t operator()(const veilgate::Strong<T, Tag>& id) const { return std::hash<T>{}(id.get()); }
};
