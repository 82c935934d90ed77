// Events that are older than their workspace keeps them.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"

#include <cstddef>

namespace connectd::server::services {

class event_sweeper {
  public:
    event_sweeper(storage::kv& store, runtime::clock const& clock) noexcept : store_{store}, clock_{clock} {}

    // How many were removed. A webhook endpoint that has not been sent one of them by now is not sent it any
    // more.
    runtime::task<outcome<std::size_t>> run();

  private:
    runtime::task<outcome<std::size_t>> sweep(crypto::workspace_id workspace, runtime::sys_ms oldest);

    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services
