// What is over at the app credentials of all workspaces: previous secrets whose time has passed are wiped,
// and retired credentials go when no account depends on them any more.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"

#include <cstddef>

namespace connectd::server::services {

class credentials_sweeper {
  public:
    credentials_sweeper(storage::kv& store, runtime::clock const& clock) noexcept
        : store_{store}, clock_{clock} {}

    // How many were changed or removed.
    runtime::task<outcome<std::size_t>> run();

  private:
    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services
