// Ends connect sessions that nobody finished, and removes ended ones after a while.
//
// Belongs to the background thread. A session past its time is refused at once whoever asks; the sweeper only
// makes that durable, says so as an event, and keeps the store from growing.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"

#include <chrono>
#include <cstddef>

namespace connectd::server::services {

class session_sweeper {
  public:
    // How long ended sessions stay readable, and a late callback is told 409 or 410 and not 400.
    static constexpr std::chrono::hours retention{24};

    session_sweeper(storage::kv& store, runtime::clock const& clock, connect_claims& claims) noexcept
        : store_{store}, clock_{clock}, claims_{claims} {}

    struct swept {
        std::size_t expired = 0;
        std::size_t removed = 0;
    };
    // Errors: those of the store.
    runtime::task<outcome<swept>> run();

  private:
    runtime::task<outcome<std::size_t>> expire();
    runtime::task<outcome<std::size_t>> remove();

    storage::kv& store_;
    runtime::clock const& clock_;
    connect_claims& claims_;
};

} // namespace connectd::server::services
