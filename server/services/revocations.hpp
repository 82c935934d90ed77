// Revocations that a platform did not take at once: tried again with growing pauses, for a day.
//
// Belongs to the background thread. The account they belonged to is gone already; nothing waits for them. One
// that would end an account which was connected since then is not made any more.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/grants.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace connectd::server::services {

// The pause after the attempt with this number, counted from 1: a minute, doubling up to two hours.
std::chrono::milliseconds revocation_pause(std::uint32_t attempts) noexcept;

// After this many attempts, about a day, it is given up: most access tokens have ended by themselves then.
inline constexpr std::uint32_t max_revocation_attempts = 18;

class revocations {
  public:
    revocations(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                platform_resolver& resolver) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, grants_{store, keys,   catalog, client,
                                                             clock, chosen, resolver} {}

    // Tries all that are due now, one after the other. Answers how many were settled, by the platform's word
    // or given up. Errors: those of the store.
    runtime::task<outcome<std::size_t>> run_due();

  private:
    // The row for the next attempt; nothing when it is settled.
    runtime::task<outcome<std::optional<storage::revocation>>> attempt(storage::revocation owed);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    grants grants_;
};

} // namespace connectd::server::services
