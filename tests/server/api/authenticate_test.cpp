#include "crypto/api_key.hpp"
#include "server/api/authenticate.hpp"
#include "server/runtime/task_group.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::api {
namespace {

using services::errc;

http::request with_header(std::string_view name, std::string_view value) {
    http::request asked;
    asked.headers.add(std::string{name}, std::string{value});
    return asked;
}

struct authenticate_fixture : services::testing::world {
    runtime::metrics_registry metrics;
    runtime::task_group tasks{io.get_executor(), "test"};
    services::event_bell bell;
    services::proxy::pauses pauses;
    runtime::keyed_turns audit_turns;
    services::idempotency_claims repeated;
    services::webhooks::forms forms;
    services::webhooks::tester webhook_tests{store, keys, clock, chosen, forms};
    services::shared common{store,       keys,      catalog, clock,        chosen,        claims,
                            revision,    refreshes, bell,    discoveries,  registrations, pauses,
                            audit_turns, repeated,  forms,   webhook_tests};
    services::all everything{common, client, tasks};
    services::event_hub streams{io.get_executor(), bell};
    http::rate_limiter limiter{{}};
    cors_rules cors{{}};
    context with{
        everything, streams, clock, metrics, limiter, cors, chosen.public_url, [] { return std::string{}; }};

    std::string live =
        std::string{ok(api_keys.create(services::testing::world::workspace().id.to_string(),
                                       {.name = "key", .scopes = std::vector<std::string>{"accounts:read"}}))
                        .key.reveal()};
    std::string root = install_root();

    std::string install_root() {
        auto const made = crypto::make_api_key(crypto::api_key_kind::root);
        ok(api_keys.install_root_key(made.text.clone()));
        return std::string{made.text.reveal()};
    }
    errc refused(std::string_view key, access needed, std::string_view scope = {}) {
        auto const asked = with_header("x-api-key", key);
        return refusal(authenticate(with, asked, needed, scope));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(authenticate_test, authenticate_fixture)

BOOST_AUTO_TEST_CASE(a_key_comes_in_one_of_three_headers) {
    BOOST_TEST(presented_key(with_header("Authorization", "Bearer k1")) == "k1");
    BOOST_TEST(presented_key(with_header("x-api-key", "k1")) == "k1");
    BOOST_TEST(presented_key(with_header("X-Access-Key", "k1")) == "k1");
    BOOST_TEST(presented_key(http::request{}).empty());
}

BOOST_AUTO_TEST_CASE(the_word_bearer_is_read_in_any_case) {
    for (std::string const value : {"bearer k1", "BEARER k1", "BeArEr k1", "Bearer   k1"}) {
        BOOST_TEST(presented_key(with_header("authorization", value)) == "k1", value);
    }
    for (std::string const value : {"Basic k1", "Bearer", "Bearer ", "Bearerk1", "k1", ""}) {
        BOOST_TEST(presented_key(with_header("Authorization", value)).empty(), value);
    }
}

BOOST_AUTO_TEST_CASE(authorization_comes_before_the_others) {
    auto both = with_header("x-api-key", "k2");
    both.headers.add("Authorization", "Bearer k1");
    BOOST_TEST(presented_key(both) == "k1");
}

BOOST_AUTO_TEST_CASE(an_open_route_asks_for_nothing) {
    auto const who = ok(authenticate(with, http::request{}, access::open, {}));
    BOOST_TEST(!who.root);
    BOOST_TEST(who.workspace.is_nil());
}

BOOST_AUTO_TEST_CASE(without_a_key_the_others_refuse) {
    http::request const nothing;
    BOOST_TEST(refusal(authenticate(with, nothing, access::root, {})) == errc::api_key_missing);
    BOOST_TEST(refusal(authenticate(with, nothing, access::workspace, "accounts:read")) ==
               errc::api_key_missing);
    BOOST_TEST(refused("nonsense", access::root) == errc::api_key_malformed);
}

BOOST_AUTO_TEST_CASE(root_and_workspace_keys_are_not_each_other) {
    BOOST_TEST(refused(live, access::root) == errc::root_key_required);
    BOOST_TEST(refused(root, access::workspace, "accounts:read") == errc::workspace_key_required);
    auto const asked = with_header("Authorization", "Bearer " + root);
    BOOST_TEST(ok(authenticate(with, asked, access::root, {})).root);
}

BOOST_AUTO_TEST_CASE(a_key_opens_the_routes_of_its_scopes) {
    auto const asked = with_header("Authorization", "Bearer " + live);
    BOOST_TEST(!ok(authenticate(with, asked, access::workspace, "accounts:read")).workspace.is_nil());
    BOOST_TEST(refused(live, access::workspace, "accounts:write") == errc::scope_missing);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api
