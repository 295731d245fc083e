#pragma once
// GET /live /ready /startup and /metrics.
//   live      the console's own loop turns
//   ready     the uplink answers and keeps everything it accepted, and at least one camera is fresh
//   startup   the uplink and the lane have answered, and every camera's worker has shown itself or said why not
// 200 with "ok", else 503 with one reason per line. Thread word: reentrant.

#include <string>

#include "handlers/site_view.h"
#include "http/http_server.h"

namespace veilgate::console {

HttpResponse answer_health(const std::string& path, const SiteSnapshot& site, const std::string& version);

}  // namespace veilgate::console
