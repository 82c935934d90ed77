#include "server/services/app_secret.hpp"
#include "server/services/credentials.hpp"
#include "server/services/credentials_sweeper.hpp"
#include "storage/tables/accounts.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct credentials_fixture : world {
    using removal = services::credentials::removal;

    crypto::workspace_id owner = workspace().id;

    std::optional<std::string> default_id(crypto::workspace_id of) {
        std::optional<std::string> found;
        for (auto const& item : ok(credentials.list(of, "x", {})).items) {
            if (item.is_default) {
                BOOST_TEST(!found.has_value(), "there are two defaults");
                found = item.id.to_string();
            }
        }
        return found;
    }

    void store_account_using(crypto::credentials_id app) {
        storage::write_batch batch;
        storage::account row;
        row.id = crypto::account_id::make(clock.now());
        row.workspace = owner;
        row.profile = crypto::profile_id::make(clock.now());
        row.platform = "x";
        row.platform_user_id = "7";
        row.credentials = app;
        storage::accounts::create(batch, row);
        read(store.commit(std::move(batch)));
    }

    std::string wrong_field(new_credentials input) {
        auto const why = failed(credentials.create(owner, std::move(input)));
        BOOST_TEST(why.code == make_error_code(errc::field_invalid));
        return why.field;
    }
};

crypto::secret secret_text(std::string_view text) {
    return crypto::secret::copy_of(text);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(credentials_test, credentials_fixture)

BOOST_AUTO_TEST_CASE(the_secret_is_sealed_and_opens_for_a_call) {
    auto const made = x_app(owner, "client-1", "a-very-secret-secret");
    BOOST_TEST(made.has_secret);
    BOOST_TEST(made.name == "X");
    BOOST_TEST(made.redirect_uri == "https://connect.example/v1/connect/callback/x");
    BOOST_TEST(!holds(store, "a-very-secret-secret"));
    auto const opened = ok(open_app(store, keys, chosen, {owner, made.id}, clock.now()));
    BOOST_TEST(opened.client_id == "client-1");
    BOOST_TEST(opened.client_secret.reveal() == "a-very-secret-secret");
}

BOOST_AUTO_TEST_CASE(a_secret_may_hold_all_that_the_standard_allows) {
    std::string all;
    for (char c = ' '; c <= '~'; ++c) {
        all += c;
    }
    auto const made = x_app(owner, "client-1", all);
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, made.id}, clock.now())).client_secret.reveal() ==
               all);
}

BOOST_AUTO_TEST_CASE(a_public_client_has_no_secret) {
    auto const made = x_app(owner, "public", "");
    BOOST_TEST(!made.has_secret);
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, made.id}, clock.now())).client_secret.empty());
}

BOOST_AUTO_TEST_CASE(deleted_credentials_do_not_open) {
    auto const made = x_app(owner);
    ok(credentials.remove(owner, made.id.to_string(), removal::if_unused));
    BOOST_TEST(refusal(open_app(store, keys, chosen, {owner, made.id}, clock.now())) ==
               errc::credentials_missing);
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, {}}, clock.now())).client_id.empty());
}

BOOST_AUTO_TEST_CASE(the_first_is_the_default_and_hands_it_on_when_it_goes) {
    auto const first = x_app(owner, "1");
    clock.advance(1ms);
    auto const second = x_app(owner, "2");
    clock.advance(1ms);
    auto const third = x_app(owner, "3");
    BOOST_TEST(first.is_default);
    BOOST_TEST(!second.is_default);
    BOOST_TEST((default_id(owner) == first.id.to_string()));
    ok(credentials.remove(owner, second.id.to_string(),
                          removal::if_unused)); // not the default: nothing moves
    BOOST_TEST((default_id(owner) == first.id.to_string()));
    ok(credentials.remove(owner, first.id.to_string(), removal::if_unused));
    BOOST_TEST((default_id(owner) == third.id.to_string()));
    ok(credentials.remove(owner, third.id.to_string(), removal::if_unused));
    BOOST_TEST(!default_id(owner).has_value());
    BOOST_TEST(x_app(owner, "4").is_default);
}

