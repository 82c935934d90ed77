// Sessions of a Bluesky server: the requests to the byte, and what the answers hold.
#include "platforms/quirks/bluesky_session.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::bluesky;
using connectd::crypto::secret;
using connectd::tests::built_in;
using connectd::tests::header;
using connectd::tests::reply;

// Payload {"exp":1767225600,"sub":"did:plc:abc"}
constexpr auto access_jwt = "eyJ0eXAiOiJhdCtqd3QifQ.eyJleHAiOjE3NjcyMjU2MDAsInN1YiI6ImRpZDpwbGM6YWJjIn0.c2ln";

std::string session_body(std::string more = "") {
    return std::string(R"({"accessJwt":")") + access_jwt + R"(","refreshJwt":"ref.e30.x","did":"did:plc:abc",
        "handle":"bakery.example","email":"owner@bakery.example")" +
           more + "}";
}

outcome<session> parse(std::string body, unsigned status = 200, std::string_view did = "did:plc:abc") {
    return parse_session(built_in("bluesky"), call_kind::exchange, did, reply(status, std::move(body)));
}

std::string const no_sessions[] = {
    "{}",
    R"({"accessJwt":"a","refreshJwt":"r","handle":"h"})",
    R"({"accessJwt":"a","did":"did:plc:abc"})",
    R"({"refreshJwt":"r","did":"did:plc:abc"})",
    R"({"accessJwt":"a","refreshJwt":"","did":"did:plc:abc"})",
    R"({"accessJwt":"a","refreshJwt":"r","did":"someone"})",
};

std::string const jwts_without_an_end[] = {
    "",
    ".",
    "..",
    "a.b",
    "a.!!.c",
    "a.e30.c",
    "a.eyJleHAiOiJzb29uIn0.c",              // {"exp":"soon"}
    "a.eyJleHAiOi0xfQ.c",                   // {"exp":-1}
    "a.eyJleHAiOjF9",                       // no third part
    "a.eyJleHAiOjk5OTk5OTk5OTk5OTk5OTl9.c", // {"exp":9999999999999999}
    "a.eyJleHAiOjE3NjcyMjU2MDAuNX0.c",      // {"exp":1767225600.5}
};

} // namespace

BOOST_AUTO_TEST_SUITE(bluesky_session_test)

BOOST_AUTO_TEST_CASE(the_login_is_a_json_post_without_client_authentication) {
    auto const request = create_session_request("https://pds.example", true, "owner\"x@bakery.example",
                                                secret::copy_of("abcd-efgh-2345-wxyz"));
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://pds.example/xrpc/com.atproto.server.createSession");
    BOOST_TEST(request.body ==
               R"({"identifier":"owner\"x@bakery.example","password":"abcd-efgh-2345-wxyz"})");
    BOOST_TEST(header(request, "Content-Type") == "application/json");
    BOOST_TEST(header(request, "Authorization") == "");
    BOOST_TEST(request.user_given_url);
}

BOOST_AUTO_TEST_CASE(refresh_and_delete_have_neither_a_body_nor_a_content_type) {
    auto const jwt = secret::copy_of("ref");
    for (auto const& request : {refresh_session_request("https://pds.example", true, jwt),
                                delete_session_request("https://pds.example", true, jwt)}) {
        BOOST_TEST(request.method == "POST");
        BOOST_TEST(request.body == "");
        BOOST_TEST(header(request, "Content-Type") == "");
        BOOST_TEST(header(request, "Authorization") == "Bearer ref");
    }
    BOOST_TEST(refresh_session_request("https://p.example", true, jwt).url ==
               "https://p.example/xrpc/com.atproto.server.refreshSession");
    BOOST_TEST(delete_session_request("https://p.example", true, jwt).url ==
               "https://p.example/xrpc/com.atproto.server.deleteSession");
    auto const get = get_session_request("https://p.example", false, jwt);
    BOOST_TEST(get.method == "GET");
    BOOST_TEST(get.url == "https://p.example/xrpc/com.atproto.server.getSession");
    BOOST_TEST(!get.user_given_url);
}

BOOST_AUTO_TEST_CASE(a_session_holds_both_tokens_and_their_ends) {
    auto const made = parse(session_body(R"(,"active":true,"didDoc":{"id":"did:plc:abc","service":[{
        "id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://morel.example"}]})"));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->did == "did:plc:abc");
    BOOST_TEST(made->handle == "bakery.example");
    BOOST_TEST(made->active);
    BOOST_TEST(made->tokens.access_token.reveal() == access_jwt);
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "ref.e30.x");
    BOOST_TEST(made->tokens.expires_at.value().time_since_epoch().count() == 1767225600);
    BOOST_TEST(!made->tokens.refresh_expires_at.has_value());
    BOOST_TEST(made->tokens.api_base == "https://morel.example");
    BOOST_TEST_REQUIRE(made->tokens.extras.size() == 1u);
    BOOST_TEST(made->tokens.extras[0].second.reveal() == "did:plc:abc");
}

