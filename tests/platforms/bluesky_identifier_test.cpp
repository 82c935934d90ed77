// What people type for a Bluesky account.
#include "platforms/quirks/bluesky_identifier.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::bluesky;

struct typed {
    std::string text;
    identifier_kind kind;
    char const* normalised;
};

std::ostream& operator<<(std::ostream& out, typed const& one) {
    return out << one.text;
}

typed const accepted[] = {
    {"bakery.example", identifier_kind::handle, "bakery.example"},
    {"  @Bakery.Example \n", identifier_kind::handle, "bakery.example"},
    {"\xe2\x80\xaa@bakery.example\xe2\x80\xac", identifier_kind::handle, "bakery.example"},
    {"\xe2\x81\xa8"
     "bakery.example\xe2\x81\xa9",
     identifier_kind::handle, "bakery.example"},
    {"https://bsky.app/profile/bakery.example", identifier_kind::handle, "bakery.example"},
    {"https://bsky.app/profile/did:plc:abc234/post/1", identifier_kind::did, "did:plc:abc234"},
    {"a.b", identifier_kind::handle, "a.b"},
    {"xn--bcher-kva.example", identifier_kind::handle, "xn--bcher-kva.example"},
    {"did:plc:q7k2exampleexample", identifier_kind::did, "did:plc:q7k2exampleexample"},
    {"did:web:bakery.example", identifier_kind::did, "did:web:bakery.example"},
    {"Owner@Bakery.example", identifier_kind::email, "owner@bakery.example"},
    {"o.w+n-er_1@mail.bakery.example", identifier_kind::email, "o.w+n-er_1@mail.bakery.example"},
};

std::string const refused[] = {
    "",
    " ",
    "@",
    "bakery",
    "bakery.",
    ".bakery",
    "bakery..example",
    "-bakery.example",
    "bakery-.example",
    "bakery.1example",
    "bak ery.example",
    "bakery_1.example",
    "b\xc3\xa4"
    "ckerei.example",
    "127.0.0.1",
    "handle.invalid",
    "bakery.example:8080",
    "bakery.example/x",
    "https://bakery.example",
    "did:plc:",
    "did:plc:ABC",
    "did:web:",
    "did:web:localhost",
    "did:web:bakery.example%3A8080",
    "did:web:bakery.example:u",
    "did:key:z6Mk",
    "DID:PLC:abc",
    "@example.com@",
    "a\"b@bakery.example",
    "a@b@",
    "@@bakery.example",
    "owner@",
    "owner@bakery",
    std::string(250, 'a') + ".example",
    std::string(64, 'a') + ".example",
    std::string("a.exa\0mple", 10),
};

char const* const main_passwords[] = {
    "",
    "hunter2",
    "correct horse battery staple",
    "abcd-efgh-ijkl",
    "abcd-efgh-ijkl-mnop-qrst",
    "abcd-efgh-ijkl-mno",
    "ABCD-EFGH-IJKL-MNOP",
    "abcd-efgh-ijkl-mno!",
    "abcdefghijklmnopqrs",
    "abcd-efgh-ijkl_mnop",
    "abcde-fghi-jkl-mnop",
    "abcd efgh ijkl mnop",
    "abcd-efgh-ijkl-mn\xc3\xa4",
};

} // namespace

BOOST_AUTO_TEST_SUITE(bluesky_identifier_test)

BOOST_DATA_TEST_CASE(identifiers_are_normalised, accepted, one) {
    auto const found = parse_identifier(one.text);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->kind == one.kind));
    BOOST_TEST(found->text == one.normalised);
}

BOOST_DATA_TEST_CASE(anything_else_is_refused, refused, text) {
    auto const found = parse_identifier(text);
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error() == errc::invalid_identifier);
}

BOOST_AUTO_TEST_CASE(app_passwords_are_taken_without_the_white_space_around_them) {
    BOOST_TEST(parse_app_password("abcd-efgh-2345-wxyz").value().reveal() == "abcd-efgh-2345-wxyz");
    BOOST_TEST(parse_app_password(" abcd-efgh-2345-wxyz\r\n").value().reveal() == "abcd-efgh-2345-wxyz");
}

BOOST_DATA_TEST_CASE(main_passwords_are_refused_by_their_shape, main_passwords, text) {
    auto const found = parse_app_password(text);
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error() == errc::not_an_app_password);
}

BOOST_AUTO_TEST_SUITE_END()
