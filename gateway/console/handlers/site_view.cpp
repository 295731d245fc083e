#include "handlers/site_view.h"

#include "ipc/submit.h"

namespace veilgate::console {
namespace {
constexpr Millis kPollPeriod{1'000};
}

const std::string* SiteSnapshot::fresh(const std::string& process) const {
  const auto found = processes.find(process);
  if (found == processes.end() || found->second.json.empty() || now - found->second.received > kFresh) return nullptr;
  return &found->second.json;
}

SiteView::SiteView(ipc::EventLoop& loop, const std::string& runtime_dir, const std::vector<std::string>& processes,
                   const Clock& clock)
    : loop_(loop), clock_(clock), turned_(clock.monotonic()) {
  for (const auto& name : processes)
    clients_[name] = std::make_unique<ipc::Client>(loop_, runtime_dir + "/" + name + ".sock",
                                                   ipc::Client::Callbacks{[this] { poll(); }, nullptr});
  timer_ = loop_.every(kPollPeriod, [this] { poll(); });
}

SiteView::~SiteView() { loop_.cancel(timer_); }

void SiteView::poll() {
  {
    const std::lock_guard lock(mutex_);
    turned_ = clock_.monotonic();
  }
  for (const auto& [name, client] : clients_) {
    if (!client->connected()) continue;
    client->request(ipc::status_request(), kPollPeriod * 3, [this, who = name](Result<ipc::Message> answer) {
      if (!answer || answer->kind != "status") return;
      const std::lock_guard lock(mutex_);
      answers_[who] = {std::move(answer->json), clock_.monotonic()};
    });
  }
}

SiteSnapshot SiteView::snapshot() const {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.monotonic();
  return {answers_, now, std::chrono::duration_cast<Millis>(now - turned_)};
}

}  // namespace veilgate::console
