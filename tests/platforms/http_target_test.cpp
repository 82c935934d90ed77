// Which URLs the client calls, and what it takes out of them.
#include "platforms/http/target.hpp"
#include "tests/support/platforms_printing.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace connectd::platforms;
using connectd::platforms::http::parse_target;

char const* const refused[] = {
    "",
    "example.com/path",
    "//example.com/path",
    "ftp://example.com/",
    "file:///etc/passwd",
    "https://",
    "https:///path",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://exa mple.com/",
    "https://ex%61mple.com/",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:99999/",
    "https://example.com:4294967739/",
    "https://example.com:443x/",
    "https://example.com:443:22/",
    "https://example.com:port/",
    "https://\xc3\xbc.example/",
    "https://example.com/with space",
    "https://example.com/\r\nX-Injected: yes",
    "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://[v1.future]/",
    "https://./",
    "https://192.0.2.1.example.com/path",
    "http://127.0.0.1x",
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_target_test)

BOOST_DATA_TEST_CASE(a_url_that_cannot_be_called_is_refused, refused, url) {
    auto const found = parse_target(url);
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::invalid_url);
    BOOST_TEST(certainly_not_processed(found.error()));
}

BOOST_AUTO_TEST_CASE(an_overlong_name_is_refused) {
    BOOST_TEST(parse_target("https://" + std::string(253, 'a') + "/").has_value());
    BOOST_TEST(!parse_target("https://" + std::string(254, 'a') + "/").has_value());
}

BOOST_AUTO_TEST_CASE(path_and_query_stay_byte_for_byte) {
    auto const found = parse_target("https://api.example.com/a%2Fb/../c;d?x=%20&y=%C3%BC#fragment");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->tls);
    BOOST_TEST(found->host == "api.example.com");
    BOOST_TEST(found->port == 443);
    BOOST_TEST(found->default_port);
    BOOST_TEST(found->resource == "/a%2Fb/../c;d?x=%20&y=%C3%BC");
    BOOST_TEST(!found->literal);
}

BOOST_AUTO_TEST_CASE(names_are_compared_in_lower_case_without_the_final_dot) {
    BOOST_TEST(parse_target("HTTPS://API.Example.COM./").value().host == "api.example.com");
}

BOOST_AUTO_TEST_CASE(ports_follow_the_scheme_unless_given) {
    BOOST_TEST(parse_target("http://example.com").value().port == 80);
    BOOST_TEST(parse_target("http://example.com:/").value().port == 80);
    auto const given = parse_target("http://example.com:8080/").value();
    BOOST_TEST(given.port == 8080);
    BOOST_TEST(!given.default_port);
    BOOST_TEST(parse_target("https://example.com:443/").value().default_port);
}

BOOST_AUTO_TEST_CASE(addresses_are_recognised) {
    BOOST_TEST(parse_target("http://127.0.0.1:8080/").value().literal.value().is_loopback());
    auto const six = parse_target("http://[2001:DB8::1]/").value();
    BOOST_TEST(six.host == "2001:db8::1");
    BOOST_TEST(six.literal.value().is_v6());
}

BOOST_AUTO_TEST_CASE(unusual_forms_of_addresses_are_names_to_be_resolved_and_checked) {
    for (auto const* url :
         {"https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://0177.0.0.1/"}) {
        auto const found = parse_target(url);
        BOOST_TEST((!found || !found->literal));
    }
}

BOOST_AUTO_TEST_SUITE_END()
