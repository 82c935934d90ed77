// Connecting, refreshing and leaving a Bluesky account over a scripted client.
#include "platforms/connector.hpp"
#include "platforms/quirks/bluesky.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::built_in;
using connectd::tests::header;
using connectd::tests::run;
using connectd::tests::scripted_client;

constexpr auto document = R"({"id":"did:plc:abc","service":[{"id":"#atproto_pds",
    "type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example"}]})";
constexpr auto session_answer = R"({"accessJwt":"acc.e30.s","refreshJwt":"ref.e30.s","did":"did:plc:abc",
    "handle":"bakery.example"})";
constexpr auto profile = R"({"did":"did:plc:abc","displayName":"Harbour Bakery"})";

struct fixture {
    boost::asio::io_context context{1};
    scripted_client client;
    connector calls{client};
    secret none;
    app_credentials app{"", none};
    deadline until = deadline(std::chrono::hours(1000));
    descriptor const& bluesky = built_in("bluesky");

    outcome<connected> connect(std::string_view typed) {
        return run(context, bluesky::connect(client, bluesky, bluesky::parse_identifier(typed).value(),
                                             secret::copy_of("abcd-efgh-2345-wxyz"), until));
    }
    token_set tokens() const {
        token_set made;
        made.access_token = secret::copy_of("acc");
        made.refresh_token = secret::copy_of("ref");
        made.api_base = "https://pds.example";
        made.extras.emplace_back("did", secret::copy_of("did:plc:abc"));
        return made;
    }
    std::vector<std::string> urls() const {
        std::vector<std::string> list;
        for (auto const& request : client.sent) {
            list.push_back(request.url);
        }
        return list;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bluesky_test, fixture)

BOOST_AUTO_TEST_CASE(a_handle_leads_to_its_server_and_the_login_happens_there) {
    client.answer(200, R"({"did":"did:plc:abc"})");
    client.answer(200, document);
    client.answer(200, session_answer);
    client.answer(200, profile);
    auto const made = connect("@Bakery.example");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "did:plc:abc");
    BOOST_TEST(made->who.value().username == "bakery.example");
    BOOST_TEST(made->who.value().display_name == "Harbour Bakery");
    BOOST_TEST(made->tokens.api_base == "https://pds.example");
    std::vector<std::string> const expected = {
        "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=bakery.example",
        "https://plc.directory/did:plc:abc", "https://pds.example/xrpc/com.atproto.server.createSession",
        "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=did%3Aplc%3Aabc"};
    BOOST_TEST(urls() == expected, boost::test_tools::per_element());
    BOOST_TEST(!client.sent[1].user_given_url);
    BOOST_TEST(client.sent[2].user_given_url);
    BOOST_TEST(client.sent[2].body == R"({"identifier":"did:plc:abc","password":"abcd-efgh-2345-wxyz"})");
    BOOST_TEST((client.deadlines == std::vector<deadline>(4, until)));
}

BOOST_AUTO_TEST_CASE(the_handles_own_server_helps_when_the_service_does_not) {
    client.answer(503, "");
    client.answer(200, "did:plc:abc\n");
    client.answer(200, document);
    client.answer(200, session_answer);
    client.fail(errc::timed_out); // the profile's failure fails nothing
    auto const made = connect("bakery.example");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().display_name == "bakery.example");
    BOOST_TEST(urls()[1] == "https://bakery.example/.well-known/atproto-did");
    BOOST_TEST(client.sent[1].user_given_url);
}

BOOST_AUTO_TEST_CASE(an_unknown_handle_is_refused_and_an_outage_is_not) {
    client.answer(400, R"({"error":"InvalidRequest","message":"Unable to resolve handle"})");
    client.fail(errc::resolve_failed);
    auto const unknown = connect("bakery.example");
    BOOST_TEST(unknown.error().what == verdict::refused);
    BOOST_TEST(unknown.error().code == errc::identifier_not_found);
    client.answer(502, "<html>");
    client.answer(404, "");
    BOOST_TEST(connect("bakery.example").error().what == verdict::temporary);
    client.fail(errc::connect_failed);
    client.fail(errc::address_refused);
    BOOST_TEST(connect("bakery.example").error().code == errc::connect_failed);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_did_needs_no_resolving) {
    client.answer(404, R"({"message":"DID not registered"})");
    BOOST_TEST(connect("did:plc:abc").error().code == errc::identifier_not_found);
    client.answer(200, R"({"id":"did:web:bakery.example","service":[{"id":"#atproto_pds",
        "type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example"}]})");
    client.answer(401, R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})");
    auto const wrong = connect("did:web:bakery.example");
    BOOST_TEST(wrong.error().what == verdict::refused);
    BOOST_TEST(wrong.error().code == errc::credentials_refused);
    BOOST_TEST(urls()[1] == "https://bakery.example/.well-known/did.json");
    BOOST_TEST(client.sent[1].user_given_url);
}

BOOST_AUTO_TEST_CASE(an_email_goes_to_the_entryway_and_learns_its_server_afterwards) {
    client.answer(200, session_answer);
    client.answer(200, document);
    client.answer(200, profile);
    auto const made = connect("Owner@bakery.example");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.api_base == "https://pds.example");
    BOOST_TEST(urls()[0] == "https://bsky.social/xrpc/com.atproto.server.createSession");
    BOOST_TEST(!client.sent[0].user_given_url);
    BOOST_TEST(client.sent[0].body.starts_with(R"({"identifier":"owner@bakery.example")"));
}

