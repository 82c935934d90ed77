#include "server/services/platform_list.hpp"
#include "tests/platforms/support.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct platform_list_fixture : world {
    workspace_view owner = workspace();
    platform_list platforms{store, catalog, chosen};

    platform_view get(std::string name) { return ok(platforms.get(owner.id, std::move(name))); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(platform_list_test, platform_list_fixture)

BOOST_AUTO_TEST_CASE(a_platform_is_shown_as_its_file_describes_it) {
    auto const x = get("x");
    BOOST_TEST(x.title == "X");
    BOOST_TEST((x.aliases == std::vector<std::string>{"twitter"}));
    BOOST_TEST(x.connect == "oauth2");
    BOOST_TEST(x.client_authentication == "basic");
    BOOST_TEST(x.pkce == "S256");
    BOOST_TEST(x.redirect_uri == "https://connect.example/v1/connect/callback/x");
    BOOST_TEST(x.app_platform == "x");
    BOOST_TEST((std::ranges::find(x.scopes.required, "offline.access") != x.scopes.required.end()));
    BOOST_TEST(x.refresh.model == "rotating");
    BOOST_TEST((x.refresh.access_lifetime == 2h));
    BOOST_TEST(!x.refresh.refresh_lifetime.has_value());
    BOOST_TEST(x.can.refresh);
    BOOST_TEST(x.can.revoke);
    BOOST_TEST(!x.can.choose);
    BOOST_TEST(!x.wants_instance);
    BOOST_TEST(!x.wants_issuer);
}

BOOST_AUTO_TEST_CASE(a_platform_of_app_passwords_has_nothing_to_register) {
    auto const bluesky = get("bluesky");
    BOOST_TEST(bluesky.connect == "app_password");
    BOOST_TEST(bluesky.redirect_uri.empty());
    BOOST_TEST(!bluesky.needs_credentials);
    BOOST_TEST(bluesky.can.revoke);
}

BOOST_AUTO_TEST_CASE(what_a_session_or_an_app_must_name_is_told) {
    auto platform = tests::parsed(tests::made_up_platform);
    platform.refresh.model = platforms::refresh_model::relogin;
    platform.endpoints.revoke_url.clear();
    platform.endpoints.candidates_url = "https://chirp.example/pages";
    platform.app_platform = "warble";
    auto const single = view(platform, chosen);
    BOOST_TEST(!single.can.refresh);
    BOOST_TEST(!single.can.revoke);
    BOOST_TEST(single.can.choose);
    BOOST_TEST(single.app_platform == "warble");
    BOOST_TEST(single.needs_credentials);

    platform.instances = platforms::instance_kind::host;
    BOOST_TEST(view(platform, chosen).wants_instance);
    BOOST_TEST(!view(platform, chosen).needs_credentials); // this server registers at each instance
    platform.instances = platforms::instance_kind::issuer;
    BOOST_TEST(view(platform, chosen).wants_issuer);
    BOOST_TEST(view(platform, chosen).needs_credentials);
    platform.issuer = "https://login.example";
    BOOST_TEST(!view(platform, chosen).wants_issuer);
}

BOOST_AUTO_TEST_CASE(platforms_of_many_servers_can_be_connected) {
    auto const mastodon = get("mastodon");
    BOOST_TEST(mastodon.available);
    BOOST_TEST(mastodon.wants_instance);
    BOOST_TEST(!mastodon.needs_credentials);
    auto const oidc = get("oidc");
    BOOST_TEST(oidc.available);
    BOOST_TEST(oidc.wants_issuer);
    BOOST_TEST(!oidc.has_credentials);
}

BOOST_AUTO_TEST_CASE(each_workspace_sees_its_own_credentials) {
    BOOST_TEST(get("x").needs_credentials);
    BOOST_TEST(!get("x").has_credentials);
    x_app(owner.id);
    BOOST_TEST(get("x").has_credentials);
    BOOST_TEST(!ok(platforms.get(workspace("other").id, "x")).has_credentials);
}

BOOST_AUTO_TEST_CASE(one_that_is_switched_off_is_shown_as_such) {
    BOOST_TEST(get("x").available);
    chosen.disabled_platforms.insert("x");
    BOOST_TEST(!get("x").available);
    BOOST_TEST(get("bluesky").available);
}

BOOST_AUTO_TEST_CASE(aliases_lead_to_the_platform_and_unknown_names_nowhere) {
    BOOST_TEST(get("twitter").name == "x");
    BOOST_TEST(refusal(platforms.get(owner.id, "myspace")) == errc::platform_not_found);
}

BOOST_AUTO_TEST_CASE(the_list_goes_by_name_in_pages) {
    std::vector<std::string> names;
    page_request page{.limit = 1, .cursor = {}};
    do {
        auto const part = ok(platforms.list(owner.id, page));
        BOOST_REQUIRE_EQUAL(part.items.size(), 1U);
        names.push_back(part.items.front().name);
        page.cursor = part.next_cursor;
    } while (page.cursor);
    std::vector<std::string> all;
    for (auto const* platform : catalog.all()) {
        all.push_back(platform->name);
    }
    BOOST_TEST(names == all, boost::test_tools::per_element());
    BOOST_TEST(failed(platforms.list(owner.id, {.limit = 1, .cursor = "no-such"})).field == "cursor");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