BOOST_AUTO_TEST_CASE(credentials_in_use_go_only_by_force) {
    auto const app = x_app(owner);
    store_account_using(app.id);
    BOOST_TEST(refusal(credentials.remove(owner, app.id.to_string(), removal::if_unused)) ==
               errc::credentials_in_use);
    BOOST_TEST(ok(credentials.list(owner, {}, {})).items.size() == 1U);
    ok(credentials.remove(owner, app.id.to_string(), removal::forced));
    BOOST_TEST(ok(credentials.list(owner, {}, {})).items.empty());
}

BOOST_AUTO_TEST_CASE(an_app_takes_the_place_of_another_or_nothing_changes) {
    auto const small = workspace("narrow", "small").id; // one slot
    auto const wish = [](std::string client, crypto::credentials_id before) {
        return new_credentials{.platform = "x",
                               .client_id = std::move(client),
                               .client_secret = secret_text("s"),
                               .name = {},
                               .replaces = before.to_string()};
    };
    auto const first = x_app(small);
    auto const second = ok(credentials.create(small, wish("client-2", first.id)));
    BOOST_TEST(second.is_default);
    BOOST_TEST((default_id(small) == second.id.to_string()));
    BOOST_TEST(refusal(credentials.get(small, first.id.to_string())) == errc::credentials_not_found);

    chosen.plans["small"].credential_slots = 0;
    BOOST_TEST(refusal(credentials.create(small, wish("client-3", second.id))) == errc::feature_not_in_plan);
    BOOST_TEST((default_id(small) == second.id.to_string()));

    // Accounts keep the app that they came by.
    auto const used = x_app(owner);
    store_account_using(used.id);
    auto const next = ok(credentials.create(owner, wish("client-2", used.id)));
    BOOST_TEST((default_id(owner) == next.id.to_string()));
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, used.id}, clock.now())).client_id == "client-1");
    BOOST_TEST(ok(credentials.list(owner, {}, {})).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(retired_credentials_serve_their_accounts_and_nobody_else) {
    auto const app = x_app(owner, "1");
    clock.advance(1ms);
    auto const other = x_app(owner, "2");
    store_account_using(app.id);
    ok(credentials.remove(owner, app.id.to_string(), removal::retiring));
    BOOST_TEST((default_id(owner) == other.id.to_string()));
    BOOST_TEST(ok(credentials.list(owner, {}, {})).items.size() == 1U);
    BOOST_TEST(refusal(credentials.get(owner, app.id.to_string())) == errc::credentials_not_found);
    session_wish named;
    named.credentials_id = app.id.to_string();
    BOOST_TEST(refusal(sessions.create(owner, named)) == errc::credentials_not_found);
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, app.id}, clock.now())).client_id == "1");
    credentials_sweeper sweeper{store, clock};
    BOOST_TEST(ok(sweeper.run()) == 0U);
    auto const rows = read(storage::accounts::list_by_credentials(store, owner, app.id, {}, 1));
    storage::write_batch batch;
    storage::accounts::erase(batch, rows.items.front());
    read(store.commit(std::move(batch)));
    BOOST_TEST(ok(sweeper.run()) == 1U);
    BOOST_TEST(refusal(open_app(store, keys, chosen, {owner, app.id}, clock.now())) ==
               errc::credentials_missing);
    ok(credentials.remove(owner, other.id.to_string(),
                          removal::retiring)); // nobody depends on it: it is gone
    BOOST_TEST(refusal(open_app(store, keys, chosen, {owner, other.id}, clock.now())) ==
               errc::credentials_missing);
}

