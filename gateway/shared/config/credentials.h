#pragma once
// The credentials directory, as `veilgate check --installed` judges it: what a configuration needs is there,
// readable, private, and not what a camera was shipped with. A problem names the file, never anything in it.
// Keys and certificates are only looked at from outside; whether they fit is judged by whoever loads them.
//
// Names: `<source.credentials>` (two lines: user, password) · uplink.ca.pem, uplink.cert.pem, uplink.key.pem
// · lane-surveillance.sm2.key.pem, uplink.sm2.key.pem · platform.enc.pub.pem, platform.sign.pub.pem. Thread
// word: reentrant.

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "core/problem.h"

namespace veilgate {

/// one of the pairs cameras are shipped with (admin/admin, admin/12345, …), an empty password, or a
/// password that is the user's name. Case of the user does not matter.
bool is_default_credential(std::string_view user, std::string_view password);

/// Everything that is missing or not right in `directory`; empty when the configuration can start with it.
std::vector<Problem> check_credentials(const Config& config, const std::string& directory);

}  // namespace veilgate
