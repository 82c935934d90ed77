// What issuers have said about themselves lately: each a finished descriptor, kept for an hour, and longer
// while the issuer is down. Bounded: the one that was not asked for longest makes room.
//
// One a process; safe from all threads. What it hands out is immutable.
#pragma once

#include "platforms/descriptor.hpp"
#include "server/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace connectd::server::services {

using shared_platform = std::shared_ptr<platforms::descriptor const>;

class discovery_cache {
  public:
    struct options {
        std::chrono::milliseconds fresh = std::chrono::hours{1};
        std::chrono::milliseconds pause = std::chrono::minutes{1}; // after an issuer that did not answer
        std::size_t most = 1000;
    };

    discovery_cache() : discovery_cache(options{}) {}
    explicit discovery_cache(options chosen) : options_{chosen} {}

    struct found {
        shared_platform platform;
        bool fresh = false; // else the issuer should be asked again
    };
    std::optional<found> find(std::string const& key, runtime::sys_ms now);

    void store(std::string key, shared_platform platform, runtime::sys_ms now);

    // The issuer is down: what is here counts as fresh for a while, so that not every call waits for it.
    void postpone(std::string const& key, runtime::sys_ms now);

  private:
    struct entry {
        shared_platform platform;
        runtime::sys_ms ask_again;
        runtime::sys_ms used;
    };
    void make_room();

    options options_;
    std::mutex mutex_;
    std::map<std::string, entry> entries_; // guarded by mutex_
};

} // namespace connectd::server::services
