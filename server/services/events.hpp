// The log of what happened in a workspace, for those who read it by themselves.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/events.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

struct event_view {
    crypto::event_id id;
    std::string type;
    runtime::sys_ms created_at;
    std::optional<crypto::account_id> account;
    std::string data; // JSON text of an object
};

event_view view(storage::event record);

struct event_filter {
    std::optional<std::string> type;
    std::optional<std::string> account_id;
};

// Which events of a workspace, and how much of its log has been seen.
struct event_feed {
    std::optional<std::string> type;
    std::optional<crypto::account_id> account;
    std::optional<storage::event_place> seen; // none: not even the first
    bool behind = false;                      // there was more than could be looked at
};

class events {
  public:
    explicit events(storage::kv& store) noexcept : store_{store} {}

    // Errors: event_not_found.
    runtime::task<outcome<event_view>> get(crypto::workspace_id workspace, std::string id);

    // In the order in which the changes were stored, from behind the event `after` or from the first. A
    // reader that goes on from the last event it has seen misses none. Errors: field_invalid (the cursor, a
    // type that does not exist, both `after` and a cursor), account_not_found, event_not_found (`after`).
    runtime::task<outcome<listing<event_view>>> list(crypto::workspace_id workspace, event_filter wanted,
                                                     std::optional<std::string> after, page_request page);

    // From behind the event `after`, or from now on. Errors: as those of list.
    runtime::task<outcome<event_feed>> follow(crypto::workspace_id workspace, event_filter wanted,
                                              std::optional<std::string> after);

    // What has come since, and moves the feed past it; nothing where there is nothing yet. `feed` outlives
    // the call. Errors: those of the store.
    runtime::task<outcome<std::vector<event_view>>> next(crypto::workspace_id workspace, event_feed& feed,
                                                         std::size_t most);

  private:
    storage::kv& store_;
};

} // namespace connectd::server::services
