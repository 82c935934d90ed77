// The operator's own apps, for connect sessions that allow them. At most one a platform.
//
// Filled at start-up; immutable afterwards, so every thread reads it freely.
#pragma once

#include "crypto/secret.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::server::services {

struct quickstart_app {
    std::string client_id;
    crypto::secret client_secret; // empty for a public client
};

class quickstart_apps {
  public:
    // By the platform's name; the first one of a name stays.
    void add(std::string platform, quickstart_app app) { apps_.emplace(std::move(platform), std::move(app)); }

    // Null where there is none.
    quickstart_app const* find(std::string_view platform) const noexcept {
        auto const found = apps_.find(platform);
        return found == apps_.end() ? nullptr : &found->second;
    }

  private:
    std::map<std::string, quickstart_app, std::less<>> apps_;
};

} // namespace connectd::server::services
