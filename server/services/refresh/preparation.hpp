// Everything that has to be there before a platform is asked to refresh a token, or what stands in the way.
// Reads and opens; writes nothing, and asks nobody but an issuer where to ask.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/app_health.hpp"
#include "server/services/refresh/report.hpp"
#include "server/services/refresh/settlement.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <functional>
#include <optional>
#include <variant>

namespace connectd::server::services::refresh {

struct prepared {
    stored_rows held;
    shared_platform platform = {}; // as it is for this account
    platforms::token_set tokens = {};
    opened_app app = {};
};

// Why nobody is asked, and what is to be written about it, if anything.
struct obstacle {
    stored_rows held;
    result how = result::untouched;
    failure why = {};
    std::function<change(rows)> make = {};
};

class preparation {
  public:
    preparation(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                runtime::clock const& clock, settings const& chosen, app_health const& apps,
                platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          settings_{chosen},
          apps_{apps},
          resolver_{resolver} {}

    runtime::task<std::variant<prepared, obstacle>> prepare(order what, stored_rows held);

  private:
    std::optional<obstacle> needless(order const& what, stored_rows const& held) const;
    obstacle not_refreshable(order const& what, prepared const& with, failure why) const;
    obstacle secret_trouble(prepared const& with, failure why) const;
    obstacle unreachable(prepared const& with, platforms::failure const& cause) const;
    std::optional<obstacle> too_early(order const& what, prepared const& with) const;

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    settings const& settings_;
    app_health const& apps_;
    platform_resolver& resolver_;
};

// Whether the platform has a way to renew these tokens.
bool can_refresh(platforms::descriptor const& platform, platforms::token_set const& tokens) noexcept;

} // namespace connectd::server::services::refresh
