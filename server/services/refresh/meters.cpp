#include "server/services/refresh/meters.hpp"

namespace connectd::server::services::refresh {
namespace {

std::string word_for(result how) {
    switch (how) {
    case result::refreshed:
        return "refreshed";
    case result::refused:
        return "refused";
    case result::operator_fault:
        return "operator_fault";
    case result::temporary:
        return "temporary";
    case result::unknown:
        return "unknown";
    case result::broken:
        return "broken";
    case result::not_possible:
    case result::untouched:
        break;
    }
    return {};
}

} // namespace

meters::meters(runtime::metrics_registry& all)
    : all_{all},
      lateness_{all.add_histogram("connectd_refresh_lateness_seconds",
                                  "How long after its due time a refresh began.",
                                  {1, 5, 15, 60, 300, 900, 3600, 21600, 86400})},
      waiting_{all.add_gauge("connectd_refresh_waiting", "Accounts in the timer wheel: due soon.")},
      ready_{all.add_gauge("connectd_refresh_ready", "Accounts that are due and wait for their turn.")},
      under_way_{all.add_gauge("connectd_refresh_under_way", "Accounts being worked on.")} {}

void meters::ended(report const& what) {
    auto const word = word_for(what.how);
    if (word.empty()) {
        return;
    }
    auto const platform = what.account ? what.account->platform : std::string{"unknown"};
    auto& counted = ended_[{platform, what.how}];
    if (counted == nullptr) {
        counted = &all_.add_counter("connectd_refreshes_total", "Refreshes by platform and how they ended.",
                                    {{"platform", platform}, {"result", word}});
    }
    counted->add();
}

void meters::shows(agenda const& now) {
    auto const count = now.count();
    waiting_.set(static_cast<std::int64_t>(count.waiting));
    ready_.set(static_cast<std::int64_t>(count.ready));
    under_way_.set(static_cast<std::int64_t>(count.taken));
    auto const open = now.open_breakers();
    for (auto const& [platform, number] : open) {
        auto& shown = open_[platform];
        if (shown == nullptr) {
            shown = &all_.add_gauge("connectd_refresh_breakers_open",
                                    "Servers of a platform that are not called because they do not answer.",
                                    {{"platform", platform}});
        }
        shown->set(static_cast<std::int64_t>(number));
    }
    for (auto const& [platform, shown] : open_) {
        if (!open.contains(platform)) {
            shown->set(0);
        }
    }
}

} // namespace connectd::server::services::refresh
