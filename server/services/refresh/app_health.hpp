// How the customers' apps stand with the platforms: an app that is refused is said to be unhealthy once, and
// to have recovered once, however many accounts depend on it. While it is refused, or limited, its accounts
// wait and do not each try in vain.
//
// Belongs to the background thread; holds references only. What is unhealthy is in the store; how long to
// wait is in memory, a restart tries again.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace connectd::server::services::refresh {

class app_health {
  public:
    // Refusals in a row, of whatever accounts, after which the others wait. One alone may be an odd account.
    static constexpr std::uint32_t patience = 3;
    // How long they wait, doubling with every refusal more; and when an app is called too often.
    static constexpr std::chrono::milliseconds first_wait = std::chrono::minutes{10};
    static constexpr std::chrono::milliseconds longest_wait = std::chrono::hours{2};
    static constexpr std::chrono::milliseconds longest_limit = std::chrono::minutes{5};

    app_health(storage::kv& store, runtime::clock const& clock) noexcept : store_{store}, clock_{clock} {}

    // Until when accounts of the account's app wait.
    std::optional<runtime::sys_ms> waits_until(storage::account const& row) const;

    // The platform refused the app that `row` is connected with; `cause` is for the event. Of the operator's
    // app no workspace has a row: its accounts wait in the same way, and nothing is said of it. An account
    // without an app is none of its business.
    runtime::task<void> refused(storage::account row, std::string cause);
    runtime::task<void> worked(storage::account row);
    // It is called too often, for as long as the platform says.
    void limited(storage::account const& row, std::optional<std::chrono::seconds> retry_after);

  private:
    struct standing {
        std::uint32_t refusals = 0; // in a row
        runtime::sys_ms waits_until{};
    };
    static std::optional<std::string> app_key(storage::account const& row);
    runtime::task<void> record(storage::account row, std::string cause, bool healthy);

    storage::kv& store_;
    runtime::clock const& clock_;
    std::map<std::string, standing> standings_; // of apps with something against them
};

} // namespace connectd::server::services::refresh
