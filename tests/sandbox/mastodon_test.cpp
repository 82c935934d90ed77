// The pretend Mastodon instance: registration, logins without an end, older servers and forks.
#include "tests/sandbox/stage.hpp"
#include "tests/support/client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr std::string_view callback = "https://hub.example.net/cb/mastodon";

struct instance {
    sandbox::sandbox pretend{{.only = {"mastodon"}}};
    client web{pretend.url("mastodon")};
    std::string id, secret;

    answer enrol(boost::json::object const& changed = {}) {
        boost::json::object body{{"client_name", "Hub"},
                                 {"redirect_uris", callback},
                                 {"scopes", "profile write:statuses"},
                                 {"website", "https://hub.example.net"}};
        for (auto const& [name, value] : changed)
            body[name] = value;
        auto got = web.post_json("/api/v1/apps", boost::json::serialize(body));
        if (got.status == 200) {
            id = got.text("/client_id");
            secret = got.text("/client_secret");
        }
        return got;
    }

    // Where the browser ends after the person's decision.
    std::string consent(std::map<std::string, std::string> const& changed = {},
                        std::string_view decision = "approve") {
        std::map<std::string, std::string> query{{"response_type", "code"},
                                                 {"client_id", id},
                                                 {"redirect_uri", std::string{callback}},
                                                 {"scope", "profile write:statuses"},
                                                 {"state", "s-1"}};
        for (auto const& [name, value] : changed)
            query[name] = value;
        auto& page = pretend.platforms().front()->as_oauth()->authorization();
        auto const ended =
            page.consent("/oauth/authorize?" + query_of(query),
                         {.answer = std::string{decision}, .person = "ada"}, pretend.clock().now());
        return ended.problem.empty() ? ended.location : "page: " + ended.problem;
    }

    answer exchange(std::string_view code, std::map<std::string, std::string> const& changed = {}) {
        std::map<std::string, std::string> form{{"grant_type", "authorization_code"},
                                                {"code", std::string{code}},
                                                {"redirect_uri", std::string{callback}},
                                                {"client_id", id},
                                                {"client_secret", secret}};
        for (auto const& [name, value] : changed)
            form[name] = value;
        return web.post_form("/oauth/token", query_of(form));
    }

    std::string token() { return exchange(parameter_of(consent(), "code")).text("/access_token"); }

    void turn_on(std::string_view name) { pretend.platforms().front()->switches().set({std::string{name}}); }

