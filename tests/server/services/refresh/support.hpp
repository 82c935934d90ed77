// What the tests of refreshing stand on: an account with tokens of a platform, the refresher over a client
// that answers what the test says, and what the store and the events say afterwards.
#pragma once

#include "platforms/catalog.hpp"
#include "server/runtime/metrics.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/refresh/meters.hpp"
#include "server/services/refresh/refresher.hpp"
#include "server/services/refresh/spender.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/refresh_due.hpp"
#include "tests/server/services/support.hpp"
#include "tests/storage/support.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <memory>

namespace connectd::server::services::refresh {

inline std::ostream& boost_test_print_type(std::ostream& out, result how) {
    constexpr char const* names[] = {"refreshed", "refused",      "operator_fault", "temporary",
                                     "unknown",   "not_possible", "untouched",      "broken"};
    return out << names[static_cast<std::size_t>(how)];
}

namespace testing {

using namespace services::testing;
using std::chrono::days;

// Platforms of every model, as an operator would write them; X and Bluesky are the built-in ones.
inline platforms::catalog test_catalog() {
    storage::testing::scratch_folder const folder;
    auto const write = [&](std::string const& name, std::string const& refresh) {
        std::ofstream{folder.path() / (name + ".json")}
            << R"({"name":")" << name << R"(","title":"The )" << name << R"(","endpoints":{
                "authorize_url":"https://)"
            << name << R"(.example/a","token_url":"https://)" << name
            << R"(.example/t","identity_url":"https://)" << name
            << R"(.example/me"},"identity":{"id":"/id","username":"/name"},"token":{"reply":{"extras":{"open_id":
                "/open_id"}}},"refresh":)"
            << refresh << "}";
    };
    write("stays", R"({"model":"static","access_lifetime":5184000,"lead_time":604800})");
    write("hourly", R"({"model":"static","access_lifetime":3600})");
    write("extends", R"({"model":"extend","method":"GET","token_parameter":"access_token",
        "authentication":"none","access_lifetime":5184000,"lead_time":604800,"minimum_age":86400})");
    write("relogin", R"({"model":"relogin","access_lifetime":5184000})");
    auto loaded = platforms::load_catalog({.folder = folder.path(), .endpoint_overrides = {}});
    for (auto const& problem : loaded.problems) {
        BOOST_ERROR(to_string(problem));
    }
    return std::move(*loaded.loaded);
}

template <class Store>
struct refresh_world : basic_world<Store> {
    using basic_world<Store>::catalog;
    using basic_world<Store>::chosen;
    using basic_world<Store>::client;
    using basic_world<Store>::clock;
    using basic_world<Store>::io;
    using basic_world<Store>::keys;
    using basic_world<Store>::ok;
    using basic_world<Store>::read;
    using basic_world<Store>::store;

    refresh_world() { catalog = test_catalog(); }

    workspace_view owner = this->workspace();
    credentials_view app = this->x_app(owner.id);
    account_commit commits{store, keys, clock, this->refreshes};
    runtime::metrics_registry metrics;
    meters counted{metrics};
    spender spends{store, keys, catalog, client, clock, chosen, this->resolver, 32};
    runtime::task_group tasks{io.get_executor(), "refreshes"};
    refresher refreshes_one{spends, counted, tasks};
    crypto::account_id id;

    new_connection connection(std::string platform = "x", std::optional<std::string> refresh = "refresh-1") {
        new_connection made;
        made.workspace = owner.id;
        made.profile = owner.default_profile;
        made.credentials = platform == "bluesky" ? crypto::credentials_id{} : app.id;
        made.platform = catalog.find(platform);
        auto& account = made.accounts.emplace_back();
        account.tokens.access_token = crypto::secret::copy_of("access-1");
        if (refresh) {
            account.tokens.refresh_token = crypto::secret::copy_of(*refresh);
        }
        account.who = {.id = "7", .username = "seven", .display_name = "Seven", .avatar_url = {}};
        made.grant_owner = "7";
        made.asked_scopes = {"tweet.read"};
        return made;
    }
    void connect(new_connection made) { id = ok(commits.store(std::move(made))).front().id; }
    void connect(std::string platform = "x") { connect(connection(std::move(platform))); }

    report refresh_now(order what) {
        auto const flight = tests::start(io, refreshes_one.refresh(what));
        return tests::finish(io, flight);
    }
    report ask() { return refresh_now({.workspace = owner.id, .account = id}); }
    report by_timer() { return refresh_now({.workspace = owner.id, .account = id, .by_timer = true}); }
    // Time passes until the account is due.
    report when_due() {
        clock.set(account().next_refresh_at.value());
        return by_timer();
    }

    storage::account account() { return read(storage::accounts::get(store, owner.id, id)).value().record; }
    storage::token token() { return read(storage::tokens::get(store, owner.id, id)).value().record; }
    platforms::token_set tokens() { return ok(open_token(keys, token())); }
    std::string access() { return std::string{tokens().access_token.reveal()}; }
    std::string refresh_token() { return std::string{tokens().refresh_token.value().reveal()}; }
    std::vector<storage::refresh_due> dues() {
        return read(storage::refresh_dues::list_due(store, clock.now() + days{1000}, {}, 100)).items;
    }
    std::vector<storage::event> all_events() {
        return read(storage::events::list_after(store, owner.id, {}, 1000)).items;
    }
    // Their types since the account was connected, in one line.
    std::string told() {
        std::string types;
        for (auto const& each : all_events()) {
            if (each.type != "account.connected") {
                types += (types.empty() ? "" : " ") + each.type;
            }
        }
        return types;
    }
    // A member of the last event's data, as text.
    std::string last_event(std::string_view member) {
        auto const data = boost::json::parse(all_events().back().data);
        auto const* found = data.as_object().if_contains(member);
        if (found == nullptr) {
            return "not there";
        }
        return found->is_string() ? std::string{found->get_string()} : boost::json::serialize(*found);
    }
    storage::credentials app_row() {
        return read(storage::credentials_table::get(store, owner.id, app.id)).value().record;
    }

    void answer_tokens(std::string const& number, std::string const& more = {}) {
        client.answer(200, R"({"access_token":"access-)" + number + R"(","refresh_token":"refresh-)" +
                               number + R"(","expires_in":7200)" + more + "}");
    }
    void refuse() { client.answer(400, R"({"error":"invalid_grant"})"); }
};

using plain_world = refresh_world<storage::memory_store>;
using contested_world = refresh_world<interleaved_store>;

} // namespace testing
} // namespace connectd::server::services::refresh
