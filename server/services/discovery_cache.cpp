#include "server/services/discovery_cache.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {

std::optional<discovery_cache::found> discovery_cache::find(std::string const& key, runtime::sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto const known = entries_.find(key);
    if (known == entries_.end()) {
        return std::nullopt;
    }
    known->second.used = now;
    return found{known->second.platform, now < known->second.ask_again};
}

void discovery_cache::store(std::string key, shared_platform platform, runtime::sys_ms now) {
    std::lock_guard const lock{mutex_};
    entries_.insert_or_assign(std::move(key), entry{std::move(platform), now + options_.fresh, now});
    make_room();
}

void discovery_cache::postpone(std::string const& key, runtime::sys_ms now) {
    std::lock_guard const lock{mutex_};
    if (auto const known = entries_.find(key); known != entries_.end()) {
        known->second.ask_again = std::max(known->second.ask_again, now + options_.pause);
    }
}

void discovery_cache::make_room() {
    while (entries_.size() > options_.most) {
        entries_.erase(
            std::ranges::min_element(entries_, {}, [](auto const& known) { return known.second.used; }));
    }
}

} // namespace connectd::server::services
