// Revocations that a platform did not take at once: tried again with growing pauses, for a day.
//
// Belongs to the background thread. The account they belonged to is gone already; nothing waits for them.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace connectd::server::services {

// The pause after the attempt with this number, counted from 1: a minute, doubling up to two hours.
std::chrono::milliseconds revocation_pause(std::uint32_t attempts) noexcept;

// After this many attempts, about a day, it is given up: most access tokens have ended by themselves then.
inline constexpr std::uint32_t max_revocation_attempts = 18;

class revocations {
  public:
    revocations(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                platforms::http::client& client, runtime::clock const& clock, settings const& chosen) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          connector_{client},
          clock_{clock},
          settings_{chosen} {}

    // Tries all that are due now, one after the other. Answers how many were settled, by the platform's word
    // or given up. Errors: those of the store.
    runtime::task<outcome<std::size_t>> run_due();

  private:
    enum class verdict { settled, again };
    runtime::task<verdict> attempt(storage::revocation const& owed);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
};

} // namespace connectd::server::services
