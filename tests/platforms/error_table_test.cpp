// Verdicts by call, and which answers to proxied calls say that the token is dead.
#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;
using connectd::tests::built_in;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::reply;

failure judged(char const* platform, call_kind call, unsigned status, std::string body) {
    auto const answer = reply(status, std::move(body));
    json_answer const parsed_body(answer.body);
    return classify(built_in(platform), call, answer, parsed_body.root());
}

struct bluesky_case {
    char const* error;
    call_kind call;
    unsigned status;
    verdict means;
    errc code;
};

std::ostream& operator<<(std::ostream& out, bluesky_case const& one) {
    return out << one.error << " " << one.status << " at call " << static_cast<int>(one.call);
}

// platforms/bluesky: errors by name, whatever the status.
bluesky_case const bluesky_cases[] = {
    {"AuthenticationRequired", call_kind::exchange, 401, verdict::refused, errc::credentials_refused},
    {"InvalidRequest", call_kind::exchange, 400, verdict::refused, errc::credentials_refused},
    {"AuthFactorTokenRequired", call_kind::exchange, 401, verdict::refused, errc::second_factor_required},
    {"AuthFactorTokenRequired", call_kind::exchange, 400, verdict::refused, errc::second_factor_required},
    {"AccountTakedown", call_kind::exchange, 401, verdict::refused, errc::account_suspended},
    {"AccountTakedown", call_kind::refresh, 401, verdict::refused, errc::account_suspended},
    {"AccountDeactivated", call_kind::refresh, 401, verdict::refused, errc::account_suspended},
    {"AccountNotFound", call_kind::refresh, 403, verdict::refused, errc::account_suspended},
    {"ExpiredToken", call_kind::refresh, 400, verdict::refused, errc::grant_refused},
    {"InvalidToken", call_kind::refresh, 400, verdict::refused, errc::grant_refused},
    {"ExpiredToken", call_kind::identity, 400, verdict::refused, errc::grant_refused},
    {"AuthMissing", call_kind::refresh, 401, verdict::operator_fault, errc::request_refused},
    {"RateLimitExceeded", call_kind::exchange, 429, verdict::temporary, errc::rate_limited},
    {"RateLimitExceeded", call_kind::refresh, 400, verdict::temporary, errc::rate_limited},
    {"InternalServerError", call_kind::refresh, 500, verdict::temporary, errc::platform_unavailable},
    {"UpstreamFailure", call_kind::exchange, 502, verdict::temporary, errc::platform_unavailable},
    {"SomethingNew", call_kind::refresh, 400, verdict::operator_fault, errc::request_refused},
};

} // namespace

BOOST_AUTO_TEST_SUITE(error_table_test)

BOOST_DATA_TEST_CASE(bluesky_errors_are_known_by_name, bluesky_cases, one) {
    auto const found = judged("bluesky", one.call, one.status,
                              std::string("{\"error\":\"") + one.error + "\",\"message\":\"m\"}");
    BOOST_TEST(found.what == one.means);
    BOOST_TEST(found.code == one.code);
    BOOST_TEST(found.platform_error == one.error);
    BOOST_TEST(found.platform_message == "m");
}

BOOST_AUTO_TEST_CASE(an_identity_call_with_a_dead_token_is_refused_and_a_missing_scope_is_not) {
    auto const dead = judged("x", call_kind::identity, 401, R"({"title":"Unauthorized","status":401})");
    BOOST_TEST(dead.what == verdict::refused);
    BOOST_TEST(dead.code == errc::grant_refused);
    auto const scope = judged("x", call_kind::identity, 403,
                              R"({"title":"Unsupported Authentication","detail":"Authenticating with ..."})");
    BOOST_TEST(scope.what == verdict::operator_fault);
    BOOST_TEST(scope.platform_error == "Unsupported Authentication");
    auto const throttled =
        judged("x", call_kind::identity, 429, R"({"errors":[{"code":88,"message":"Rate limit exceeded"}]})");
    BOOST_TEST(throttled.code == errc::rate_limited);
    BOOST_TEST(throttled.platform_message == "Rate limit exceeded");
}

BOOST_AUTO_TEST_CASE(every_error_has_words) {
    for (int value = 1; value <= static_cast<int>(errc::damaged_token_material); ++value) {
        BOOST_TEST(make_error_code(static_cast<errc>(value)).message() != "unknown error", value);
    }
}

