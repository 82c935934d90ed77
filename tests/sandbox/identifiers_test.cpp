// The identifiers of the AT Protocol and the small texts the platforms share: forms, times, weights.
#include "tools/sandbox/bluesky/identifiers.hpp"
#include "tools/sandbox/form.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/x/tweet_body.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using namespace sandbox;

BOOST_AUTO_TEST_SUITE(identifiers_test)

BOOST_AUTO_TEST_CASE(dids) {
    for (auto const* const good :
         {"did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did:web:example.com", "did:web:localhost%3A8080"})
        BOOST_TEST(bluesky::valid_did(good), good);
    for (auto const* const bad :
         {"", "did:plc:", "did:plc:ewvi7nxzyoun6zhxrhs64oi1", "did:plc:short", "did:web:", "did:web:a/b",
          "did:web:a%3A", "did:web:a%3A123456", "did:key:zabc", "plc:abc"})
        BOOST_TEST(!bluesky::valid_did(bad), bad);
    BOOST_TEST(bluesky::valid_did(bluesky::did_from("anybody")));
}

BOOST_AUTO_TEST_CASE(handles_and_names) {
    for (auto const* const good : {"jay.bsky.social", "a.co", "XX.LCS.MIT.EDU", "a--b.example.org"})
        BOOST_TEST(bluesky::valid_handle(good), good);
    for (auto const* const bad :
         {"", "jay", "-a.co", "a-.co", "a..co", ".co", "a.co.", "a_b.co", "a.1", "@a.co"})
        BOOST_TEST(!bluesky::valid_handle(bad), bad);
    BOOST_TEST(bluesky::valid_nsid("app.bsky.feed.post"));
    BOOST_TEST(!bluesky::valid_nsid("app.post"));
    BOOST_TEST(!bluesky::valid_nsid("app.bsky.feed.1post"));
    BOOST_TEST(bluesky::valid_record_key("3jui7kd54zh2y"));
    BOOST_TEST(!bluesky::valid_record_key(".."));
    BOOST_TEST(!bluesky::valid_record_key("a/b"));
}

BOOST_AUTO_TEST_CASE(made_identifiers_have_the_real_form) {
    // RFC 4648 section 10, in lower case and without padding.
    BOOST_TEST(bluesky::base32_lower("foobar") == "mzxw6ytboi");
    BOOST_TEST(bluesky::base32_lower("fo") == "mzxq");
    auto const now = *parse_time("2026-09-01T07:00:00Z");
    auto const tid = bluesky::make_tid(now, 1);
    BOOST_TEST(tid.size() == 13);
    BOOST_TEST(tid < bluesky::make_tid(now, 2));
    BOOST_TEST(tid < bluesky::make_tid(now + std::chrono::milliseconds{2}, 1));
    auto const password = bluesky::make_app_password();
    BOOST_TEST(password.size() == 19);
    BOOST_TEST(password[4] == '-');
    BOOST_TEST(password != bluesky::make_app_password());
}

BOOST_AUTO_TEST_CASE(times_go_there_and_back) {
    for (auto const* const text :
         {"2026-09-01T07:00:00.000Z", "1999-12-31T23:59:59.999Z", "2028-02-29T00:00:00.001Z"})
        BOOST_TEST(format_time(parse_time(text).value()) == text);
    BOOST_TEST(format_time(parse_time("2026-09-01T07:00:00+02:00").value()) == "2026-09-01T05:00:00.000Z");
    BOOST_TEST(format_time(parse_time("2026-09-01T07:00:00.1234567-00:30").value()) ==
               "2026-09-01T07:30:00.123Z");
    for (auto const* const bad : {"", "2026-09-01", "2026-09-01T07:00:00", "2026-02-30T07:00:00Z",
                                  "2026-09-01T24:00:00Z", "2026-09-01T07:00:00.Z", "2026-09-01T07:00:00Z ",
                                  "2026-9-01T07:00:00Z", "2026-09-01 07:00:00Z", "2026-09-01T07:00:00+0200"})
        BOOST_TEST(!parse_time(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(forms_are_read_strictly) {
    auto const parsed = form::parse("a=1+2&b=%26%3D&c&=d&a=3").value();
    BOOST_TEST(parsed.get("a") == "1 2");
    BOOST_TEST(parsed.get("b") == "&=");
    BOOST_TEST(parsed.has("c"));
    BOOST_TEST(parsed.get("c").empty());
    BOOST_TEST(parsed.repeated().value() == "a");
    for (auto const* const bad : {"a=%", "a=%2", "a=%zz", "%=a"})
        BOOST_TEST(!form::parse(bad).has_value(), bad);
    std::string every;
    for (int c = 0; c < 256; ++c)
        every.push_back(static_cast<char>(c));
    BOOST_TEST(percent_decode(percent_encode(every), false).value() == every);
}

BOOST_AUTO_TEST_CASE(texts_are_measured_as_the_platforms_do) {
    BOOST_TEST(x::weighted_length("hello") == 5);
    BOOST_TEST(x::weighted_length("gr\xc3\xbc\xc3\x9f") == 4);
    BOOST_TEST(x::weighted_length("\xe6\x97\xa5\xe6\x9c\xac") == 4);
    BOOST_TEST(x::weighted_length("see https://example.com/a/very/long/path/indeed now") == 4 + 23 + 4);
    BOOST_TEST(bluesky::count_graphemes("hello") == 5);
    BOOST_TEST(bluesky::count_graphemes("e\xcc\x81") == 1);
    BOOST_TEST(bluesky::count_graphemes("\xff\xfe") == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
