// Cuts off the oldest entries of the audit log, and leaves an anchor by which the rest of each chain can
// still be checked.
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

namespace connectd::server::services {

class audit_sweeper {
  public:
    // Entries are kept for `retention`; the last one of a chain stays whatever its age.
    audit_sweeper(storage::kv& store, runtime::clock const& clock,
                  std::chrono::milliseconds retention) noexcept
        : store_{store}, clock_{clock}, retention_{retention} {}

    // Answers how many were removed. Errors: those of the store.
    runtime::task<outcome<std::size_t>> run();

  private:
    runtime::task<outcome<std::size_t>> sweep(crypto::workspace_id workspace);

    storage::kv& store_;
    runtime::clock const& clock_;
    std::chrono::milliseconds retention_;
};

} // namespace connectd::server::services