BOOST_AUTO_TEST_CASE(a_document_of_somebody_else_moves_nobody) {
    auto const made = parse(session_body(R"(,"didDoc":{"id":"did:plc:other","service":[{"id":"#atproto_pds",
        "type":"AtprotoPersonalDataServer","serviceEndpoint":"https://evil.example"}]})"));
    BOOST_TEST(made.value().tokens.api_base == "");
}

BOOST_AUTO_TEST_CASE(an_inactive_account_says_so) {
    BOOST_TEST(!parse(session_body(R"(,"active":false,"status":"takendown")")).value().active);
    BOOST_TEST(parse(session_body()).value().active);
}

BOOST_AUTO_TEST_CASE(a_session_of_another_account_is_refused) {
    auto const made = parse(session_body(), 200, "did:plc:somebody");
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::refused);
    BOOST_TEST(made.error().code == errc::malformed_answer);
    BOOST_TEST(parse(session_body(), 200, "").has_value()); // an e-mail: nothing to compare with
}

BOOST_DATA_TEST_CASE(a_success_without_a_session_is_temporary, no_sessions, body) {
    auto const made = parse(body);
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::temporary);
    BOOST_TEST(made.error().code == errc::malformed_answer);
}

BOOST_AUTO_TEST_CASE(a_session_that_breaks_off_may_exist) {
    auto const made = parse(R"({"accessJwt":"a","refr)");
    BOOST_TEST(made.error().what == verdict::unknown_outcome);
    BOOST_TEST(parse("<html>").error().what == verdict::temporary);
    BOOST_TEST(parse("").error().what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(refusals_are_known_by_name) {
    auto const wrong =
        parse(R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})", 401);
    BOOST_TEST(wrong.error().code == errc::credentials_refused);
    BOOST_TEST(wrong.error().platform_message == "Invalid identifier or password");
    BOOST_TEST(parse(R"({"error":"AuthFactorTokenRequired"})", 401).error().code ==
               errc::second_factor_required);
}

BOOST_AUTO_TEST_CASE(get_session_tells_id_and_handle) {
    auto const& bluesky = built_in("bluesky");
    auto const answer = reply(200, R"({"did":"did:plc:abc","handle":"bakery.example","active":true})");
    auto const who = parse_get_session(bluesky, "did:plc:abc", answer);
    BOOST_TEST(who.value().id == "did:plc:abc");
    BOOST_TEST(who.value().username == "bakery.example");
    BOOST_TEST(who.value().display_name == "bakery.example");
    BOOST_TEST(parse_get_session(bluesky, "did:plc:other", answer).error().what == verdict::refused);
    BOOST_TEST(parse_get_session(bluesky, "", reply(200, "{}")).error().code == errc::malformed_answer);
    BOOST_TEST(parse_get_session(bluesky, "", reply(400, R"({"error":"ExpiredToken"})")).error().code ==
               errc::grant_refused);
}

BOOST_AUTO_TEST_CASE(the_profile_adds_what_it_has) {
    BOOST_TEST(profile_request(built_in("bluesky"), "did:plc:abc").url ==
               "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=did%3Aplc%3Aabc");
    identity const before{"did:plc:abc", "bakery.example", "bakery.example", ""};
    auto who = before;
    add_profile(
        reply(200,
              R"({"did":"did:plc:abc","displayName":"Harbour Bakery","avatar":"https://cdn.example/a"})"),
        who);
    BOOST_TEST(who.display_name == "Harbour Bakery");
    BOOST_TEST(who.avatar_url == "https://cdn.example/a");
    for (auto const& answer : {reply(404, R"({"did":"did:plc:abc","displayName":"x"})"), reply(200, "<html>"),
                               reply(200, R"({"did":"did:plc:other","displayName":"x"})"),
                               reply(200, R"({"did":"did:plc:abc","displayName":""})")}) {
        who = before;
        add_profile(answer, who);
        BOOST_TEST(who.display_name == "bakery.example");
        BOOST_TEST(who.avatar_url == "");
    }
}

BOOST_DATA_TEST_CASE(a_jwt_without_a_readable_end_has_none, jwts_without_an_end, jwt) {
    BOOST_TEST(!jwt_expiry(jwt).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
