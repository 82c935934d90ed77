// What is left of deleted workspaces, row by row. Nobody can reach it any more, and nothing of it can be
// opened.
// The audit log stays for as long as it is kept: who deleted the workspace is in it.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"
#include "storage/tables/table.hpp"

#include <chrono>
#include <cstddef>

namespace connectd::server::services {

class workspace_remover {
  public:
    // What was under way when the workspace was deleted may still write a row: its own row, by which the rest
    // is found, is the last to go, and not before this.
    static constexpr std::chrono::minutes afterwards{10};

    workspace_remover(storage::kv& store, runtime::clock const& clock) noexcept
        : store_{store}, clock_{clock} {}

    // How many workspaces are gone now. Many rows are many small batches, so that others get in between.
    runtime::task<outcome<std::size_t>> run();

  private:
    runtime::task<outcome<void>> remove_accounts(crypto::workspace_id workspace);
    template <class Table, class Record>
    runtime::task<outcome<void>> remove_records(storage::key_range range);
    runtime::task<outcome<void>> remove_rows(storage::family where, crypto::workspace_id workspace);

    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services
