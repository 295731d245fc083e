#pragma once
// The retained state of this gateway at the broker: info, one status per camera, and availability. Retained messages
// are the broker's to lose, so everything is sent again after every connect, availability last: `online` means that
// the state beside it is of now. State holds nothing personal and is not sealed.
// Thread word: thread-bound.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "envelope/topics.h"
#include "mqtt/publisher.h"

namespace veilgate::uplink {

class StateBoard {
 public:
  static constexpr std::uint64_t kFirstToken = std::uint64_t{1} << 62;

  StateBoard(TopicScheme topics, Publisher& publisher) : topics_(std::move(topics)), publisher_(publisher) {}

  /// The retained word on `…/availability`: "online", "stopped", or, as the will, "offline".
  static OutgoingMessage availability(const TopicScheme& topics, const std::string& word);

  void set_info(std::string json);
  void set_camera(const std::string& camera, std::string json);  ///< sent only when it differs from before
  void forget_camera(const std::string& camera);                 ///< removes the retained message

  /// A session record (retained, binary): whoever subscribes later can decrypt.
  void set_session(const std::string& topic, const Bytes& wire);

  /// A new connection: everything again. `on_ready` runs when the broker has all of it and says `online`.
  void resend(std::function<void()> on_ready);
  void stopped(std::function<void()> on_acknowledged);  ///< the last word: "stopped"
  void offline();                                       ///< the link is down

  bool owns(std::uint64_t token) const { return token >= kFirstToken; }
  void on_published(std::uint64_t token, PublishOutcome outcome);
  void wake();  ///< the window may have room

 private:
  void put(const std::string& topic, std::string payload, const char* content_type);

  TopicScheme topics_;
  Publisher& publisher_;
  struct State {
    std::string payload;  ///< empty clears the retained message
    const char* content_type;
  };
  std::map<std::string, State> wanted_;         ///< by topic
  std::set<std::string> dirty_;                 ///< topics whose newest payload the broker may not have
  std::map<std::uint64_t, std::string> in_flight_;
  std::uint64_t next_token_ = kFirstToken;
  std::function<void()> on_ready_;
  std::function<void()> on_stopped_;
  enum class Phase { kOffline, kState, kOnline, kStopping } phase_ = Phase::kOffline;
};

}  // namespace veilgate::uplink
