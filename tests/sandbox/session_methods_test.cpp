// Bluesky's sessions: sign-in by app password, JWTs, rotation with its grace, and the account states, with
// the statuses and error names of the real server.
#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void expect_error(answer const& got, unsigned status, std::string_view name) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.text("/error") == name);
    BOOST_TEST(!got.text("/message").empty());
    BOOST_TEST(got.json().as_object().size() == 2);
    BOOST_TEST(!got.header("ratelimit-limit").empty());
}

boost::json::object payload_of(std::string_view jwt) {
    auto const first = jwt.find('.');
    auto const last = jwt.rfind('.');
    auto const decoded = crypto::decode_base64url(jwt.substr(first + 1, last - first - 1));
    return boost::json::parse(crypto::as_text(decoded.value())).as_object();
}

constexpr auto create = "com.atproto.server.createSession";
constexpr auto refresh = "com.atproto.server.refreshSession";
constexpr auto remove = "com.atproto.server.deleteSession";
constexpr auto get = "com.atproto.server.getSession";

BOOST_AUTO_TEST_SUITE(session_methods_test)

BOOST_AUTO_TEST_CASE(an_app_password_opens_a_session) {
    stage on;
    auto const got = on.sign_in();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/handle") == "ada.sandbox.test");
    BOOST_TEST(got.text("/did").starts_with("did:plc:"));
    BOOST_TEST(got.text("/didDoc/service/0/serviceEndpoint") == on.pretend.bluesky_url());
    BOOST_TEST(got.json().at("active").as_bool() == true);
    BOOST_TEST(!got.json().as_object().contains("expires_in"));
    auto const access = payload_of(got.text("/accessJwt"));
    auto const refreshing = payload_of(got.text("/refreshJwt"));
    BOOST_TEST(access.at("exp").as_int64() - access.at("iat").as_int64() == 7200);
    BOOST_TEST(refreshing.at("exp").as_int64() - refreshing.at("iat").as_int64() == 90 * 86'400);
    BOOST_TEST(access.at("sub").as_string() == got.text("/did"));
    BOOST_TEST(access.at("scope").as_string() == "com.atproto.appPass");
    BOOST_TEST(refreshing.at("scope").as_string() == "com.atproto.refresh");
    BOOST_TEST(on.xrpc_get(get, got.text("/accessJwt")).text("/did") == got.text("/did"));
}

BOOST_AUTO_TEST_CASE(handle_did_and_email_identify) {
    stage on;
    auto const did = on.sign_in().text("/did");
    for (auto const& identifier : {did, std::string{"ADA.sandbox.test"}, std::string{"ada@sandbox.test"}})
        BOOST_TEST(on.sign_in(identifier).text("/did") == did);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_an_unknown_account_look_alike) {
    stage on;
    auto const wrong = on.sign_in("ada.sandbox.test", "abcd-abcd-abcd-abcd");
    expect_error(wrong, 401, "AuthenticationRequired");
    BOOST_TEST(wrong.text("/message") == "Invalid identifier or password");
    BOOST_TEST(on.sign_in("nobody.sandbox.test").body == wrong.body);
    expect_error(on.sign_in("ada.sandbox.test", ""), 401, "AuthenticationRequired");
}

BOOST_AUTO_TEST_CASE(the_input_of_sign_in_is_checked) {
    stage on;
    auto const target = std::string{"/xrpc/"} + create;
    expect_error(on.bluesky.send("POST", target), 400, "InvalidRequest");
    expect_error(on.bluesky.send("POST", target, {{"Content-Type", "text/plain"}}, "{}"), 400,
                 "InvalidRequest");
    expect_error(on.bluesky.send("POST", target, {}, "{}"), 400, "InvalidRequest");
    expect_error(on.bluesky.post_json(target, "[]"), 400, "InvalidRequest");
    auto const missing = on.bluesky.post_json(target, R"({"identifier":"ada.sandbox.test"})");
    BOOST_TEST(missing.text("/message") == "Input must have the property \"password\"");
    auto const wrong_type = on.bluesky.post_json(target, R"({"identifier":1,"password":"a"})");
    BOOST_TEST(wrong_type.text("/message") == "Input/identifier must be a string");
    expect_error(on.bluesky.get(target), 400, "InvalidRequest");
}

BOOST_AUTO_TEST_CASE(an_expired_access_token_is_400_and_not_401) {
    stage on;
    auto const got = on.sign_in();
    on.ahead(hours{2});
    expect_error(on.xrpc_get(get, got.text("/accessJwt")), 400, "ExpiredToken");
    auto const renewed = on.xrpc_post(refresh, got.text("/refreshJwt"));
    BOOST_TEST(renewed.status == 200);
    BOOST_TEST(on.xrpc_get(get, renewed.text("/accessJwt")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_rotates_and_a_lost_answer_does_no_harm_for_two_hours) {
    stage on;
    auto const first = on.sign_in();
    auto const second = on.xrpc_post(refresh, first.text("/refreshJwt"));
    BOOST_TEST(second.status == 200);
    BOOST_TEST(second.text("/handle") == "ada.sandbox.test");
    auto const id = payload_of(second.text("/refreshJwt")).at("jti");
    BOOST_TEST(id != payload_of(first.text("/refreshJwt")).at("jti"));
    on.ahead(minutes{119});
    auto const again = on.xrpc_post(refresh, first.text("/refreshJwt"));
    BOOST_TEST(again.status == 200);
    BOOST_TEST(payload_of(again.text("/refreshJwt")).at("jti") == id);
    on.ahead(minutes{1});
    auto const late = on.xrpc_post(refresh, first.text("/refreshJwt"));
    expect_error(late, 400, "ExpiredToken");
    BOOST_TEST(late.text("/message") == "Token has been revoked");
    BOOST_TEST(on.xrpc_post(refresh, second.text("/refreshJwt")).status == 200);
    BOOST_TEST(on.events("refresh_reused_in_grace") == 1);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_dies_after_90_days) {
    stage on;
    auto const got = on.sign_in();
    on.ahead(hours{24 * 90});
    auto const late = on.xrpc_post(refresh, got.text("/refreshJwt"));
    expect_error(late, 400, "ExpiredToken");
    BOOST_TEST(late.text("/message") == "Token has expired");
}

BOOST_AUTO_TEST_CASE(a_refresh_takes_neither_body_nor_content_type) {
    stage on;
    auto const got = on.sign_in();
    auto const target = std::string{"/xrpc/"} + refresh;
    auto const auth = bearer(got.text("/refreshJwt"));
    expect_error(on.bluesky.post_json(target, "{}", {auth}), 400, "InvalidRequest");
    expect_error(on.bluesky.post_json(target, "", {auth}), 400, "InvalidRequest");
    BOOST_TEST(on.events("refresh_spent") == 0);
    BOOST_TEST(on.bluesky.send("POST", target, {auth}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_wants_the_right_kind_of_token) {
    stage on;
    auto const got = on.sign_in();
    expect_error(on.xrpc_post(refresh, got.text("/accessJwt")), 400, "InvalidToken");
    expect_error(on.xrpc_get(get, got.text("/refreshJwt")), 400, "InvalidToken");
    expect_error(on.bluesky.send("POST", std::string{"/xrpc/"} + refresh), 401, "AuthMissing");
    expect_error(on.xrpc_get(get), 401, "AuthMissing");
    auto forged = got.text("/refreshJwt");
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    expect_error(on.xrpc_post(refresh, forged), 400, "InvalidToken");
    for (auto const* const nonsense : {"a", "a.b", "a.b.c", ".."})
        expect_error(on.xrpc_post(refresh, nonsense), 400, "InvalidToken");
    stage elsewhere;
    expect_error(on.xrpc_post(refresh, elsewhere.sign_in().text("/refreshJwt")), 400, "InvalidToken");
}

BOOST_AUTO_TEST_CASE(deleting_a_session_ends_its_refresh_token_even_an_expired_one) {
    stage on;
    auto const got = on.sign_in();
    expect_error(
        on.bluesky.post_json(std::string{"/xrpc/"} + remove, "{}", {bearer(got.text("/refreshJwt"))}), 400,
        "InvalidRequest");
    auto const gone = on.xrpc_post(remove, got.text("/refreshJwt"));
    BOOST_TEST(gone.status == 200);
    BOOST_TEST(gone.body.empty());
    expect_error(on.xrpc_post(refresh, got.text("/refreshJwt")), 400, "ExpiredToken");
    BOOST_TEST(on.xrpc_get(get, got.text("/accessJwt")).status == 200);
    expect_error(on.xrpc_post(remove, got.text("/accessJwt")), 400, "InvalidToken");
    auto const old = on.sign_in();
    on.ahead(hours{24 * 91});
    BOOST_TEST(on.xrpc_post(remove, old.text("/refreshJwt")).status == 200);
}

BOOST_AUTO_TEST_CASE(deleting_the_app_password_ends_the_sessions_it_opened) {
    stage on;
    auto const made = on.control.post_json("/people/ada/app-passwords", R"({"name":"gateway"})");
    BOOST_TEST(made.status == 201);
    auto const got = on.sign_in("ada.sandbox.test", made.text("/password"));
    auto const other = on.sign_in();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(on.control.send("DELETE", "/people/ada/app-passwords/gateway").status == 200);
    expect_error(on.xrpc_post(refresh, got.text("/refreshJwt")), 400, "ExpiredToken");
    expect_error(on.sign_in("ada.sandbox.test", made.text("/password")), 401, "AuthenticationRequired");
    BOOST_TEST(on.xrpc_post(refresh, other.text("/refreshJwt")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_main_password_with_a_second_factor_wants_the_mailed_code) {
    stage on;
    on.control.send("PATCH", "/people/ada", {},
                    R"({"main_password":"correct horse","email_auth_factor":true})");
    expect_error(on.sign_in("ada.sandbox.test", "correct horse"), 401, "AuthFactorTokenRequired");
    BOOST_TEST(on.sign_in().status == 200);
    auto const with_code = [&](std::string const& code) {
        return on.bluesky.post_json(
            std::string{"/xrpc/"} + create,
            R"({"identifier":"ada.sandbox.test","password":"correct horse","authFactorToken":")" + code +
                R"("})");
    };
    expect_error(with_code("WRONG-CODE1"), 400, "InvalidToken");
    auto const got = with_code("SANDB-OXOXO");
    BOOST_TEST(got.status == 200);
    BOOST_TEST(payload_of(got.text("/accessJwt")).at("scope").as_string() == "com.atproto.access");
}

BOOST_AUTO_TEST_CASE(account_states_show_in_every_method) {
    stage on;
    auto const got = on.sign_in();
    auto const become = [&](std::string const& state) {
        on.control.send("PATCH", "/people/ada", {}, R"({"bluesky_state":")" + state + R"("})");
    };
    for (auto const* const state : {"takendown", "suspended"}) {
        become(state);
        expect_error(on.sign_in(), 401, "AccountTakedown");
        expect_error(on.xrpc_post(refresh, got.text("/refreshJwt")), 401, "AccountTakedown");
        expect_error(on.xrpc_get(get, got.text("/accessJwt")), 401, "AccountTakedown");
    }
    auto const allowed = on.bluesky.post_json(
        std::string{"/xrpc/"} + create,
        R"({"identifier":"ada.sandbox.test","password":"ada2-demo-pass-word","allowTakendown":true})");
    BOOST_TEST(allowed.status == 200);
    BOOST_TEST(allowed.json().at("active").as_bool() == false);
    BOOST_TEST(allowed.text("/status") == "suspended");
    become("deactivated");
    BOOST_TEST(on.sign_in().text("/status") == "deactivated");
    BOOST_TEST(on.xrpc_post(refresh, got.text("/refreshJwt")).text("/status") == "deactivated");
    become("deleted");
    expect_error(on.sign_in(), 401, "AuthenticationRequired");
    expect_error(on.xrpc_post(refresh, got.text("/refreshJwt")), 403, "AccountNotFound");
    become("active");
    BOOST_TEST(on.xrpc_post(refresh, got.text("/refreshJwt")).status == 200);
}

BOOST_AUTO_TEST_CASE(signing_in_is_limited_for_each_account) {
    stage on;
    on.ahead(std::chrono::seconds{300 - on.pretend.clock().now().time_since_epoch() /
                                            std::chrono::seconds{1} % 300});
    auto const first = on.sign_in();
    BOOST_TEST(first.header("ratelimit-limit") == "30");
    BOOST_TEST(first.header("ratelimit-remaining") == "29");
    BOOST_TEST(first.header("ratelimit-policy") == "30;w=300");
    for (int i = 1; i < 30; ++i)
        BOOST_REQUIRE(on.sign_in().status == 200);
    auto const refused = on.sign_in();
    expect_error(refused, 429, "RateLimitExceeded");
    BOOST_TEST(refused.text("/message") == "Rate Limit Exceeded");
    BOOST_TEST(refused.header("retry-after").empty());
    auto const now = on.pretend.clock().now().time_since_epoch() / std::chrono::seconds{1};
    BOOST_TEST(std::stoll(refused.header("ratelimit-reset")) > now);
    BOOST_TEST(on.sign_in("ben.sandbox.test", "ben2-demo-pass-word").status == 200);
    on.ahead(minutes{5});
    BOOST_TEST(on.sign_in().status == 200);
}

BOOST_AUTO_TEST_CASE(unknown_methods_and_paths) {
    stage on;
    expect_error(on.xrpc_get("com.example.unknown"), 501, "MethodNotImplemented");
    expect_error(on.xrpc_get("nonsense"), 400, "InvalidRequest");
    BOOST_TEST(on.bluesky.get("/elsewhere").status == 404);
    BOOST_TEST(on.bluesky.send("POST", "/plc/did:plc:a").status == 405);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
