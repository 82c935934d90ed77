// Tokens that no refresh renews: the customer is told a week and a day before one ends, and when it has.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"
#include "storage/tables/refresh_due.hpp"

#include <optional>

namespace connectd::server::services::refresh {

class notices {
  public:
    notices(storage::kv& store, platforms::catalog const& catalog, runtime::clock const& clock,
            settings const& chosen) noexcept
        : store_{store}, catalog_{catalog}, clock_{clock}, settings_{chosen} {}

    // Says what is to be said about the account of a row that has become due, if it still is, and answers the
    // row that the account has from then on. Errors: those of the store.
    runtime::task<outcome<std::optional<storage::refresh_due>>> handle(storage::refresh_due row);

  private:
    storage::kv& store_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    settings const& settings_;
};

} // namespace connectd::server::services::refresh
