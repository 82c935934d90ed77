// What was sent to the endpoints of a workspace, for their owner: what became of it, and sending it again.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/event_bell.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/webhooks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace connectd::server::services::webhooks {

struct delivery_view {
    crypto::event_id event; // and the webhook-id of all its attempts
    std::string type;
    std::string status;
    std::uint32_t attempts = 0;
    std::uint32_t http_status = 0; // of the last answer; 0 where none came
    std::string error;
    runtime::sys_ms created_at;
    std::optional<runtime::sys_ms> last_attempt_at;
    std::optional<runtime::sys_ms> next_attempt_at;
};

class delivery_log {
  public:
    delivery_log(storage::kv& store, runtime::clock const& clock, event_bell const& bell) noexcept
        : store_{store}, clock_{clock}, bell_{bell} {}

    // Errors of all of these: webhook_not_found.

    // Latest event first; what was not attempted yet is not among them. Also: field_invalid (the cursor, a
    // status that does not exist).
    runtime::task<outcome<listing<delivery_view>>> list(crypto::workspace_id workspace, std::string webhook,
                                                        std::optional<std::string> status, page_request page);

    // Once more, beside the order of the others and before them. One that waits for its next attempt does not
    // wait any more. Also: delivery_not_found, webhook_not_active, changed_meanwhile.
    runtime::task<outcome<delivery_view>> redeliver(crypto::workspace_id workspace, std::string webhook,
                                                    std::string event);

    // All that were given up, of events since then; answers how many. Also: webhook_not_active,
    // changed_meanwhile.
    runtime::task<outcome<std::size_t>> redeliver_failed(crypto::workspace_id workspace, std::string webhook,
                                                         runtime::sys_ms since);

    // Sends a webhook.test event to this endpoint alone. Also: webhook_not_active.
    runtime::task<outcome<delivery_view>> send_test(crypto::workspace_id workspace, std::string webhook);

  private:
    runtime::task<outcome<storage::webhook>> find(crypto::workspace_id workspace, std::string webhook,
                                                  bool active);
    runtime::task<outcome<void>> hurry(storage::webhook const& row, storage::write_batch& batch);
    runtime::task<outcome<void>> commit(storage::write_batch batch);

    storage::kv& store_;
    runtime::clock const& clock_;
    event_bell const& bell_;
};

} // namespace connectd::server::services::webhooks
