// What the tests of webhooks stand on: a workspace with an endpoint, events that happen when a test says so,
// and a courier over a client that answers what the test says.
#pragma once

#include "server/services/event_bell.hpp"
#include "server/services/webhooks/courier.hpp"
#include "server/services/webhooks/delivery_log.hpp"
#include "server/services/webhooks/endpoints.hpp"
#include "storage/tables/events.hpp"
#include "tests/server/services/support.hpp"

#include <algorithm>

namespace connectd::server::services::webhooks {

inline std::ostream& boost_test_print_type(std::ostream& out, courier::state how) {
    constexpr char const* names[] = {"moved", "waits", "idle", "absent"};
    return out << names[static_cast<std::size_t>(how)];
}

namespace testing {

using namespace services::testing;
using storage::delivery_status;

inline settings webhook_settings() {
    auto chosen = usual_settings();
    chosen.plans["team"].features.insert("webhooks");
    return chosen;
}

// A form with one word, whose header tells which attempt and which secret made it.
inline constexpr form terse_form{
    .name = "terse",
    .knows = [](std::string_view word) { return word == "hello" || word == "bye"; },
    .word_of = [](std::string_view type) -> std::string_view {
        return type == "account.connected" ? "hello" : std::string_view{};
    },
    .body = [](notice const& what) { return boost::json::object{{"say", what.word}}; },
    .headers = [](notice const&, attempt const& of) -> header_fields {
        return {{"terse-secret", std::string{of.secret().reveal()}}};
    },
    .make_secret = [] { return crypto::secret::copy_of("terse-secret-1"); }};

template <class Store>
struct webhook_world : runner {
    Store store;
    runtime::manual_clock clock{start_of_time};
    settings chosen = webhook_settings();
    vault keys{store, masters("a"), clock};
    tests::scripted_client client;
    api_key_revision revision{0};
    services::workspaces workspaces{store, keys, clock, chosen, revision};
    services::profiles profiles{store, clock};

    workspace_view workspace(std::string slug = "acme", std::string plan = "team") {
        return ok(workspaces.create({.slug = slug, .name = "Acme " + slug, .plan = plan}));
    }

    workspace_view owner = workspace();
    event_bell bell; // nobody listens
    forms known{{&terse_form}};
    endpoints hooks{store, keys, clock, chosen, bell, known};
    delivery_log log{store, clock, bell};
    courier brings{store, keys, client, clock, known};
    crypto::webhook_id id;
    crypto::secret secret;
    storage::event_place passed{};

    std::string name() const { return id.to_string(); }

    void make_hook(std::vector<std::string> types = {}, std::string url = "https://hooks.example/a") {
        auto made = ok(hooks.create(owner.id, {.url = std::move(url), .types = std::move(types)}));
        id = made.view.id;
        secret = std::move(made.secret);
    }

    void make_terse_hook(endpoint_wish wanted = {}) {
        wanted.url = "https://hooks.example/terse";
        auto made = ok(hooks.create(owner.id, std::move(wanted), {"terse"}));
        id = made.view.id;
        secret = std::move(made.secret);
    }

    crypto::event_id happens(std::string type = "account.connected",
                             std::string data = R"({"cause":"none"})") {
        clock.advance(1ms); // ids of one moment are in no order
        storage::event const what{.id = crypto::event_id::make(clock.now()),
                                  .workspace = owner.id,
                                  .type = std::move(type),
                                  .account = {},
                                  .data = std::move(data),
                                  .created_at = clock.now()};
        storage::write_batch batch;
        storage::events::create(batch, what);
        read(store.commit(std::move(batch)));
        return what.id;
    }

    courier::report step() {
        auto const came = ok(brings.step({owner.id, id}, passed));
        passed = came.passed;
        return came;
    }
    courier::state brought(unsigned status, platforms::http::header_list headers = {}) {
        client.answer(status, "", std::move(headers));
        return step().how;
    }
    // The pause after a failure passes.
    void wait_for_next() { clock.set(lane().next_attempt_at.value()); }

    storage::webhook row() { return read(storage::webhooks::get(store, owner.id, id)).value().record; }
    storage::webhook_lane lane() {
        return read(storage::webhook_lanes::get(store, owner.id, id)).value().record;
    }
    storage::delivery sent_of(crypto::event_id event) {
        return read(storage::deliveries::get(store, owner.id, id, event)).value().record;
    }
    bool was_sent(crypto::event_id event) {
        return read(storage::deliveries::get(store, owner.id, id, event)).has_value();
    }
    std::vector<storage::event> all_events() {
        return read(storage::events::list_after(store, owner.id, {}, 1000)).items;
    }
    // webhook-id of every request so far.
    std::vector<std::string> sent_ids() {
        std::vector<std::string> ids;
        for (auto const& each : client.sent) {
            ids.push_back(tests::header(each, "webhook-id"));
        }
        return ids;
    }
};

using plain_world = webhook_world<storage::memory_store>;
using contested_world = webhook_world<interleaved_store>;

} // namespace testing
} // namespace connectd::server::services::webhooks
