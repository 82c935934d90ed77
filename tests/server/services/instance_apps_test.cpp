#include "server/services/app_secret.hpp"
#include "server/services/instance_apps.hpp"
#include "storage/tables/accounts.hpp"
#include "tests/server/services/support.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace connectd::server::services::testing {
namespace {

constexpr auto origin = "https://social.example";

using forget_outcome = instance_apps::forget_outcome;

template <class World>
struct apps_of : World {
    workspace_view owner = this->workspace();

    runtime::task<outcome<storage::credentials>> ask(std::vector<std::string> scopes = {}) {
        return this->instances.app_at(owner.id, *this->catalog.find("mastodon"), origin, std::move(scopes));
    }
    storage::credentials app(std::vector<std::string> scopes = {}) {
        return this->ok(ask(std::move(scopes)));
    }

    void expect_registration(std::string id, std::vector<std::string> const& scopes = {
                                                 "profile", "write:statuses", "write:media"}) {
        boost::json::object const made{{"client_id", id},
                                       {"client_secret", "the-secret-of-" + id},
                                       {"scopes", boost::json::array(scopes.begin(), scopes.end())}};
        this->client.answer(200, boost::json::serialize(made));
    }
    void connect_account(crypto::credentials_id with) {
        storage::account row;
        row.id = crypto::account_id::make(this->clock.now());
        row.workspace = owner.id;
        row.profile = owner.default_profile;
        row.platform = "mastodon";
        row.platform_user_id = "7";
        row.credentials = with;
        storage::write_batch batch;
        storage::accounts::create(batch, row);
        this->read(this->store.commit(std::move(batch)));
    }
    std::size_t stored() { return this->ok(this->credentials.list(owner.id, "mastodon", {})).items.size(); }
};

using instance_apps_fixture = apps_of<world>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(instance_apps_test, instance_apps_fixture)

BOOST_AUTO_TEST_CASE(an_app_is_registered_once_and_kept_sealed) {
    expect_registration("app-1");
    auto const first = app();
    BOOST_TEST(first.registered);
    BOOST_TEST(first.instance == origin);
    BOOST_TEST(first.redirect_uri == "https://connect.example/v1/connect/callback/mastodon");
    BOOST_TEST(!holds(store, "the-secret-of-app-1"));
    BOOST_TEST(ok(open_app(store, keys, chosen, {owner.id, first.id}, clock.now())).client_secret.reveal() ==
               "the-secret-of-app-1");
    BOOST_TEST(client.sent.front().user_given_url);
    // All that is known of it lies in the store: after a restart nobody asks again.
    runtime::keyed_turns turns;
    instance_apps later{store, keys, client, clock, chosen, turns};
    BOOST_TEST((ok(later.app_at(owner.id, *catalog.find("mastodon"), origin, {})).id == first.id));
    BOOST_TEST(client.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(two_that_need_it_at_the_same_time_register_once) {
    apps_of<interleaved_world> busy;
    busy.expect_registration("app-1");
    auto const one = tests::start(busy.io, busy.ask());
    auto const two = tests::start(busy.io, busy.ask());
    auto const first = tests::finish(busy.io, one);
    auto const second = tests::finish(busy.io, two);
    BOOST_TEST((first.value().id == second.value().id));
    BOOST_TEST(busy.client.sent.size() == 1U);
    BOOST_TEST(busy.stored() == 1U);
}

BOOST_AUTO_TEST_CASE(workspaces_and_instances_have_apps_of_their_own) {
    expect_registration("app-1");
    auto const first = app();
    expect_registration("app-2");
    auto const& mastodon = *catalog.find("mastodon");
    BOOST_TEST(ok(instances.app_at(workspace("other").id, mastodon, origin, {})).client_id == "app-2");
    expect_registration("app-3");
    BOOST_TEST(ok(instances.app_at(owner.id, mastodon, "https://other.example", {})).client_id == "app-3");
    BOOST_TEST((app().id == first.id));
}

BOOST_AUTO_TEST_CASE(who_wants_more_gets_an_app_that_covers_what_was_asked_for_before) {
    expect_registration("app-1");
    auto const first = app();
    expect_registration("app-2", {"profile", "write:statuses", "write:media", "follow"});
    auto const more = app({"follow"});
    BOOST_TEST((more.id != first.id));
    BOOST_TEST(client.sent.back().body.find("write%3Astatuses") != std::string::npos,
               client.sent.back().body);
    BOOST_TEST((app().id == more.id)); // which is the default now
    BOOST_TEST(stored() == 2U);        // the other one stays for its accounts
}

BOOST_AUTO_TEST_CASE(a_scope_that_the_instance_does_not_know_is_named) {
    expect_registration("app-1");
    auto const why = failed(ask({"profile", "sing"}));
    BOOST_TEST(why.code == make_error_code(errc::field_invalid));
    BOOST_TEST(why.field == "scopes/1");
    BOOST_TEST(stored() == 0U);
}

BOOST_AUTO_TEST_CASE(an_older_instance_serves_with_the_scopes_it_knows) {
    client.answer(422, R"({"error":"Scopes doesn't match"})");
    expect_registration("app-1", {"read:accounts", "write:statuses", "write:media"});
    auto const old = app();
    auto const scopes = scopes_through(old, *catalog.find("mastodon"), {});
    BOOST_REQUIRE(scopes.has_value());
    BOOST_TEST(scopes->front() == "read:accounts");
    BOOST_TEST((app().id == old.id));
}

BOOST_AUTO_TEST_CASE(what_is_no_instance_is_the_callers_fault_and_what_is_down_is_not) {
    client.answer(404, "<html>");
    auto const wrong = failed(ask());
    BOOST_TEST(wrong.code == make_error_code(errc::field_invalid));
    BOOST_TEST(wrong.field == "instance");
    client.fail(platforms::errc::address_refused);
    BOOST_TEST(failed(ask()).field == "instance");
    client.answer(503, "");
    BOOST_TEST(refusal(ask()) == errc::platform_unavailable);
    BOOST_TEST(stored() == 0U);
    expect_registration("app-1");
    BOOST_TEST(app().client_id == "app-1"); // the turn was given back each time
}

BOOST_AUTO_TEST_CASE(an_app_for_another_address_of_ours_is_replaced) {
    expect_registration("app-1");
    app();
    chosen.public_url = "https://moved.example";
    expect_registration("app-2");
    BOOST_TEST(app().client_id == "app-2");
}

BOOST_AUTO_TEST_CASE(an_app_that_was_forgotten_makes_room_for_a_new_one) {
    expect_registration("app-1");
    auto const unused = app();
    BOOST_TEST((ok(instances.forget(owner.id, unused.id)) == forget_outcome::forgotten));
    BOOST_TEST(stored() == 0U);
    BOOST_TEST((ok(instances.forget(owner.id, unused.id)) == forget_outcome::kept));
    expect_registration("app-2");
    auto const used = app();
    connect_account(used.id);
    BOOST_TEST((ok(instances.forget(owner.id, used.id)) == forget_outcome::forgotten));
    BOOST_TEST(stored() == 1U);
    expect_registration("app-3");
    BOOST_TEST(app().client_id == "app-3");
}

BOOST_AUTO_TEST_CASE(credentials_stored_by_hand_are_never_replaced_or_forgotten) {
    auto const own = ok(credentials.create(owner.id, {.platform = "mastodon",
                                                      .client_id = "own",
                                                      .client_secret = crypto::secret::copy_of("s"),
                                                      .name = {},
                                                      .instance = "social.example"}));
    BOOST_TEST((app({"anything"}).id == own.id));
    BOOST_TEST((ok(instances.forget(owner.id, own.id)) == forget_outcome::kept));
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