BOOST_AUTO_TEST_CASE(the_secret_of_before_is_good_for_its_time_and_wiped_then) {
    auto const app = x_app(owner, "1", "the-old-secret");
    ok(credentials.rotate(owner, app.id.to_string(),
                          {.client_secret = secret_text("the-new-secret"), .overlap = 1h}));
    auto const both = ok(open_app(store, keys, chosen, {owner, app.id}, clock.now()));
    BOOST_TEST(both.client_secret.reveal() == "the-new-secret");
    BOOST_REQUIRE(both.previous_secret.has_value());
    BOOST_TEST(both.previous_secret->reveal() == "the-old-secret");
    credentials_sweeper sweeper{store, clock};
    BOOST_TEST(ok(sweeper.run()) == 0U);
    clock.advance(1h);
    BOOST_TEST(!ok(open_app(store, keys, chosen, {owner, app.id}, clock.now())).previous_secret.has_value());
    BOOST_TEST(ok(sweeper.run()) == 1U);
    BOOST_TEST(ok(sweeper.run()) == 0U);
    BOOST_TEST(!ok(credentials.get(owner, app.id.to_string())).previous_secret_until.has_value());
}

BOOST_AUTO_TEST_CASE(another_workspace_can_neither_see_nor_delete_them) {
    auto const app = x_app(owner);
    auto const other = workspace("other").id;
    BOOST_TEST(ok(credentials.list(other, {}, {})).items.empty());
    BOOST_TEST(refusal(credentials.remove(other, app.id.to_string(), removal::forced)) ==
               errc::credentials_not_found);
    BOOST_TEST(refusal(credentials.remove(owner, "app_nonsense", removal::forced)) ==
               errc::credentials_not_found);
    BOOST_TEST(ok(credentials.list(owner, {}, {})).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_plan_limits_how_many_there_are) {
    auto const small = workspace("small", "small").id;
    auto const first = x_app(small);
    BOOST_TEST(
        refusal(credentials.create(
            small, {.platform = "x", .client_id = "2", .client_secret = secret_text("s"), .name = {}})) ==
        errc::feature_not_in_plan);
    ok(credentials.remove(small, first.id.to_string(), removal::if_unused));
    x_app(small, "2");
}

BOOST_AUTO_TEST_CASE(a_plan_that_no_longer_exists_has_no_slots) {
    chosen.plans.erase("team");
    BOOST_TEST(
        refusal(credentials.create(
            owner, {.platform = "x", .client_id = "1", .client_secret = secret_text("s"), .name = {}})) ==
        errc::feature_not_in_plan);
}

BOOST_AUTO_TEST_CASE(input_is_checked) {
    auto const field = [&](std::string id, std::string_view secret, std::string name = {}) {
        return wrong_field({.platform = "x",
                            .client_id = std::move(id),
                            .client_secret = secret_text(secret),
                            .name = std::move(name)});
    };
    BOOST_TEST(field("", "s") == "client_id");
    BOOST_TEST(field("with space", "s") == "client_id");
    BOOST_TEST(field("line\nbreak", "s") == "client_id");
    BOOST_TEST(field(std::string(513, 'i'), "s") == "client_id");
    BOOST_TEST(field("i", "se\tcret") == "client_secret");
    BOOST_TEST(field("i", "s\x7f") == "client_secret");
    BOOST_TEST(field("i", std::string(4097, 's')) == "client_secret");
    BOOST_TEST(field("i", "s", std::string(201, 'n')) == "name");
    BOOST_TEST(field("i", "s", "a\x01") == "name");
    BOOST_TEST(wrong_field({.platform = "bluesky", .client_id = "i", .client_secret = {}, .name = {}}) ==
               "platform");
}

BOOST_AUTO_TEST_CASE(the_platform_must_exist_and_be_switched_on) {
    BOOST_TEST(refusal(credentials.create(
                   owner, {.platform = "nowhere", .client_id = "i", .client_secret = {}, .name = {}})) ==
               errc::platform_unknown);
    BOOST_TEST(ok(credentials.create(
                      owner, {.platform = "twitter", .client_id = "i", .client_secret = {}, .name = "Mine"}))
                   .platform == "x");
    chosen.disabled_platforms.insert("x");
    BOOST_TEST(refusal(credentials.create(
                   owner, {.platform = "x", .client_id = "i", .client_secret = {}, .name = {}})) ==
               errc::platform_not_available);
}

BOOST_AUTO_TEST_CASE(the_list_can_be_narrowed_to_a_platform_or_its_alias) {
    x_app(owner, "1");
    BOOST_TEST(ok(credentials.list(owner, "twitter", {})).items.size() == 1U);
    BOOST_TEST(ok(credentials.list(owner, "bluesky", {})).items.empty());
    BOOST_TEST(ok(credentials.list(owner, "nowhere", {})).items.empty());
    BOOST_TEST(failed(credentials.list(owner, {}, {.limit = 5, .cursor = "?"})).field == "cursor");
}

BOOST_AUTO_TEST_CASE(each_instance_has_a_default_of_its_own) {
    auto const at = [&](std::string instance) {
        clock.advance(1ms);
        return ok(credentials.create(owner, {.platform = "mastodon",
                                             .client_id = "i",
                                             .client_secret = secret_text("s"),
                                             .name = {},
                                             .instance = std::move(instance)}));
    };
    auto const first = at("a.example");
    auto const elsewhere = at("https://B.example/@ada");
    auto const second = at("a.example");
    BOOST_TEST(elsewhere.instance == "https://b.example");
    BOOST_TEST(first.is_default);
    BOOST_TEST(elsewhere.is_default);
    BOOST_TEST(!second.is_default);
    ok(credentials.remove(owner, first.id.to_string(), removal::if_unused));
    for (auto const& item : ok(credentials.list(owner, "mastodon", {})).items) {
        BOOST_TEST(item.is_default);
    }
    BOOST_TEST(
        wrong_field(
            {.platform = "x", .client_id = "i", .client_secret = {}, .name = {}, .instance = "a.example"}) ==
        "instance");
}

BOOST_AUTO_TEST_CASE(what_this_server_has_registered_takes_no_slot) {
    auto const small = workspace("small", "small").id;
    storage::write_batch batch;
    storage::credentials_table::create(batch, {.id = crypto::credentials_id::make(clock.now()),
                                               .workspace = small,
                                               .platform = "mastodon",
                                               .name = "Mastodon",
                                               .client_id = "i",
                                               .client_secret = {},
                                               .is_default = true,
                                               .registered = true});
    read(store.commit(std::move(batch)));
    BOOST_TEST(x_app(small).is_default);
}

BOOST_AUTO_TEST_CASE(an_app_may_say_how_it_proves_that_it_asked) {
    auto const with = [](std::string pkce) {
        return new_credentials{.platform = "tiktok",
                               .client_id = "i",
                               .client_secret = secret_text("s"),
                               .name = {},
                               .pkce = std::move(pkce)};
    };
    auto const made = ok(credentials.create(owner, with("S256-hex")));
    BOOST_TEST(made.pkce == "S256-hex");
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner, made.id}, clock.now())).pkce == "S256-hex");
    BOOST_TEST(wrong_field(with("S512")) == "pkce");
}

BOOST_AUTO_TEST_CASE(two_that_race_to_be_the_first_do_not_both_become_the_default) {
    interleaved_world busy;
    auto const id = busy.workspace().id;
    auto const ask = [&](std::string client_id) {
        return tests::start(
            busy.io,
            busy.credentials.create(
                id, {.platform = "x", .client_id = std::move(client_id), .client_secret = {}, .name = {}}));
    };
    auto const one = ask("1");
    auto const two = ask("2");
    auto const first = tests::finish(busy.io, one);
    auto const second = tests::finish(busy.io, two);
    BOOST_TEST((first.has_value() || second.has_value()));
    std::size_t defaults = 0;
    for (auto const& item : busy.ok(busy.credentials.list(id, {}, {})).items) {
        defaults += item.is_default ? 1U : 0U;
    }
    BOOST_TEST(defaults == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