BOOST_AUTO_TEST_CASE(codes_can_be_ranges_of_numbers) {
    auto chirp = parsed(made_up_platform);
    chirp.errors.rules = {
        {{}, {{}, {"10", "200-299", "a-b"}, {}, ""}, verdict::refused, errc::scope_missing}};
    auto const means = [&](std::string const& code) {
        auto const answer = reply(400, "{\"error\":{\"number\":" + code + "}}");
        json_answer const body(answer.body);
        return classify(chirp, call_kind::api, answer, body.root()).code == errc::scope_missing;
    };
    for (std::string const code : {"10", "200", "\"230\"", "299", "\"a-b\""}) {
        BOOST_TEST(means(code), code);
    }
    for (std::string const code : {"1", "199", "300", "2500", "\"a\"", "-230", "230.5", "\"200-299x\""}) {
        BOOST_TEST(!means(code), code);
    }
}

BOOST_AUTO_TEST_CASE(trouble_that_the_platform_calls_passing_is_never_more_than_temporary) {
    auto const chirp = parsed(made_up_platform);
    auto const judge = [&](std::string const& error) {
        auto const answer = reply(400, "{\"error\":" + error + "}");
        json_answer const body(answer.body);
        return classify(chirp, call_kind::refresh, answer, body.root());
    };
    BOOST_TEST(judge(R"({"number":190,"detail":458})").what == verdict::refused);
    auto const passing = judge(R"({"number":190,"detail":458,"passes":true})");
    BOOST_TEST(passing.what == verdict::temporary);
    BOOST_TEST(passing.code == errc::platform_unavailable);
    BOOST_TEST(judge(R"({"number":190,"detail":458,"passes":false})").what == verdict::refused);
    BOOST_TEST(judge(R"({"number":190,"detail":458,"passes":"true"})").what == verdict::refused);
    BOOST_TEST(judge(R"({"number":77})").what == verdict::operator_fault);
    BOOST_TEST(judge(R"({"number":77,"passes":true})").what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(a_token_already_dead_counts_as_revoked) {
    auto const& x = built_in("x");
    BOOST_TEST(!revoke_failure(x, reply(200, R"({"revoked":true})")).has_value());
    BOOST_TEST(!revoke_failure(x, reply(204, "")).has_value());
    BOOST_TEST(!revoke_failure(x, reply(400, R"({"error":"invalid_request"})")).has_value());
    BOOST_TEST(!revoke_failure(built_in("bluesky"), reply(400, R"({"error":"ExpiredToken"})")).has_value());
    auto const busy = revoke_failure(x, reply(503, ""));
    BOOST_TEST_REQUIRE(busy.has_value());
    BOOST_TEST(busy->what == verdict::temporary);
    auto const wrong = revoke_failure(x, reply(401, R"({"error":"invalid_client"})"));
    BOOST_TEST_REQUIRE(wrong.has_value());
    BOOST_TEST(wrong->what == verdict::operator_fault);
}

BOOST_AUTO_TEST_CASE(dead_tokens_show_differently_on_each_platform) {
    auto const& x = built_in("x");
    BOOST_TEST(says_dead_token(x, reply(401, R"({"title":"Unauthorized"})")));
    BOOST_TEST(!says_dead_token(x, reply(403, R"({"title":"Forbidden"})")));
    BOOST_TEST(!says_dead_token(x, reply(200, "{}")));
    auto const& bluesky = built_in("bluesky");
    BOOST_TEST(
        says_dead_token(bluesky, reply(400, R"({"error":"ExpiredToken","message":"Token has expired"})")));
    BOOST_TEST(!says_dead_token(bluesky, reply(400, R"({"error":"InvalidRequest"})")));
    BOOST_TEST(!says_dead_token(bluesky, reply(401, R"({"error":"AuthMissing"})")));
    BOOST_TEST(!says_dead_token(bluesky, reply(400, "ExpiredToken")));
    auto chirp = parsed(made_up_platform);
    BOOST_TEST(says_dead_token(chirp, reply(401, "")));
    BOOST_TEST(!says_dead_token(chirp, reply(401, R"({"error":{"number":3}})")));
    chirp.proxy.dead_token.clear();
    BOOST_TEST(says_dead_token(chirp, reply(401, R"({"error":{"number":4}})")));
    BOOST_TEST(!says_dead_token(chirp, reply(401, R"({"error":{"number":3}})")));
    chirp.proxy.living_token.clear();
    BOOST_TEST(says_dead_token(chirp, reply(401, R"({"error":{"number":3}})")));
}

BOOST_AUTO_TEST_SUITE_END()
