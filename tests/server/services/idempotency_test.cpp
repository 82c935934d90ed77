#include "server/services/idempotency.hpp"
#include "storage/tables/idempotency.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct idempotency_fixture : world {
    idempotency_claims held;
    services::idempotency service{store, keys, clock, held};
    crypto::workspace_id owner = workspace().id;

    runtime::task<outcome<services::idempotency::attempt>>
    begin(std::string key, std::string_view body = "{}", crypto::workspace_id of = {}) {
        return service.begin({.workspace = of.is_nil() ? owner : of,
                              .key = std::move(key),
                              .method = "POST",
                              .target = "/v1/profiles",
                              .body = body});
    }
    void answer(std::string key, given_answer given) {
        auto const first = ok(begin(std::move(key)));
        BOOST_REQUIRE(!first.known.has_value());
        ok(service.keep(owner, first, std::move(given)));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(idempotency_test, idempotency_fixture)

BOOST_AUTO_TEST_CASE(a_second_request_waits_for_no_first_one) {
    {
        auto const first = ok(begin("k"));
        BOOST_TEST(refusal(begin("k")) == errc::idempotency_key_in_use);
        ok(begin("another"));
        ok(begin("k", "{}", workspace("other").id));
    }
    BOOST_TEST(!ok(begin("k")).known.has_value()); // the first one came to nothing
}

BOOST_AUTO_TEST_CASE(what_was_answered_is_sealed_and_told_again) {
    answer("k", {.status = 201, .headers = {{"ETag", "\"7\""}}, .body = R"({"key":"cd_live_secret"})"});
    BOOST_TEST(!holds(store, "cd_live_secret"));
    auto const again = ok(begin("k"));
    BOOST_REQUIRE(again.known.has_value());
    BOOST_TEST(again.known->status == 201U);
    BOOST_TEST(again.known->headers.at("ETag") == "\"7\"");
    BOOST_TEST(again.known->body == R"({"key":"cd_live_secret"})");
}

BOOST_AUTO_TEST_CASE(another_request_does_not_get_the_answer) {
    answer("k", {.status = 201, .headers = {}, .body = "{}"});
    BOOST_TEST(refusal(begin("k", R"({"name":"Bob"})")) == errc::idempotency_key_reused);
}

BOOST_AUTO_TEST_CASE(what_is_not_final_or_too_large_is_not_kept) {
    for (unsigned const status : {401U, 403U, 429U, 500U, 503U}) {
        answer("k", {.status = status, .headers = {}, .body = "{}"});
    }
    answer("k",
           {.status = 200, .headers = {}, .body = std::string(services::idempotency::largest_body + 1, 'x')});
    BOOST_TEST(!ok(begin("k")).known.has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_lives_a_day_and_is_swept) {
    answer("k", {.status = 201, .headers = {}, .body = "{}"});
    clock.advance(services::idempotency::kept_for);
    BOOST_TEST(!ok(begin("k")).known.has_value());
    answer("k", {.status = 202, .headers = {}, .body = "{}"}); // in its place
    BOOST_TEST(ok(services::idempotency::sweep(store, clock.now())) == 0U);
    BOOST_TEST(read(storage::kept_answers::count(store, owner, 10)) == 1U);
    clock.advance(services::idempotency::kept_for);
    BOOST_TEST(ok(services::idempotency::sweep(store, clock.now())) == 1U);
    BOOST_TEST(read(storage::kept_answers::count(store, owner, 10)) == 0U);
}

BOOST_AUTO_TEST_CASE(keys_are_short_visible_text) {
    for (auto const& bad : {std::string{}, std::string{"a b"}, std::string{"a\n"}, std::string(256, 'k')}) {
        BOOST_TEST(refusal(begin(bad)) == errc::idempotency_key_invalid);
    }
    ok(begin(std::string(255, 'k')));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
