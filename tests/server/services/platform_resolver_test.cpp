#include "server/services/platform_resolver.hpp"
#include "tests/platforms/metadata_fixture.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct resolver_fixture : world {
    platforms::descriptor any = tests::found_by_issuer();

    shared_platform resolve(platforms::descriptor const& platform, platform_place at) {
        return tests::run(io, resolver.resolve(platform, std::move(at))).value();
    }
    shared_platform discover() { return resolve(any, {.instance = std::string{tests::usual_issuer}}); }
    platforms::failure refused() {
        return tests::run(io, resolver.resolve(any, {.instance = std::string{tests::usual_issuer}})).error();
    }
    void expect_metadata(std::string body = std::string{tests::usual_metadata}) {
        client.answer(200, std::move(body));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(platform_resolver_test, resolver_fixture)

BOOST_AUTO_TEST_CASE(one_server_is_itself) {
    auto const* x = catalog.find("x");
    BOOST_TEST(resolve(*x, {}).get() == x);
    BOOST_TEST(resolve(*x, {.pkce = "S256"}).get() == x);
}

BOOST_AUTO_TEST_CASE(an_app_says_its_own_pkce) {
    auto const* tiktok = catalog.find("tiktok");
    auto const desktop = resolve(*tiktok, {.pkce = "S256-hex"});
    BOOST_TEST((desktop->pkce == platforms::pkce_method::s256_hex));
    BOOST_TEST((tiktok->pkce != platforms::pkce_method::s256_hex));
    BOOST_TEST(desktop->endpoints.token_url == tiktok->endpoints.token_url);
}

BOOST_AUTO_TEST_CASE(an_instance_is_called_where_it_is_and_never_trusted) {
    auto const there = resolve(*catalog.find("mastodon"), {.instance = "https://a.example"});
    BOOST_TEST(there->endpoints.token_url == "https://a.example/oauth/token");
    BOOST_TEST(there->title == "Mastodon (a.example)");
    BOOST_TEST(there->user_given);
}

BOOST_AUTO_TEST_CASE(an_issuer_is_asked_once_an_hour) {
    expect_metadata();
    auto const first = discover();
    BOOST_TEST(first->endpoints.token_url == "https://id.example/tenant/token");
    BOOST_TEST(first->user_given);
    BOOST_TEST((client.sent.back().user_given_url));
    clock.advance(59min);
    BOOST_TEST(discover().get() == first.get());
    clock.advance(1min);
    expect_metadata(tests::metadata_with("token_endpoint", R"("https://id.example/moved")"));
    BOOST_TEST(discover()->endpoints.token_url == "https://id.example/moved");
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(an_issuer_that_is_down_is_taken_at_its_word_of_before) {
    expect_metadata();
    auto const first = discover();
    clock.advance(48h);
    client.fail(platforms::errc::connect_failed);
    BOOST_TEST(discover().get() == first.get());
    BOOST_TEST(discover().get() == first.get()); // without asking
    clock.advance(1min);
    expect_metadata();
    BOOST_TEST(discover().get() != first.get());
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(an_issuer_that_says_something_wrong_is_not) {
    expect_metadata();
    discover();
    clock.advance(1h);
    for (int url = 0; url < 3; ++url) {
        expect_metadata(tests::metadata_with("issuer", R"("https://evil.example")"));
    }
    BOOST_TEST((refused().code == make_error_code(platforms::errc::metadata_refused)));
}

BOOST_AUTO_TEST_CASE(an_issuer_nobody_has_heard_of_has_to_answer) {
    client.fail(platforms::errc::connect_failed);
    auto const why = refused();
    BOOST_TEST((why.what == platforms::verdict::temporary));
    auto const told = describe_server_failure(why, "https://id.example");
    BOOST_TEST(told.code == make_error_code(errc::platform_unavailable));
}

BOOST_AUTO_TEST_CASE(whose_fault_it_is_depends_on_who_has_just_named_the_server) {
    auto const coded = [](platforms::errc code) {
        platforms::failure why;
        why.what = platforms::verdict::operator_fault;
        why.code = make_error_code(code);
        return why;
    };
    for (auto const code : {platforms::errc::address_refused, platforms::errc::resolve_failed,
                            platforms::errc::certificate_refused, platforms::errc::metadata_refused,
                            platforms::errc::invalid_instance}) {
        auto const named = describe_server_failure(coded(code), "a.example");
        BOOST_TEST(named.code == make_error_code(errc::field_invalid));
        BOOST_TEST(named.detail.find("a.example") != std::string::npos);
        auto const later = unreachable_server(coded(code), "a.example");
        BOOST_TEST(later.code == make_error_code(errc::platform_unavailable));
        BOOST_TEST(later.detail == named.detail);
    }
    BOOST_TEST(describe_server_failure(coded(platforms::errc::timed_out), "a.example").code ==
               make_error_code(errc::platform_timeout));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
