// The calls of a connection over a scripted client: what is asked, in which order, and what failures mean.
#include "platforms/connector.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::built_in;
using connectd::tests::header;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::run;
using connectd::tests::scripted_client;

constexpr auto x_tokens =
    R"({"token_type":"bearer","expires_in":7200,"access_token":"acc","refresh_token":"ref"})";
constexpr auto x_user = R"({"data":{"id":"1450000000000000001","name":"Ada","username":"ada"}})";

struct fixture {
    boost::asio::io_context context{1};
    scripted_client client;
    connector calls{client};
    secret key = secret::copy_of("secret-1");
    app_credentials app{"client-id-1", key};
    deadline until = deadline(std::chrono::hours(1000));
    descriptor const& x = built_in("x");

    token_set tokens() const {
        token_set made;
        made.access_token = secret::copy_of("acc");
        made.refresh_token = secret::copy_of("ref");
        return made;
    }
    outcome<connected> connect() {
        return run(context, calls.connect(x, app, "code-1", "https://app.example/cb",
                                          secret::copy_of("verifier"), until));
    }
};

struct broken {
    errc error;
    verdict exchange;
    verdict identity;
};

std::ostream& operator<<(std::ostream& out, broken const& one) {
    return out << make_error_code(one.error).message();
}

broken const network_errors[] = {
    {errc::invalid_url, verdict::operator_fault, verdict::operator_fault},
    {errc::invalid_request, verdict::operator_fault, verdict::operator_fault},
    {errc::address_refused, verdict::refused, verdict::temporary},
    {errc::too_many_waiting, verdict::temporary, verdict::temporary},
    {errc::resolve_failed, verdict::temporary, verdict::temporary},
    {errc::connect_failed, verdict::temporary, verdict::temporary},
    {errc::tls_failed, verdict::temporary, verdict::temporary},
    {errc::certificate_refused, verdict::temporary, verdict::temporary},
    {errc::timed_out_unsent, verdict::temporary, verdict::temporary},
    {errc::cancelled_unsent, verdict::temporary, verdict::temporary},
    {errc::timed_out, verdict::unknown_outcome, verdict::temporary},
    {errc::cancelled, verdict::unknown_outcome, verdict::temporary},
    {errc::connection_lost, verdict::unknown_outcome, verdict::temporary},
    {errc::malformed_response, verdict::unknown_outcome, verdict::temporary},
    {errc::response_too_large, verdict::unknown_outcome, verdict::temporary},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connector_test, fixture)

// While the secret is being changed either side may know only one of the two.
BOOST_AUTO_TEST_CASE(a_refused_secret_is_followed_by_the_one_before) {
    auto const old = secret::copy_of("secret-0");
    app_credentials const changing{"client-id-1", key, &old};
    auto const refresh = [&](app_credentials const& with) {
        auto const current = tokens();
        return run(context, calls.refresh(x, with, current, until));
    };
    constexpr auto refused = R"({"error":"invalid_client"})";
    client.answer(401, refused);
    client.answer(200, x_tokens);
    BOOST_TEST(refresh(changing).has_value());
    BOOST_TEST(client.sent.size() == 2U);
    client.answer(401, refused);
    client.answer(401, refused);
    BOOST_TEST((refresh(changing).error().code == errc::client_refused));
    client.answer(401, refused);
    BOOST_TEST((refresh(app).error().code == errc::client_refused));
    client.answer(400, R"({"error":"invalid_grant"})"); // a dead token is nobody's secret
    BOOST_TEST((refresh(changing).error().code == errc::grant_refused));
    BOOST_TEST(client.sent.size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_connection_exchanges_the_code_and_asks_who_it_is) {
    client.answer(200, x_tokens);
    client.answer(200, x_user);
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "acc");
    BOOST_TEST_REQUIRE(made->who.has_value());
    BOOST_TEST(made->who->id == "1450000000000000001");
    BOOST_TEST_REQUIRE(client.sent.size() == 2u);
    BOOST_TEST(client.sent[0].url == "https://api.x.com/2/oauth2/token");
    BOOST_TEST(client.sent[0].body.find(
                   "code=code-1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=verifier") !=
               std::string::npos);
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer acc");
    BOOST_TEST((client.deadlines == std::vector<deadline>{until, until}));
}