BOOST_AUTO_TEST_CASE(after_an_email_login_the_entryway_serves_until_the_server_is_known) {
    client.answer(200, session_answer);
    client.fail(errc::connect_failed);
    client.answer(200, profile);
    BOOST_TEST(connect("owner@bakery.example").value().tokens.api_base == "https://bsky.social");
}

BOOST_AUTO_TEST_CASE(accounts_that_may_not_be_used_are_refused) {
    client.answer(200, document);
    client.answer(
        200, R"({"accessJwt":"a","refreshJwt":"r","did":"did:plc:abc","handle":"h.example","active":false,
        "status":"deactivated"})");
    auto const inactive = connect("did:plc:abc");
    BOOST_TEST(inactive.error().what == verdict::refused);
    BOOST_TEST(inactive.error().code == errc::account_suspended);
    client.answer(200, document);
    client.answer(401, R"({"error":"AuthFactorTokenRequired","message":"A sign in code has been sent"})");
    BOOST_TEST(connect("did:plc:abc").error().code == errc::second_factor_required);
}

BOOST_AUTO_TEST_CASE(a_server_that_answers_for_another_account_is_refused) {
    client.answer(200, document);
    client.answer(200, R"({"accessJwt":"a","refreshJwt":"r","did":"did:plc:other","handle":"h.example"})");
    BOOST_TEST(connect("did:plc:abc").error().what == verdict::refused);
}

BOOST_AUTO_TEST_CASE(a_refused_address_of_the_accounts_server_is_the_users_to_mend) {
    client.answer(200, document);
    client.fail(errc::address_refused);
    auto const made = connect("did:plc:abc");
    BOOST_TEST(made.error().what == verdict::refused);
    BOOST_TEST(made.error().code == errc::address_refused);
}

BOOST_AUTO_TEST_CASE(a_refresh_goes_to_the_accounts_server_and_may_move_with_it) {
    auto const current = tokens();
    client.answer(200, session_answer);
    auto const same = run(context, calls.refresh(bluesky, app, current, until));
    BOOST_TEST_REQUIRE(same.has_value());
    BOOST_TEST(same->api_base == "https://pds.example");
    BOOST_TEST(same->refresh_token.value().reveal() == "ref.e30.s");
    BOOST_TEST(client.sent[0].url == "https://pds.example/xrpc/com.atproto.server.refreshSession");
    BOOST_TEST(client.sent[0].user_given_url);
    BOOST_TEST(header(client.sent[0], "Authorization") == "Bearer ref");
    BOOST_TEST(client.sent[0].body == "");
    std::string moved(session_answer);
    moved.insert(1, R"("didDoc":{"id":"did:plc:abc","service":[{"id":"did:plc:abc#atproto_pds",
        "type":"AtprotoPersonalDataServer","serviceEndpoint":"https://new.example"}]},)");
    client.answer(200, moved);
    BOOST_TEST(run(context, calls.refresh(bluesky, app, current, until)).value().api_base ==
               "https://new.example");
}

BOOST_AUTO_TEST_CASE(refreshes_fail_by_their_names) {
    auto const current = tokens();
    client.answer(400, R"({"error":"ExpiredToken","message":"Token has been revoked"})");
    auto const dead = run(context, calls.refresh(bluesky, app, current, until));
    BOOST_TEST(dead.error().what == verdict::refused);
    BOOST_TEST(dead.error().code == errc::grant_refused);
    client.answer(200, R"({"accessJwt":"a","refreshJwt":"r","did":"did:plc:other","handle":"h.example"})");
    BOOST_TEST(run(context, calls.refresh(bluesky, app, current, until)).error().what == verdict::refused);
    client.fail(errc::connection_lost);
    BOOST_TEST(run(context, calls.refresh(bluesky, app, current, until)).error().what ==
               verdict::unknown_outcome);
    auto const nothing = token_set{};
    BOOST_TEST(run(context, calls.refresh(bluesky, app, nothing, until)).error().code == errc::grant_refused);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(leaving_deletes_the_session) {
    auto const current = tokens();
    client.answer(200, "");
    BOOST_TEST(run(context, calls.revoke(bluesky, app, current, until)).has_value());
    BOOST_TEST(client.sent[0].url == "https://pds.example/xrpc/com.atproto.server.deleteSession");
    BOOST_TEST(header(client.sent[0], "Authorization") == "Bearer ref");
    client.answer(400, R"({"error":"ExpiredToken"})");
    BOOST_TEST(run(context, calls.revoke(bluesky, app, current, until)).has_value());
    client.answer(500, "");
    BOOST_TEST(run(context, calls.revoke(bluesky, app, current, until)).error().what == verdict::temporary);
    auto const nothing = token_set{};
    BOOST_TEST(run(context, calls.revoke(bluesky, app, nothing, until)).has_value());
}

BOOST_AUTO_TEST_CASE(the_identity_is_read_again_from_the_session) {
    auto const current = tokens();
    client.answer(200, R"({"did":"did:plc:abc","handle":"new.example"})");
    client.answer(200, profile);
    auto const who = run(context, calls.fetch_identity(bluesky, current, until));
    BOOST_TEST(who.value().username == "new.example");
    BOOST_TEST(who.value().display_name == "Harbour Bakery");
    client.answer(400, R"({"error":"ExpiredToken"})");
    BOOST_TEST(run(context, calls.fetch_identity(bluesky, current, until)).error().code ==
               errc::grant_refused);
}

BOOST_AUTO_TEST_SUITE_END()
