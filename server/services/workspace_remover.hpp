// What is left of deleted workspaces, row by row; nobody can reach it any more. The grants of the accounts
// are given back to their platforms, as a disconnect would, by the revocations that are owed from then on.
// The data keys and the apps, which these need, go when none is owed any more, a day later at most. The audit
// log stays for as long as it is kept: who deleted the workspace is in it.
//
// Belongs to the background thread; holds references only.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/grants.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/table.hpp"
#include "storage/tables/workspaces.hpp"
#include "storage/write_batch.hpp"

#include <chrono>
#include <cstddef>

namespace connectd::server::services {

class workspace_remover {
  public:
    // What was under way when the workspace was deleted may still write a row: its own row, by which the rest
    // is found, is the last to go, and not before this.
    static constexpr std::chrono::minutes afterwards{10};

    workspace_remover(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                      platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                      platform_resolver& resolver) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, grants_{store, keys,   catalog, client,
                                                             clock, chosen, resolver} {}

    // How many workspaces are gone now. Many rows are many small batches, so that others get in between.
    runtime::task<outcome<std::size_t>> run();

  private:
    runtime::task<outcome<bool>> remove(storage::workspace const& row);
    runtime::task<outcome<void>> part_with_accounts(crypto::workspace_id workspace);
    runtime::task<outcome<void>> part_with(storage::write_batch& batch, storage::account const& row);
    runtime::task<outcome<bool>> owes(crypto::workspace_id workspace);
    template <class Table, class Record>
    runtime::task<outcome<void>> remove_records(storage::key_range range);
    runtime::task<outcome<void>> remove_rows(storage::family where, crypto::workspace_id workspace);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    grants grants_;
};

} // namespace connectd::server::services
