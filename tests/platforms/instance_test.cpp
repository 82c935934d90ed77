// Which server a user means, whatever the way of saying it, and the platform as it is there.
#include "platforms/instance.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;

struct typed_server {
    char const* typed;
    char const* origin;
};

std::ostream& operator<<(std::ostream& out, typed_server const& one) {
    return out << one.typed;
}

typed_server const servers[] = {
    {"mastodon.example", "https://mastodon.example"},
    {"Mastodon.Example", "https://mastodon.example"},
    {"mastodon.example/", "https://mastodon.example"},
    {"mastodon.example.", "https://mastodon.example"},
    {"  mastodon.example\r\n", "https://mastodon.example"},
    {"@ada@mastodon.example", "https://mastodon.example"},
    {"ada@mastodon.example", "https://mastodon.example"},
    {"acct:ada@mastodon.example", "https://mastodon.example"},
    {"@Ada@Mastodon.Example/", "https://mastodon.example"},
    {"https://mastodon.example", "https://mastodon.example"},
    {"https://Mastodon.example/@ada", "https://mastodon.example"},
    {"HTTPS://mastodon.example/@ada@elsewhere.example", "https://mastodon.example"},
    {"https://mastodon.example/@ada/1152?lang=de#top", "https://mastodon.example"},
    {"https://mastodon.example?x", "https://mastodon.example"},
    {"mastodon.example/@ada", "https://mastodon.example"},
    {"mastodon.example/users/ada", "https://mastodon.example"},
    {"social.mastodon-2.example", "https://social.mastodon-2.example"},
    // Typed as plain http, which nobody means.
    {"http://mastodon.example/@ada", "https://mastodon.example"},
    {"http://mastodon.example:80", "https://mastodon.example"},
    {"http://mastodon.example:443", "https://mastodon.example"},
    // ports
    {"mastodon.example:", "https://mastodon.example"},
    {"mastodon.example:443", "https://mastodon.example"},
    {"mastodon.example:8443", "https://mastodon.example:8443"},
    {"@ada@mastodon.example:8443/", "https://mastodon.example:8443"},
    {"localhost:3000", "https://localhost:3000"},
    // What these may lead to is for the address policy to say.
    {"192.0.2.1", "https://192.0.2.1"},
    {"[2001:DB8::1]", "https://[2001:db8::1]"},
    {"https://[2001:db8::1]:8443/@ada", "https://[2001:db8::1]:8443"},
    // international names
    {"b\u00fccher.example", "https://xn--bcher-kva.example"},
    {"B\u00dcCHER.example", "https://xn--bcher-kva.example"},
    {"bu\u0308cher.example", "https://xn--bcher-kva.example"},
    {"@ada@b\u00fccher.example", "https://xn--bcher-kva.example"},
    {"https://b\u00fccher.example:8443/@ada", "https://xn--bcher-kva.example:8443"},
    {"xn--bcher-kva.example", "https://xn--bcher-kva.example"},
    {"fa\u00df.example", "https://xn--fa-hia.example"},
    {"\u4e2d\u56fd\u3002example", "https://xn--fiqs8s.example"},
    {"\uff2d\uff41\uff53\uff54\uff4f\uff44\uff4f\uff4e.example", "https://mastodon.example"},
};

char const* const no_servers[] = {
    "",
    " ",
    "mastodon",
    "ada",
    "@ada",
    "@ada@",
    "ada@mastodon",
    "https://",
    "https:///@ada",
    "https://@ada",
    "https://ada:secret@mastodon.example/",
    "ftp://mastodon.example",
    "javascript:alert(1)",
    "mastodon example",
    "mastodon.example\x01",
    "masto_don.example",
    "-mastodon.example",
    "mastodon-.example",
    ".example",
    "mastodon..example",
    "mastodon.example:0",
    "mastodon.example:65536",
    "mastodon.example:https",
    "127.1",
    "2130706433",
    "1.2.3.4.5",
    "[::1",
    "[::1%25eth0]",
    "mastodon%2eexample",
    "mast\\odon.example",
    "{instance}",
    "\u2603.example",
    "a\u200db.example",
    "\u2100.example",
    "\xff\xfe.example",
};

} // namespace

