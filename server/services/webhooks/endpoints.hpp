// Webhook endpoints: where a workspace wants its events sent.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/event_bell.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "server/services/webhooks/endpoint_input.hpp"
#include "server/services/webhooks/form.hpp"
#include "storage/kv.hpp"
#include "storage/tables/webhooks.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services::webhooks {

struct endpoint_view {
    crypto::webhook_id id;
    std::string url;
    std::string form;
    std::string description;
    std::vector<std::string> types; // in the words of the form; none: all
    std::optional<crypto::profile_id> profile;
    std::string secret_hint;
    std::string status;
    std::string status_cause;
    std::optional<runtime::sys_ms> previous_secret_until; // both secrets sign until then
    std::optional<runtime::sys_ms> failing_since;
    std::optional<runtime::sys_ms> next_attempt_at; // while it fails
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
    std::uint64_t version = 0; // of its row; not in lists
};

// What an endpoint is for good.
struct endpoint_kind {
    std::string form{native_form.name};
};

// The only moments at which the secret is told.
struct told_secret {
    endpoint_view view;
    crypto::secret secret;
};

class endpoints {
  public:
    static constexpr std::size_t most = 50; // of one workspace

    endpoints(storage::kv& store, vault& keys, runtime::clock const& clock, settings const& chosen,
              event_bell const& bell, forms const& known) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, settings_{chosen}, bell_{bell}, forms_{known} {}

    // It gets the events that are stored from now on. Errors: field_invalid, profile_not_found,
    // feature_not_in_plan, webhooks_full.
    runtime::task<outcome<told_secret>> create(crypto::workspace_id workspace, endpoint_wish wanted,
                                               endpoint_kind kind = {});

    // Oldest first. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<endpoint_view>>> list(crypto::workspace_id workspace, page_request page);

    // Errors of these: webhook_not_found.
    runtime::task<outcome<endpoint_view>> get(crypto::workspace_id workspace, std::string id);
    // What waits is judged by the types and the profile as they are then; a new secret is a rotation. Also:
    // field_invalid, profile_not_found, precondition_failed, changed_meanwhile.
    runtime::task<outcome<endpoint_view>> update(crypto::workspace_id workspace, std::string id,
                                                 endpoint_wish wanted, seen_version seen = {});
    // Also: changed_meanwhile.
    runtime::task<outcome<told_secret>> rotate(crypto::workspace_id workspace, std::string id);
    // Events wait until it is resumed. Also: changed_meanwhile, webhook_not_active (a disabled one).
    runtime::task<outcome<endpoint_view>> pause(crypto::workspace_id workspace, std::string id);
    // Goes on with the first event that has not been sent or, with `skip_missed`, with the next that happens.
    // Of an active one: tries at once. Also: changed_meanwhile.
    runtime::task<outcome<endpoint_view>> resume(crypto::workspace_id workspace, std::string id,
                                                 bool skip_missed);
    // What was sent to it is forgotten with it, in the background. Also: precondition_failed,
    // changed_meanwhile.
    runtime::task<outcome<void>> remove(crypto::workspace_id workspace, std::string id,
                                        seen_version seen = {});

  private:
    struct held {
        storage::stored<storage::webhook> row;
        storage::stored<storage::webhook_lane> lane;
    };
    runtime::task<outcome<held>> find(crypto::workspace_id workspace, std::string id, seen_version seen = {});
    runtime::task<outcome<void>> check_room(crypto::workspace_id workspace);
    runtime::task<outcome<void>> bind(storage::webhook& row, std::optional<std::string> profile_id);
    runtime::task<outcome<void>> turn(storage::webhook& row, storage::webhook_lane& lane,
                                      std::optional<bool> on);
    runtime::task<outcome<void>> move_to_end(storage::webhook_lane& lane);
    runtime::task<outcome<void>> give_up_retrying(storage::write_batch& batch, storage::webhook const& row);
    // Writes the changed row, and the lane where it changed, and rings.
    runtime::task<outcome<endpoint_view>> write(held before, storage::webhook row,
                                                storage::webhook_lane lane);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    settings const& settings_;
    event_bell const& bell_;
    forms const& forms_;
};

} // namespace connectd::server::services::webhooks
