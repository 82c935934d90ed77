// Everything that has happened to one account: its events and what was done to it, in one line. It outlives
// the account.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/task.hpp"
#include "server/services/audit.hpp"
#include "server/services/error.hpp"
#include "server/services/events.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"

#include <string>
#include <variant>

namespace connectd::server::services {

using timeline_item = std::variant<event_view, audit_view>;

class timeline {
  public:
    explicit timeline(storage::kv& store) noexcept : store_{store} {}

    // Oldest first, in the order of the commits. A page looks at 1000 events and 1000 entries of the
    // workspace at most, so it can be short, even empty, and still have a cursor. Errors: account_not_found
    // (and nothing was ever heard of it), field_invalid (the cursor).
    runtime::task<outcome<listing<timeline_item>>> list(crypto::workspace_id workspace, std::string account,
                                                        page_request page);

  private:
    struct place;
    struct stretch;

    runtime::task<outcome<stretch>> look(crypto::workspace_id workspace, crypto::account_id account,
                                         place from);
    runtime::task<outcome<std::vector<timeline_item>>> fetch(crypto::workspace_id workspace,
                                                             stretch const& found);

    storage::kv& store_;
};

} // namespace connectd::server::services
