// Forgets what was sent to endpoints a while ago, and all that was sent to one that is no more.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"

#include <chrono>
#include <cstddef>

namespace connectd::server::services::webhooks {

class delivery_sweeper {
  public:
    // Deliveries that have ended stay readable for as long, from the time of the event on.
    static constexpr std::chrono::hours retention{30 * 24};

    delivery_sweeper(storage::kv& store, runtime::clock const& clock) noexcept
        : store_{store}, clock_{clock} {}

    // Answers how many were removed. Errors: those of the store.
    runtime::task<outcome<std::size_t>> run();

  private:
    runtime::task<outcome<std::size_t>> sweep(crypto::workspace_id workspace, crypto::webhook_id webhook);

    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services::webhooks