    answer post(std::string_view token, std::string_view text, header_list headers = {}) {
        headers.push_back(bearer(token));
        return web.post_json("/api/v1/statuses",
                             boost::json::serialize(boost::json::object{{"status", text}}), headers);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(mastodon_test)

BOOST_AUTO_TEST_CASE(anybody_registers_an_application) {
    instance at;
    auto const got = at.enrol();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/redirect_uri") == callback);
    BOOST_TEST(boost::json::serialize(got.json().at("scopes")) == R"(["profile","write:statuses"])");
    auto const several = at.enrol({{"redirect_uris", {"https://a.example/cb", "https://b.example/cb"}}});
    BOOST_TEST(several.json().at("redirect_uris").as_array().size() == 2u);
    BOOST_TEST(at.enrol({{"client_name", ""}}).text("/error") ==
               "Validation failed: Application name can't be blank");
    BOOST_TEST(at.enrol({{"redirect_uris", "not a uri"}}).status == 422);
    BOOST_TEST(at.enrol({{"scopes", "profile fly"}}).status == 422);
}

BOOST_AUTO_TEST_CASE(a_server_before_4_3_knows_neither_profile_nor_arrays_nor_metadata) {
    instance at;
    BOOST_TEST(at.web.get("/.well-known/oauth-authorization-server").status == 200);
    at.turn_on("version_4_2");
    BOOST_TEST(at.enrol().status == 422);
    BOOST_TEST(at.enrol({{"scopes", "read:accounts write:statuses"},
                         {"redirect_uris", boost::json::array{callback}}})
                   .status == 422);
    auto const got = at.enrol({{"scopes", "read:accounts write:statuses"}});
    BOOST_TEST(got.status == 200);
    BOOST_TEST(!got.json().as_object().contains("scopes"));
    BOOST_TEST(at.web.get("/.well-known/oauth-authorization-server").status == 404);
    // PKCE is ignored: no verifier is asked for.
    auto const code = parameter_of(at.consent({{"scope", "read:accounts"},
                                               {"code_challenge", std::string{stage::challenge}},
                                               {"code_challenge_method", "S256"}}),
                                   "code");
    BOOST_TEST(at.exchange(code).status == 200);
}

BOOST_AUTO_TEST_CASE(only_a_wrong_client_or_address_ends_on_a_page) {
    instance at;
    at.enrol();
    BOOST_TEST(at.consent({{"client_id", "nobody"}}).starts_with("page: "));
    BOOST_TEST(at.consent({{"redirect_uri", "https://hub.example.net/cb/mastodon/"}}).starts_with("page: "));
    BOOST_TEST(parameter_of(at.consent({{"scope", "read"}}), "error") == "invalid_scope"); // not registered
    BOOST_TEST(parameter_of(at.consent({{"code_challenge", "x"}, {"code_challenge_method", "plain"}}),
                            "error") == "invalid_request");
    auto const denied = at.consent({}, "deny");
    BOOST_TEST(parameter_of(denied, "error") == "access_denied");
    BOOST_TEST(parameter_of(denied, "state") == "s-1");
}

BOOST_AUTO_TEST_CASE(a_token_has_no_end_and_is_shared_by_logins) {
    instance at;
    at.enrol();
    auto const got = at.exchange(parameter_of(at.consent(), "code"));
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/token_type") == "Bearer");
    BOOST_TEST(got.text("/scope") == "profile write:statuses");
    BOOST_TEST(got.json().at("created_at").is_int64());
    BOOST_TEST(!got.json().as_object().contains("expires_in"));
    BOOST_TEST(!got.json().as_object().contains("refresh_token"));
    auto const token = got.text("/access_token");
    BOOST_TEST(at.token() == token);
    at.pretend.clock().advance(std::chrono::hours{24 * 365});
    BOOST_TEST(at.web.get("/api/v1/accounts/verify_credentials", {bearer(token)}).status == 200);
    at.turn_on("fresh_tokens");
    BOOST_TEST(at.token() != token);
}

BOOST_AUTO_TEST_CASE(a_code_is_bound_to_everything_and_works_once) {
    instance at;
    at.enrol();
    std::map<std::string, std::string> const pkce{{"code_challenge", std::string{stage::challenge}},
                                                  {"code_challenge_method", "S256"}};
    BOOST_TEST(at.exchange(parameter_of(at.consent(pkce), "code")).text("/error") == "invalid_grant");
    auto const code = parameter_of(at.consent(pkce), "code");
    BOOST_TEST(at.exchange(code, {{"redirect_uri", "https://hub.example.net/"}}).text("/error") ==
               "invalid_grant");
    BOOST_TEST(at.exchange(code, {{"code_verifier", std::string{stage::verifier}}}).status == 200);
    BOOST_TEST(at.exchange(code, {{"code_verifier", std::string{stage::verifier}}}).text("/error") ==
               "invalid_grant");
    auto const late = parameter_of(at.consent(), "code");
    at.pretend.clock().advance(std::chrono::minutes{11});
    BOOST_TEST(at.exchange(late).text("/error") == "invalid_grant");
    BOOST_TEST(at.exchange("x", {{"client_secret", "wrong"}}).status == 401);
}

BOOST_AUTO_TEST_CASE(an_instance_that_forgot_the_app_says_invalid_client) {
    instance at;
    at.enrol();
    auto const code = parameter_of(at.consent(), "code");
    at.pretend.platforms().front()->as_oauth()->apps().remove(at.id);
    auto const got = at.exchange(code);
    BOOST_TEST(got.status == 401);
    BOOST_TEST(got.text("/error") == "invalid_client");
}

BOOST_AUTO_TEST_CASE(an_account_says_who_it_is) {
    instance at;
    at.enrol();
    auto const got = at.web.get("/api/v1/accounts/verify_credentials", {bearer(at.token())});
    BOOST_TEST(got.text("/username") == "ada");
    BOOST_TEST(got.text("/id").size() == 18u);
    BOOST_TEST(got.header("x-ratelimit-reset").ends_with(".000000Z"));
    BOOST_TEST(at.web.get("/oauth/userinfo", {bearer(at.token())}).text("/preferred_username") == "ada");
    BOOST_TEST(at.web.get("/api/v1/accounts/verify_credentials").status == 401);
    auto const posting =
        at.exchange(parameter_of(at.consent({{"scope", "write:statuses"}}), "code")).text("/access_token");
    BOOST_TEST(at.web.get("/api/v1/accounts/verify_credentials", {bearer(posting)}).text("/error") ==
               "This action is outside the authorized scopes");
}

BOOST_AUTO_TEST_CASE(a_post_with_a_key_comes_once) {
    instance at;
    at.enrol();
    auto const token = at.token();
    auto const first = at.post(token, "Fresh rolls", {{"Idempotency-Key", "k-1"}});
    BOOST_TEST(first.status == 200);
    BOOST_TEST(at.post(token, "Fresh rolls", {{"Idempotency-Key", "k-1"}}).text("/id") == first.text("/id"));
    BOOST_TEST(at.post(token, "Fresh rolls").text("/id") != first.text("/id"));
    BOOST_TEST(at.post(token, "").status == 422);
    BOOST_TEST(at.post(token, std::string(501, 'a')).status == 422);
}

BOOST_AUTO_TEST_CASE(links_visibility_and_times_of_a_post_are_checked) {
    instance at;
    at.enrol();
    auto const token = at.token();
    auto const post = [&](boost::json::object const& body) {
        return at.web.post_json("/api/v1/statuses", boost::json::serialize(body), {bearer(token)});
    };
    BOOST_TEST(
        at.post(token, std::string(476, 'a') + " https://example.com/" + std::string(90, 'b')).status == 200);
    BOOST_TEST(at.post(token, std::string(477, 'a') + " https://example.com/").status == 422);
    BOOST_TEST(post({{"status", "a"}, {"visibility", "unlisted"}}).text("/visibility") == "unlisted");
    BOOST_TEST(post({{"status", "a"}, {"visibility", "secret"}}).status == 422);
    BOOST_TEST(post({{"status", "a"}, {"scheduled_at", "2020-01-01T00:00:00Z"}}).status == 422);
    auto const later = post({{"status", "a"}, {"scheduled_at", "2090-01-01T00:00:00Z"}});
    BOOST_TEST(later.status == 200);
    BOOST_TEST(later.text("/scheduled_at") == "2090-01-01T00:00:00.000Z");
    BOOST_TEST(!later.json().as_object().contains("url"));
}

BOOST_AUTO_TEST_CASE(a_frozen_account_is_no_dead_token_and_a_forgotten_app_takes_its_tokens_along) {
    instance at;
    at.enrol();
    auto const token = at.token();
    auto const freeze = [&](std::vector<std::string> traits) {
        at.pretend.persons().change(*at.pretend.persons().find("ada"),
                                    [&](sandbox::person& who) { who.traits = std::move(traits); });
    };
    freeze({"mastodon_disabled"});
    auto const refused = at.post(token, "Hidden rolls");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("/error") == "Your login is currently disabled");
    freeze({});
    BOOST_TEST(at.post(token, "Fresh rolls").status == 200);
    at.pretend.platforms().front()->as_oauth()->apps().remove(at.id);
    BOOST_TEST(at.post(token, "Late rolls").text("/error") == "The access token is invalid");
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_dead_and_revoking_again_is_fine) {
    instance at;
    at.enrol();
    auto const token = at.token();
    auto const form = query_of({{"client_id", at.id}, {"client_secret", at.secret}, {"token", token}});
    BOOST_TEST(at.web.post_form("/oauth/revoke", form).status == 200);
    BOOST_TEST(at.post(token, "Late rolls").text("/error") == "The access token was revoked");
    BOOST_TEST(at.web.post_form("/oauth/revoke", form).status == 200);
    auto const other = at.token();
    at.enrol({{"client_name", "Another"}});
    auto const foreign = query_of({{"client_id", at.id}, {"client_secret", at.secret}, {"token", other}});
    auto const refused = at.web.post_form("/oauth/revoke", foreign);
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("/error") == "unauthorized_client");
}

BOOST_AUTO_TEST_CASE(a_fork_gives_tokens_that_end_and_rotate) {
    instance at;
    at.turn_on("fork_with_expiry");
    at.enrol();
    auto const got = at.exchange(parameter_of(at.consent(), "code"));
    BOOST_TEST(got.json().at("expires_in").as_int64() == 7200);
    auto const spent = got.text("/refresh_token");
    at.pretend.clock().advance(std::chrono::hours{2});
    BOOST_TEST(at.post(got.text("/access_token"), "Late rolls").text("/error") == "The access token expired");
    auto const renew = [&](std::string const& token) {
        return at.exchange("", {{"grant_type", "refresh_token"}, {"refresh_token", token}});
    };
    auto const renewed = renew(spent);
    BOOST_TEST(renewed.text("/refresh_token") != spent);
    BOOST_TEST(at.post(renewed.text("/access_token"), "Fresh rolls").status == 200);
    BOOST_TEST(renew(spent).text("/error") == "invalid_grant");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