BOOST_AUTO_TEST_CASE(a_refused_code_asks_nothing_more) {
    client.answer(
        400,
        R"({"error":"invalid_request","error_description":"Value passed for the authorization code was invalid."})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::refused);
    BOOST_TEST(made.error().code == errc::grant_refused);
    BOOST_TEST(client.sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(tokens_survive_a_failed_identity_call) {
    client.answer(200, x_tokens);
    client.answer(503, "");
    auto made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST_REQUIRE(!made->who.has_value());
    BOOST_TEST(made->who.error().what == verdict::temporary);
    BOOST_TEST(made->tokens.access_token.reveal() == "acc");
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "ref");
    client.answer(200, x_user);
    auto const again = run(context, calls.fetch_identity(x, made->tokens, until));
    BOOST_TEST(again.value().username == "ada");
}

// A platform that refuses a token for seconds after it was issued.
struct young_tokens : fixture {
    static constexpr auto too_young = R"({"error":{"number":65601,"text":"The token is not known yet"}})";
    descriptor platform = parsed(made_up_platform);
    token_set set = tokens();

    young_tokens() {
        platform.identity.retry_after = {std::chrono::seconds(0), std::chrono::seconds(0)};
        platform.identity.fresh_token = {{{{401, 401}}, {"65601"}, {}, ""}};
    }
    outcome<identity> who() { return run(context, calls.fetch_identity(platform, set, until)); }
};

BOOST_FIXTURE_TEST_CASE(a_token_that_is_too_young_is_tried_again, young_tokens) {
    client.answer(401, too_young);
    client.answer(401, too_young);
    client.answer(200, R"({"data":{"user":{"open_id":"1","nick":"ada"}}})");
    BOOST_TEST(who().value().username == "ada");
    BOOST_TEST_REQUIRE(client.sent.size() == 3u);
    BOOST_TEST(client.sent[2].url == client.sent[0].url);
    BOOST_TEST(header(client.sent[2], "Authorization") == "Bearer acc");
    BOOST_TEST((client.deadlines[2] == until));
}

BOOST_FIXTURE_TEST_CASE(a_token_is_not_tried_for_ever, young_tokens) {
    for (int tries = 0; tries < 3; ++tries) {
        client.answer(401, too_young);
    }
    BOOST_TEST(who().error().code == errc::grant_refused);
    BOOST_TEST(client.done());
}

BOOST_FIXTURE_TEST_CASE(only_what_says_that_it_is_too_young_is_tried_again, young_tokens) {
    client.answer(401, R"({"error":{"number":1}})");
    BOOST_TEST(who().error().code == errc::grant_refused);
    client.answer(401, too_young);
    client.fail(errc::connection_lost);
    BOOST_TEST(who().error().code == errc::connection_lost);
    BOOST_TEST(client.sent.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_pause_that_outlasts_the_deadline_is_not_begun, young_tokens) {
    platform.identity.retry_after = {std::chrono::hours(1)};
    until = std::chrono::steady_clock::now() + std::chrono::minutes(30);
    client.answer(401, too_young);
    BOOST_TEST(who().error().code == errc::grant_refused);
    BOOST_TEST(client.sent.size() == 1u);
}

BOOST_DATA_TEST_CASE(network_errors_tell_what_may_have_happened, network_errors, one) {
    client.fail(one.error);
    auto const exchanged = connect();
    BOOST_TEST_REQUIRE(!exchanged.has_value());
    BOOST_TEST(exchanged.error().what == one.exchange);
    BOOST_TEST(exchanged.error().code == one.error);
    BOOST_TEST(exchanged.error().http_status == 0u);
    client.fail(one.error);
    auto const set = tokens();
    auto const who = run(context, calls.fetch_identity(x, set, until));
    BOOST_TEST_REQUIRE(!who.has_value());
    BOOST_TEST(who.error().what == one.identity);
}

BOOST_AUTO_TEST_CASE(a_refresh_whose_answer_is_lost_has_an_unknown_outcome) {
    auto const current = tokens();
    client.fail(errc::connection_lost);
    BOOST_TEST(run(context, calls.refresh(x, app, current, until)).error().what == verdict::unknown_outcome);
    client.fail(errc::address_refused);
    BOOST_TEST(run(context, calls.refresh(x, app, current, until)).error().what == verdict::temporary);
    client.answer(200, R"({"access_token":"acc2","refresh_token":"ref2"})");
    auto const renewed = run(context, calls.refresh(x, app, current, until));
    BOOST_TEST_REQUIRE(renewed.has_value());
    BOOST_TEST(renewed->refresh_token.value().reveal() == "ref2");
    BOOST_TEST(client.sent.back().body == "grant_type=refresh_token&refresh_token=ref");
}

BOOST_AUTO_TEST_CASE(every_token_is_revoked_even_when_one_fails) {
    auto const current = tokens();
    client.answer(503, "");
    client.answer(200, "{}");
    auto const failed = run(context, calls.revoke(x, app, current, until));
    BOOST_TEST_REQUIRE(!failed.has_value());
    BOOST_TEST(failed.error().what == verdict::temporary);
    BOOST_TEST(client.sent.size() == 2u);
    client.answer(200, R"({"revoked":true})");
    client.answer(400, R"({"error":"invalid_request"})"); // dead already
    BOOST_TEST(run(context, calls.revoke(x, app, current, until)).has_value());
    client.fail(errc::timed_out);
    client.answer(200, "");
    BOOST_TEST(run(context, calls.revoke(x, app, current, until)).error().what == verdict::temporary);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_platform_without_a_revoke_endpoint_has_nothing_to_do) {
    auto platform = parsed(made_up_platform);
    platform.endpoints.revoke_url.clear();
    auto const current = tokens();
    BOOST_TEST(run(context, calls.revoke(platform, app, current, until)).has_value());
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(an_invented_platform_connects_by_its_file_alone) {
    auto const chirp = parsed(made_up_platform);
    client.answer(
        200,
        R"({"data":{"key":"k0","renewal":"r1","lives":"60","permissions":"me,post","open_id":123456789012345678901}})");
    client.answer(200, R"({"data":{"key":"k1","lives":"86400"}})");
    client.answer(
        200, R"({"data":{"user":{"open_id":123456789012345678901,"nick":"ada"}},"error":{"number":"ok"}})");
    auto const made =
        run(context, calls.connect(chirp, app, "c", "https://a.example/cb", secret::copy_of("v"), until));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "123456789012345678901");
    BOOST_TEST(!made->candidates.has_value()); // no scope of those that reach more than the person
    BOOST_TEST_REQUIRE(client.sent.size() == 3u);
    BOOST_TEST(client.sent[0].body.ends_with("&app_key=client-id-1&app_secret=secret-1&forever=true"));
    BOOST_TEST(client.sent[1].body == "grant_type=lengthen&app_secret=secret-1&key=k0");
    BOOST_TEST(made->tokens.access_token.reveal() == "k1");
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "r1");
    BOOST_TEST((made->tokens.expires_in == std::chrono::seconds(86400)));
    BOOST_TEST(made->tokens.scopes.size() == 2u);
    client.answer(200, R"({"data":{"key":"k2"}})");
    auto const renewed = run(context, calls.refresh(chirp, app, made->tokens, until));
    BOOST_TEST_REQUIRE(renewed.has_value());
    BOOST_TEST(renewed->access_token.reveal() == "k2");
    BOOST_TEST(!renewed->refresh_token.has_value()); // static: the caller keeps the old one
    BOOST_TEST_REQUIRE(find_extra(*renewed, "open_id") != nullptr);
    BOOST_TEST(find_extra(*renewed, "open_id")->reveal() == "123456789012345678901");
    client.answer(200, "");
    BOOST_TEST(run(context, calls.revoke(chirp, app, made->tokens, until)).has_value());
    BOOST_TEST(client.sent.back().body == "key=k1&app_key=client-id-1&app_secret=secret-1");
}

BOOST_AUTO_TEST_SUITE_END()