BOOST_AUTO_TEST_SUITE(instance_test)

BOOST_DATA_TEST_CASE(a_server_is_known_by_any_of_its_names, servers, one) {
    auto const origin = parse_instance(one.typed);
    BOOST_TEST_REQUIRE(origin.has_value());
    BOOST_TEST(*origin == one.origin);
    BOOST_TEST(parse_instance(*origin).value() == one.origin);
}

BOOST_DATA_TEST_CASE(what_is_no_server_is_refused, no_servers, typed) {
    auto const origin = parse_instance(typed);
    BOOST_TEST_REQUIRE(!origin.has_value());
    BOOST_TEST(origin.error() == errc::invalid_instance);
}

BOOST_AUTO_TEST_CASE(names_are_bounded_as_in_dns) {
    std::string const label(63, 'a');
    BOOST_TEST(parse_instance(label + ".example").has_value());
    BOOST_TEST(!parse_instance(label + "a.example").has_value());
    std::string name = label + "." + label + "." + label + "." + std::string(61, 'b');
    BOOST_TEST(parse_instance(name).has_value());
    BOOST_TEST(!parse_instance("b" + name).has_value());
    BOOST_TEST(!parse_instance("mastodon.example/" + std::string(2000, 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_a_name) {
    using namespace std::string_view_literals;
    BOOST_TEST(!parse_instance("mastodon.example\0.evil.example"sv).has_value());
    BOOST_TEST(!parse_instance("b\u00fccher.example\0.evil.example"sv).has_value());
}

BOOST_AUTO_TEST_CASE(every_endpoint_is_placed_at_the_server) {
    descriptor platform;
    platform.name = "mastodon";
    platform.instances = instance_kind::host;
    platform.endpoints.authorize_url = "{instance}/oauth/authorize";
    platform.endpoints.token_url = "{instance}/oauth/token";
    platform.endpoints.refresh_url = "{instance}/oauth/refresh";
    platform.endpoints.revoke_url = "{instance}/oauth/revoke";
    platform.endpoints.identity_url = "{api_base}/me";
    platform.endpoints.long_lived_url = "{instance}/longer";
    platform.endpoints.candidates_url = "{instance}/pages";
    platform.endpoints.registration_url = "{instance}/api/v1/apps";
    platform.endpoints.api_base = "{instance}/api/v1";
    platform.endpoints.named["other_url"] = "{instance}/other";
    auto const there = at_instance(platform, "https://mastodon.example:8443");
    BOOST_TEST(there.user_given);
    BOOST_TEST(there.name == "mastodon");
    BOOST_TEST(there.endpoints.authorize_url == "https://mastodon.example:8443/oauth/authorize");
    BOOST_TEST(there.endpoints.token_url == "https://mastodon.example:8443/oauth/token");
    BOOST_TEST(there.endpoints.refresh_url == "https://mastodon.example:8443/oauth/refresh");
    BOOST_TEST(there.endpoints.revoke_url == "https://mastodon.example:8443/oauth/revoke");
    BOOST_TEST(there.endpoints.identity_url == "{api_base}/me"); // by the call, from the base
    BOOST_TEST(there.endpoints.long_lived_url == "https://mastodon.example:8443/longer");
    BOOST_TEST(there.endpoints.candidates_url == "https://mastodon.example:8443/pages");
    BOOST_TEST(there.endpoints.registration_url == "https://mastodon.example:8443/api/v1/apps");
    BOOST_TEST(there.endpoints.api_base == "https://mastodon.example:8443/api/v1");
    BOOST_TEST(named_endpoint(there, "other_url") == "https://mastodon.example:8443/other");
    BOOST_TEST(!platform.user_given);
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_the_config_overrides_stays_where_it_is) {
    descriptor platform;
    platform.endpoints.token_url = "http://127.0.0.1:9/oauth/token";
    auto const there = at_instance(platform, "https://mastodon.example");
    BOOST_TEST(there.endpoints.token_url == "http://127.0.0.1:9/oauth/token");
    BOOST_TEST(there.endpoints.revoke_url == "");
}

BOOST_AUTO_TEST_SUITE_END()
