// The bytes of a request, and the requests that never become bytes.
#include "platforms/http/request_writer.hpp"
#include "tests/support/platforms_printing.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::http;

std::string written(request const& what, std::string_view user_agent = "connectd") {
    std::string out;
    write_head(out, what, parse_target(what.url).value(), user_agent);
    return out;
}

std::string const bad_values[] = {"a\r\nX-Injected: yes", "a\nb",  "a\rb",
                                  std::string("a\0b", 3), "a\x7f", "\x1b[31m"};

char const* const bad_names[] = {"",           "with space",       "with:colon", "line\r\nbreak",
                                 "Host",       "content-length",   "Connection", "TRANSFER-ENCODING",
                                 "Expect",     "upgrade",          "TE",         "Trailer",
                                 "Keep-Alive", "Proxy-Connection", "caf\xc3\xa9"};

char const* const bad_methods[] = {"", "GET /", "GE\r\nT", "CONNECT"};

} // namespace

BOOST_AUTO_TEST_SUITE(http_request_writer_test)

BOOST_AUTO_TEST_CASE(a_get_is_written_in_order) {
    request const what{.method = "GET",
                       .url = "https://api.example.com/2/users/me?x=1",
                       .headers = {{"Accept", "*/*"}, {"Authorization", "Bearer t"}}};
    BOOST_TEST(written(what) == "GET /2/users/me?x=1 HTTP/1.1\r\n"
                                "Host: api.example.com\r\n"
                                "Accept: */*\r\n"
                                "Authorization: Bearer t\r\n"
                                "User-Agent: connectd\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_post_states_its_length_even_when_empty) {
    BOOST_TEST(
        written({.method = "POST", .url = "http://h/", .body = "12345"}).find("Content-Length: 5\r\n") !=
        std::string::npos);
    BOOST_TEST(written({.method = "POST", .url = "http://h/"}).find("Content-Length: 0\r\n") !=
               std::string::npos);
    BOOST_TEST(written({.method = "GET", .url = "http://h/"}).find("Content-Length") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_host_carries_port_and_brackets_where_needed) {
    BOOST_TEST(written({.url = "http://h:8080/"}).find("Host: h:8080\r\n") != std::string::npos);
    BOOST_TEST(written({.url = "https://[::1]:8443/"}).find("Host: [::1]:8443\r\n") != std::string::npos);
    BOOST_TEST(written({.url = "https://h:443/"}).find("Host: h\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_path_becomes_a_slash) {
    BOOST_TEST(written({.url = "http://h"}).starts_with("GET / HTTP/1.1\r\n"));
    BOOST_TEST(written({.url = "http://h?q=1"}).starts_with("GET /?q=1 HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(a_user_agent_of_the_caller_replaces_ours) {
    auto const text = written({.url = "http://h/", .headers = {{"user-agent", "mine"}}});
    BOOST_TEST(text.find("user-agent: mine\r\n") != std::string::npos);
    BOOST_TEST(text.find("connectd") == std::string::npos);
}

BOOST_DATA_TEST_CASE(a_header_value_cannot_smuggle, bad_values, value) {
    auto const checked = check_request({.url = "http://h/", .headers = {{"X-A", value}}});
    BOOST_TEST_REQUIRE(!checked);
    BOOST_TEST(checked.error() == errc::invalid_request);
}

BOOST_DATA_TEST_CASE(a_header_name_must_be_a_token_and_not_ours, bad_names, name) {
    BOOST_TEST(!check_request({.url = "http://h/", .headers = {{name, "v"}}}));
}

BOOST_DATA_TEST_CASE(a_method_must_be_a_token_and_no_tunnel, bad_methods, method) {
    BOOST_TEST(!check_request({.method = method, .url = "http://h/"}));
}

BOOST_AUTO_TEST_CASE(a_target_of_its_own_goes_out_as_it_is_and_leads_nowhere_else) {
    auto const text = written({.url = "https://h/v1", .target = "//other.example/@%2F{a}?f[x]=1|2"});
    BOOST_TEST(text.starts_with("GET //other.example/@%2F{a}?f[x]=1|2 HTTP/1.1\r\nHost: h\r\n"));
    for (auto const* bad : {"no/slash", "/a b", "/a\r\nX: y", "/a#b", "/caf\xc3\xa9"}) {
        BOOST_TEST(!check_request({.url = "http://h/", .target = bad}), bad);
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_follows_is_announced_by_its_length_or_as_chunks) {
    request const what{.method = "PUT", .url = "http://h/", .body = "first"};
    auto const framed = [&](body_framing framing) {
        std::string out;
        write_head(out, what, parse_target(what.url).value(), "", framing);
        return out.substr(out.find("Host: h\r\n") + 9);
    };
    BOOST_TEST(framed({.length = 70'000'000'000}) == "Content-Length: 70000000000\r\n\r\n");
    BOOST_TEST(framed({.chunked = true}) == "Transfer-Encoding: chunked\r\n\r\n");
    std::array<char, chunk_line_size> room;
    char* const begin = write_chunk_line(room, 0xab12);
    BOOST_TEST(std::string(begin, room.data() + room.size()) == "ab12\r\n");
}

BOOST_AUTO_TEST_CASE(ordinary_requests_pass) {
    BOOST_TEST(check_request({.method = "M-SEARCH",
                              .url = "http://h/",
                              .headers = {{"X-A", "tab\tand \xc3\xbc"}, {"X-B", ""}}})
                   .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
