// Brings one endpoint its next event: finds it, sends it, and writes what came of it in one commit.
//
// The next one is what was asked for once more, oldest first, and otherwise the first event behind the
// endpoint's place in the log that it wants and its form has a word for. Nothing is written before the answer
// is there: what a crash cuts off is sent again, with the same webhook-id.
//
// Belongs to the background thread; holds references only. One step of an endpoint at a time; steps of
// different endpoints may overlap.
#pragma once

#include "crypto/id.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/vault.hpp"
#include "server/services/webhooks/message.hpp"
#include "storage/kv.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/webhooks.hpp"

#include <chrono>
#include <optional>

namespace connectd::server::services::webhooks {

struct endpoint_name {
    crypto::workspace_id workspace;
    crypto::webhook_id webhook;
};

class courier {
  public:
    static constexpr std::chrono::seconds timeout{15}; // of an attempt, all of it

    courier(storage::kv& store, vault& keys, platforms::http::client& client, runtime::clock const& clock,
            forms const& known) noexcept
        : store_{store}, keys_{keys}, client_{client}, clock_{clock}, forms_{known} {}

    enum class state {
        moved,  // a delivery has ended, or others changed the endpoint meanwhile: look again
        waits,  // until `next`: the last attempt failed
        idle,   // there is nothing to send, or it is not active
        absent, // there is no such endpoint any more
    };
    // One that was made. Over and not delivered: the endpoint is disabled with it.
    struct attempt {
        bool delivered = false;
        bool over = false; // and written; otherwise the event is sent again
        bool gone = false; // it said that it wants no more
    };
    struct report {
        state how = state::idle;
        std::optional<runtime::sys_ms> next = {};
        // How far the log has been looked through; the next step may start there.
        storage::event_place passed = {};
        std::optional<attempt> made = {};
    };
    // `passed` is that of the last report, or none. Errors: those of the store and of the vault;
    // operation_aborted when the HTTP client is shut down.
    runtime::task<outcome<report>> step(endpoint_name which, storage::event_place passed);

  private:
    struct held {
        storage::stored<storage::webhook> row;
        storage::stored<storage::webhook_lane> lane;
    };
    struct parcel {
        storage::event what;
        std::optional<storage::stored<storage::delivery>> known;
        std::optional<storage::event_place> place; // of the log; none for what was asked for
    };
    struct search {
        std::optional<parcel> found;
        storage::event_place passed;
    };
    runtime::task<outcome<std::optional<parcel>>> find_queued(endpoint_name which);
    runtime::task<outcome<search>> find_logged(storage::webhook row, storage::event_place after);
    runtime::task<outcome<std::optional<parcel>>> fetch(storage::webhook row, storage::event_place place);
    runtime::task<outcome<report>> send(held endpoint, parcel next);
    runtime::task<outcome<report>> settle(held endpoint, parcel next, verdict came);
    runtime::task<outcome<void>> keep_place(storage::stored<storage::webhook_lane> lane,
                                            storage::event_place passed);

    storage::kv& store_;
    vault& keys_;
    platforms::http::client& client_;
    runtime::clock const& clock_;
    forms const& forms_;
};

} // namespace connectd::server::services::webhooks
