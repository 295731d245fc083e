#include "receiver/receiver_config.h"

#include <filesystem>
#include <functional>
#include <map>

#include <yaml-cpp/yaml.h>

#include "envelope/topics.h"
#include "mqtt/broker_url.h"

namespace veilgate::receiver {
namespace {

/// Reads one mapping: every key has a reader, every unknown or repeated key is a problem.
class Mapping {
 public:
  Mapping(std::string path, std::vector<Problem>& problems) : path_(std::move(path)), problems_(problems) {}

  using Reader = std::function<void(const YAML::Node&, const std::string& path)>;
  Mapping& on(const std::string& key, Reader reader) {
    readers_[key] = std::move(reader);
    return *this;
  }
  void read(const YAML::Node& node) {
    if (!node.IsMap()) return complain(node, "wrong_type", path_, "must be a mapping of keys");
    std::map<std::string, int> seen;
    for (const auto& entry : node) {
      const auto key = entry.first.Scalar();
      const std::string here = path_.empty() ? key : path_ + "." + key;
      const auto reader = readers_.find(key);
      if (++seen[key] > 1) complain(entry.first, "duplicate_key", here, "is written twice");
      else if (reader == readers_.end()) complain(entry.first, "unknown_key", here, "is not a key; known here: " + known());
      else reader->second(entry.second, here);
    }
  }
  void complain(const YAML::Node& node, const char* code, const std::string& path, const std::string& message) {
    problems_.push_back({code, Severity::kError, path, node.Mark().line + 1, message, message, ""});
  }

  Reader text(std::string& target) {
    return [this, &target](const YAML::Node& node, const std::string& path) {
      if (node.IsScalar()) target = node.Scalar();
      else complain(node, "wrong_type", path, "must be text");
    };
  }
  Reader file(std::string& target, const std::filesystem::path& folder) {
    return [this, &target, folder](const YAML::Node& node, const std::string& path) {
      text(target)(node, path);
      if (!target.empty()) target = (folder / target).lexically_normal().string();
    };
  }
  Reader list(std::vector<std::string>& target, std::function<std::string(const std::string&)> change = {}) {
    return [this, &target, change](const YAML::Node& node, const std::string& path) {
      if (!node.IsSequence()) return complain(node, "wrong_type", path, "must be a list");
      for (const auto& item : node)
        if (item.IsScalar()) target.push_back(change ? change(item.Scalar()) : item.Scalar());
        else complain(item, "wrong_type", path, "must be a list of texts");
    };
  }

 private:
  std::string known() const {
    std::string names;
    for (const auto& [key, reader] : readers_) names += (names.empty() ? "" : ", ") + key;
    return names;
  }
  std::string path_;
  std::vector<Problem>& problems_;
  std::map<std::string, Reader> readers_;
};

void read_gateways(const YAML::Node& node, const std::string& path, const std::filesystem::path& folder,
                   ReceiverConfig& config, std::vector<Problem>& problems) {
  if (!node.IsSequence()) return Mapping(path, problems).complain(node, "wrong_type", path, "must be a list");
  for (std::size_t i = 0; i < node.size(); ++i) {
    TrustedGateway gateway;
    Mapping entry(path + "[" + std::to_string(i) + "]", problems);
    entry.on("id", entry.text(gateway.id)).on("site", entry.text(gateway.site));
    entry.on("surveillance", entry.file(gateway.surveillance_key, folder));
    entry.on("uplink", entry.file(gateway.uplink_key, folder));
    entry.read(node[i]);
    config.gateways.push_back(std::move(gateway));
  }
}

void judge(const ReceiverConfig& config, std::vector<Problem>& problems) {
  const auto wrong = [&](const char* path, const std::string& message) {
    problems.push_back({"bad_value", Severity::kError, path, 0, message, message, ""});
  };
  if (!valid_topic_id(config.id)) wrong("id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
  if (config.brokers.empty()) wrong("brokers", "at least one broker is needed: mqtts://host:port");
  for (const auto& broker : config.brokers)
    if (auto url = uplink::parse_broker_url(broker); !url) wrong("brokers", url.error().message());
  for (const auto& [path, value] : {std::pair{"state", &config.state_dir}, {"tls.ca", &config.tls_ca},
                                    {"tls.certificate", &config.tls_certificate}, {"tls.key", &config.tls_key},
                                    {"keys.sign", &config.sign_key}})
    if (value->empty()) wrong(path, "is missing");
  if (config.decrypt_keys.empty()) wrong("keys.decrypt", "at least one private key is needed");
  if (config.gateways.empty()) wrong("gateways", "at least one gateway must be trusted");
  if (!config.share_group.empty() && !valid_topic_id(config.share_group)) wrong("share_group", "is no id");
  for (const auto& gateway : config.gateways)
    if (!TopicScheme::create(config.topic_prefix, gateway.site, gateway.id))
      wrong("gateways", "'" + gateway.site + "/" + gateway.id + "' cannot be part of a topic");
}

void read_all(const YAML::Node& root, const std::filesystem::path& folder, ReceiverConfig& config,
              std::vector<Problem>& problems) {
  Mapping top("", problems), tls("tls", problems), keys("keys", problems), output("output", problems);
  tls.on("ca", tls.file(config.tls_ca, folder)).on("certificate", tls.file(config.tls_certificate, folder));
  tls.on("key", tls.file(config.tls_key, folder)).on("crl", tls.file(config.tls_crl, folder));
  keys.on("sign", keys.file(config.sign_key, folder));
  keys.on("decrypt", keys.list(config.decrypt_keys, [folder](const std::string& name) {
    return (folder / name).lexically_normal().string();
  }));
  output.on("images", output.file(config.images_dir, folder)).on("jsonl", output.file(config.jsonl_file, folder));
  std::string version, profile = "intl";
  top.on("version", top.text(version)).on("id", top.text(config.id)).on("brokers", top.list(config.brokers));
  top.on("tls_profile", top.text(profile)).on("topic_prefix", top.text(config.topic_prefix));
  top.on("share_group", top.text(config.share_group)).on("state", top.file(config.state_dir, folder));
  top.on("tls", [&](const YAML::Node& node, const std::string&) { tls.read(node); });
  top.on("keys", [&](const YAML::Node& node, const std::string&) { keys.read(node); });
  top.on("output", [&](const YAML::Node& node, const std::string&) { output.read(node); });
  top.on("gateways", [&](const YAML::Node& node, const std::string& path) {
    read_gateways(node, path, folder, config, problems);
  });
  top.read(root);
  if (version != "1") top.complain(root, "bad_value", "version", "must be 1");
  if (profile != "intl" && profile != "sm") top.complain(root, "bad_value", "tls_profile", "must be intl or sm");
  config.tls_profile = profile == "sm" ? TlsProfile::kSm : TlsProfile::kIntl;
}

}  // namespace

LoadedReceiverConfig load_receiver_config(const std::string& path) {
  LoadedReceiverConfig loaded;
  ReceiverConfig config;
  try {
    const auto folder = std::filesystem::absolute(path).parent_path();
    read_all(YAML::LoadFile(path), folder, config, loaded.problems);
    judge(config, loaded.problems);
  } catch (const YAML::BadFile&) {
    loaded.problems.push_back({"unreadable", Severity::kError, path, 0, "cannot be read", "无法读取", ""});
  } catch (const std::exception& error) {
    loaded.problems.push_back({"syntax", Severity::kError, path, 0, error.what(), error.what(), ""});
  }
  if (loaded.problems.empty()) loaded.config = std::move(config);
  return loaded;
}

}  // namespace veilgate::receiver
