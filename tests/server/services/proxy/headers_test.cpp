// What crosses the proxy and what does not.
#include "platforms/catalog.hpp"
#include "server/services/proxy/headers.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace connectd::server::services::proxy {
namespace {

std::string lines(header_list const& fields) {
    std::string text;
    for (auto const& [name, value] : fields) {
        text += name + ": " + value + "\n";
    }
    return text;
}

std::string sent(std::string_view platform, header_list const& asked) {
    auto const catalog = platforms::built_in_catalog();
    return lines(for_platform(asked, *catalog.find(platform), crypto::secret::copy_of("t0ken")));
}

} // namespace

BOOST_AUTO_TEST_SUITE(headers_test)

BOOST_AUTO_TEST_CASE(what_the_call_is_about_goes_on_in_its_order) {
    BOOST_TEST(sent("x", {{"Content-Type", "video/mp4"},
                          {"User-Agent", "shop/1"},
                          {"x-custom", "1"},
                          {"Range", "bytes=0-"},
                          {"X-Custom", "2"},
                          {"Accept-Encoding", "gzip"}}) ==
               "Content-Type: video/mp4\nUser-Agent: shop/1\nx-custom: 1\nRange: bytes=0-\nX-Custom: 2\n"
               "Accept-Encoding: gzip\nAuthorization: Bearer t0ken\n");
}

BOOST_AUTO_TEST_CASE(the_callers_own_secrets_and_traces_stay_here) {
    BOOST_TEST(sent("x", {{"authorization", "Bearer cd_live_x"},
                          {"X-Api-Key", "cd_live_x"},
                          {"x-access-key", "cd_live_x"},
                          {"Cookie", "a=b"},
                          {"Host", "connect.example"},
                          {"X-Forwarded-For", "10.0.0.1"},
                          {"X-Forwarded-Anything", "1"},
                          {"Forwarded", "for=10.0.0.1"},
                          {"X-Real-IP", "10.0.0.1"},
                          {"Via", "1.1 inner"},
                          {"Idempotency-Key", "k"},
                          {"X-Request-Id", "r"}}) == "Authorization: Bearer t0ken\n");
}

BOOST_AUTO_TEST_CASE(what_belongs_to_one_connection_stays_on_it) {
    BOOST_TEST(sent("x", {{"Connection", "close, X-Hop ,"},
                          {"x-hop", "1"},
                          {"Keep-Alive", "timeout=5"},
                          {"Proxy-Authorization", "Basic eDp5"},
                          {"TE", "trailers"},
                          {"Trailer", "X-T"},
                          {"Transfer-Encoding", "chunked"},
                          {"Upgrade", "h2c"},
                          {"Content-Length", "5"},
                          {"Expect", "100-continue"}}) == "Authorization: Bearer t0ken\n");
}

BOOST_AUTO_TEST_CASE(the_descriptors_headers_are_added_unless_the_caller_has_them) {
    BOOST_TEST(sent("linkedin", {{"linkedin-version", "202601"}}) ==
               "linkedin-version: 202601\nX-Restli-Protocol-Version: 2.0.0\nAuthorization: Bearer t0ken\n");
}

BOOST_AUTO_TEST_CASE(an_answer_that_must_be_read_is_not_compressed) {
    BOOST_TEST(sent("bluesky", {{"Accept-Encoding", "gzip"}}) == "Authorization: Bearer t0ken\n");
}

BOOST_AUTO_TEST_CASE(a_token_for_the_query_is_in_no_header) {
    auto const catalog = platforms::built_in_catalog();
    auto odd = *catalog.find("x");
    odd.identity.token_parameter = "access_token";
    BOOST_TEST(for_platform({}, odd, crypto::secret::copy_of("t0ken")).empty());
}

BOOST_AUTO_TEST_CASE(the_caller_gets_the_platforms_words_and_not_its_cookies) {
    BOOST_TEST(lines(for_caller({{"content-type", "application/json"},
                                 {"x-rate-limit-remaining", "3"},
                                 {"Location", "/1"},
                                 {"x-restli-id", "urn:li:share:1"},
                                 {"Set-Cookie", "guest=1"},
                                 {"Connection", "x-hop"},
                                 {"X-Hop", "1"},
                                 {"Transfer-Encoding", "chunked"},
                                 {"Content-Length", "5"},
                                 {"Strict-Transport-Security", "max-age=1"},
                                 {"alt-svc", "h3"},
                                 {"Clear-Site-Data", "*"}})) ==
               "content-type: application/json\nx-rate-limit-remaining: 3\nLocation: /1\n"
               "x-restli-id: urn:li:share:1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::proxy
