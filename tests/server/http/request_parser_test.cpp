// What is refused before a handler sees it, and with which error. Every input is fed whole and byte by byte:
// the outcome must not depend on how the network cuts it.

#include "server/http/request_parser.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

namespace {

namespace http = server::http;
using http::error_kind;

struct outcome {
    bool complete = false;
    std::optional<error_kind> refused{};
    std::string body{};
    std::size_t headers = 0;
    std::size_t used = 0;
};

outcome parse(std::string_view bytes, std::size_t piece, http::limits const& limits = {}) {
    http::request asked;
    http::request_parser parser{limits, asked};
    std::size_t used = 0;
    for (std::size_t seen = 0; seen < bytes.size() && !parser.failure() && !parser.complete();) {
        seen = std::min(bytes.size(), seen + piece);
        // Also without anything left: what the header announces is judged then.
        for (std::size_t taken = 1; taken != 0 && !parser.failure() && !parser.complete();) {
            taken = parser.feed(bytes.substr(used, seen - used));
            used += taken;
        }
    }
    outcome out{
        .complete = parser.complete(), .body = asked.body, .headers = asked.headers.size(), .used = used};
    if (parser.failure()) {
        out.refused = parser.failure()->kind;
    }
    return out;
}

struct refusal {
    char const* name;
    std::string bytes;
    error_kind expected;
};

std::ostream& operator<<(std::ostream& out, refusal const& each) {
    return out << each.name;
}

std::string const line = "POST /path HTTP/1.1\r\n";
std::string const host = "Host: x\r\n";
constexpr auto malformed = error_kind::malformed_request;

std::vector<refusal> const refusals{
    {"no HTTP", "hello there\r\n\r\n", malformed},
    {"TLS on a plain port", std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15},
     malformed},
    {"bare LF after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", malformed},
    {"bare LF after a field", line + "Host: x\nA: b\r\n\r\n", malformed},
    {"bare CR in a field", line + host + "A: b\rc\r\n\r\n", malformed},
    {"bare LF ends the header", line + host + "\n\n\r\n\r\n", malformed},
    {"NUL in a value", line + host + std::string{"A: b\0c\r\n\r\n", 10}, malformed},
    {"space before the colon", line + host + "Content-Length : 5\r\n\r\nhello", malformed},
    {"tab before the colon", line + host + "Transfer-Encoding\t: chunked\r\n\r\n", malformed},
    {"empty field name", line + host + ": value\r\n\r\n", malformed},
    {"field without a colon", line + host + "nonsense\r\n\r\n", malformed},
    {"leading space in the first field", line + " Host: x\r\n\r\n", malformed},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", malformed},
    {"HTTP/0.9", "GET /\r\n\r\n", malformed},
    {"lower-case http", "GET / http/1.1\r\nHost: x\r\n\r\n", malformed},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"method that is no token", "GE{T / HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"method too long", std::string(33, 'A') + " / HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"no Host", line + "\r\n", malformed},
    {"two Hosts", line + host + "Host: y\r\n\r\n", malformed},
    {"two equal Hosts", line + host + host + "\r\n", malformed},
    {"empty Host", line + "Host:\r\n\r\n", malformed},
    {"Host with a path", line + "Host: x/y\r\n\r\n", malformed},
    {"Host with a user", line + "Host: user@x\r\n\r\n", malformed},
    {"fragment in the target", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"ftp target", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"absolute target with a user", "GET http://a@b/ HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"authority target", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"star without OPTIONS", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"incomplete escape", "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"escape that is no hex", "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"escaped NUL", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"escaped line break", "GET /a%0d%0ab HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"path that is not UTF-8", "GET /a%ff HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"query with a broken escape", "GET /?a=%x HTTP/1.1\r\nHost: x\r\n\r\n", malformed},
    {"Content-Length and Transfer-Encoding",
     line + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", malformed},
    {"Transfer-Encoding and Content-Length",
     line + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", malformed},
    {"two Content-Lengths", line + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", malformed},
    {"two equal Content-Lengths", line + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
     malformed},
    {"list of Content-Lengths", line + host + "Content-Length: 5, 5\r\n\r\nhello", malformed},
    {"signed Content-Length", line + host + "Content-Length: +5\r\n\r\nhello", malformed},
    {"negative Content-Length", line + host + "Content-Length: -5\r\n\r\nhello", malformed},
    {"hex Content-Length", line + host + "Content-Length: 0x5\r\n\r\nhello", malformed},
    {"empty Content-Length", line + host + "Content-Length:\r\n\r\nhello", malformed},
    {"huge Content-Length", line + host + "Content-Length: 99999999999999999999999\r\n\r\n", malformed},
    {"two Transfer-Encodings",
     line + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", malformed},
    {"Transfer-Encoding with HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     malformed},
    {"gzip, chunked", line + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
     error_kind::transfer_encoding_unsupported},
    {"chunked, identity", line + host + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
     error_kind::transfer_encoding_unsupported},
    {"identity", line + host + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
     error_kind::transfer_encoding_unsupported},
    {"xchunked", line + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
     error_kind::transfer_encoding_unsupported},
    {"chunked with a vertical tab",
     line + host +
         "Transfer-Encoding: \x0b"
         "chunked\r\n\r\n0\r\n\r\n",
     malformed},
    {"chunk size that is no hex", line + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", malformed},
    {"chunk size with a sign", line + host + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
     malformed},
    {"chunk size ended by a bare LF", line + host + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
     malformed},
    {"chunk longer than it says", line + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
     malformed},
    {"chunk size beyond 64 bits", line + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
     malformed},
    {"endless chunk extension",
     line + host + "Transfer-Encoding: chunked\r\n\r\n5;" + std::string(20'000, 'a'), malformed},
    {"endless trailer", line + host + "Transfer-Encoding: chunked\r\n\r\n0\r\nA: " + std::string(20'000, 'a'),
     malformed},
    {"other expectation", line + host + "Expect: 200-ok\r\n\r\n", error_kind::expectation_failed},
    {"body too large by its length", line + host + "Content-Length: 1048577\r\n\r\n",
     error_kind::body_too_large},
    {"body too large by its chunks",
     line + host + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + std::string(0xfffff, 'a') +
         "\r\n2\r\nbb\r\n0\r\n\r\n",
     error_kind::body_too_large},
    {"target too long", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
     error_kind::target_too_long},
    {"endless target", "GET /" + std::string(20'000, 'a'), error_kind::target_too_long},
    {"endless method", std::string(20'000, 'A'), error_kind::target_too_long},
    {"header too large", line + host + "A: " + std::string(17'000, 'a') + "\r\n\r\n",
     error_kind::headers_too_large},
    {"endless field", line + host + "A: " + std::string(20'000, 'a'), error_kind::headers_too_large},
};

std::string many_fields(std::size_t count) {
    std::string fields;
    for (std::size_t index = 0; index < count; ++index) {
        fields += "A" + std::to_string(index) + ": b\r\n";
    }
    return fields;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_parser_test)

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(refusals), each) {
    auto const whole = parse(each.bytes, each.bytes.size());
    BOOST_TEST(!whole.complete);
    BOOST_REQUIRE(whole.refused);
    BOOST_TEST(http::name_of(*whole.refused) == http::name_of(each.expected));
    auto const pieces = parse(each.bytes, each.bytes.size() > 100'000 ? 4'096 : 1);
    BOOST_TEST(!pieces.complete);
    BOOST_REQUIRE(pieces.refused);
    BOOST_TEST(http::name_of(*pieces.refused) == http::name_of(each.expected));
}

BOOST_AUTO_TEST_CASE(limits_the_number_of_fields) {
    auto const enough = "GET / HTTP/1.1\r\nHost: x\r\n" + many_fields(99) + "\r\n";
    BOOST_TEST(parse(enough, enough.size()).complete);
    auto const many = "GET / HTTP/1.1\r\nHost: x\r\n" + many_fields(100) + "\r\n";
    BOOST_TEST((parse(many, many.size()).refused == error_kind::headers_too_large));
}

BOOST_AUTO_TEST_CASE(limits_the_header_however_it_is_cut) {
    // Many small fields: a limit that looked at the last piece only would never strike.
    http::limits const limits{.header_bytes = 1'000, .header_count = 10'000};
    auto const bytes = "GET / HTTP/1.1\r\nHost: x\r\n" + many_fields(150) + "\r\n";
    for (std::size_t const piece : {std::size_t{1}, std::size_t{7}, std::size_t{500}, bytes.size()}) {
        BOOST_TEST((parse(bytes, piece, limits).refused == error_kind::headers_too_large),
                   "in pieces of " << piece);
    }
}

BOOST_AUTO_TEST_CASE(stops_at_the_end_of_a_message) {
    auto const first = line + host + "Content-Length: 5\r\n\r\nhello";
    auto const read = parse(first + "GET / HTTP/1.1\r\n", first.size() + 16);
    BOOST_TEST(read.complete);
    BOOST_TEST(read.body == "hello");
    BOOST_TEST(read.used == first.size());
}

BOOST_AUTO_TEST_CASE(folded_values_become_one_line) {
    // RFC 9112 section 5.2 lets a server replace the fold by a space.
    http::request asked;
    http::limits const limits;
    http::request_parser parser{limits, asked};
    parser.feed("GET / HTTP/1.1\r\nHost: x\r\nA: one\r\n two\r\n\r\n");
    BOOST_TEST(parser.complete());
    BOOST_TEST(asked.header("a").value() == "one two");
}

BOOST_AUTO_TEST_CASE(chunk_trailers_do_not_become_headers) {
    auto const bytes =
        line + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\n\r\n";
    for (std::size_t const piece : {std::size_t{1}, bytes.size()}) {
        auto const read = parse(bytes, piece);
        BOOST_TEST(read.complete);
        BOOST_TEST(read.body == "hello");
        BOOST_TEST(read.headers == 2U);
    }
}

BOOST_AUTO_TEST_CASE(options_may_ask_the_server_itself) {
    auto const bytes = std::string{"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"};
    BOOST_TEST(parse(bytes, bytes.size()).complete);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
