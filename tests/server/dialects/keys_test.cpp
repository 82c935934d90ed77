// Keys in the vendors' APIs: making and revoking them, how they begin, which API they lead to where nothing
// else says it, how much of their limit is left, and requests that are sent twice with one Idempotency-Key.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace connectd::tests {
namespace {

struct keys_server : whole_server {
    using whole_server::whole_server;

    vendor_client autoposting{*this, "/compat/autoposting/api-proxy", "Authorization", "Bearer "};
    vendor_client letmepost{*this, "/compat/letmepost", "Authorization", "Bearer "};
    vendor_client unipost{*this, "/compat/unipost", "Authorization", "Bearer "};

    answer send_with(vendor_client const& as, std::string_view method, std::string const& path,
                     std::string_view body, header_list headers) {
        headers.emplace_back("Authorization", "Bearer " + as.key);
        headers.emplace_back("Content-Type", "application/json");
        return fetch(url(), method, as.base + path, headers, body);
    }
};

struct limited_server : keys_server {
    limited_server()
        : keys_server{[](server::config& settings) {
              settings.api.requests_per_key = 3;
              settings.api.requests_window = std::chrono::hours{1};
          }} {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(keys_test)

BOOST_FIXTURE_TEST_CASE(unipost_makes_keys_without_scopes, keys_server) {
    auto const made = unipost.ask("POST", "/v1/api-keys", R"({"name":"CI","environment":"production"})");
    BOOST_TEST(difference({"POST", "", "", 201,
                           R"({"data":{"id":"<any>","name":"CI","key":"<any>","prefix":"<any>",
                           "environment":"production","created_at":"<time>"},"request_id":"<id>"})"},
                          made) == "");
    BOOST_TEST(made.header("cache-control") == "no-store");
    BOOST_TEST(made.text("/data/key").starts_with(made.text("/data/prefix")));
    auto const path = "/v1/api-keys/" + made.text("/data/id");
    constexpr std::string_view not_found =
        R"({"error":{"code":"NOT_FOUND","normalized_code":"not_found","message":"<any>"},"request_id":"<id>"})";
    play(unipost.with_key(made.text("/data/key")),
         {{"GET", "/v1/accounts", "", 200,
           R"({"data":[],"meta":{"total":0,"limit":0},"request_id":"<id>"})"}});
    auto const rows = unipost.ask("GET", "/v1/api-keys");
    BOOST_TEST(rows.text("/data/1/name") == "CI");
    BOOST_TEST(rows.json().at_pointer("/data/1/expires_at").is_null());
    BOOST_TEST(rows.json().at_pointer("/meta/total").as_int64() == 2);
    play(unipost, {{"DELETE", path, "", 204, ""}, {"DELETE", path, "", 404, not_found}});
    BOOST_TEST(unipost.ask("GET", "/v1/api-keys").json().at_pointer("/meta/total").as_int64() == 1);
    BOOST_TEST(unipost.with_key(made.text("/data/key")).ask("GET", "/v1/accounts").status == 401U);
    BOOST_TEST(unipost.ask("POST", "/v1/api-keys", R"({"name":"x","environment":"test"})").status == 422U);
    BOOST_TEST(ask("GET", "/v1/audit?action=api_keys.revoke").text("/data/0/target") ==
               made.text("/data/id"));
}

BOOST_FIXTURE_TEST_CASE(letmepost_makes_keys_with_our_scopes, keys_server) {
    auto const made =
        letmepost.ask("POST", "/v1/api-keys",
                      R"({"name":"CI","prefix":"lmp_live_","scopes":["accounts:read"],"profileId":null})");
    BOOST_TEST(difference({"POST", "", "", 201,
                           R"({"id":"<any>","name":"CI","prefix":"lmp_live_","last4":"<any>",
                           "scopes":["accounts:read"],"profileId":null,"key":"<any>","createdAt":"<time>"})"},
                          made) == "");
    auto const narrow = letmepost.with_key(made.text("/key"));
    BOOST_TEST(narrow.ask("GET", "/v1/accounts").status == 200U);
    BOOST_TEST(narrow.ask("POST", "/v1/profiles", R"({"name":"x"})").status == 403U);
    auto const rows = letmepost.ask("GET", "/v1/api-keys");
    BOOST_TEST(rows.json().at_pointer("/data/1/revokedAt").is_null());
    auto const path = "/v1/api-keys/" + made.text("/id");
    auto const revoked = R"({"id":")" + made.text("/id") + R"(","revokedAt":"<time>"})";
    play(letmepost, {{"DELETE", path, "", 200, revoked}});
    BOOST_TEST(letmepost.ask("DELETE", path).status == 404U);
    BOOST_TEST(!letmepost.ask("GET", "/v1/api-keys").text("/data/1/revokedAt").empty());
    // What would be a restriction is not silently left out.
    for (std::string_view const body :
         {R"({"name":"x","prefix":"lmp_test_"})", R"({"name":"x","prefix":"lmp_live_","profileId":"prof_1"})",
          R"({"name":"x","prefix":"lmp_live_","scopes":["posts:fly"]})"}) {
        BOOST_TEST(letmepost.ask("POST", "/v1/api-keys", body).text("/error/code") == "validation_failed");
    }
}

BOOST_FIXTURE_TEST_CASE(autoposting_has_words_of_its_own_for_scopes, keys_server) {
    auto const made = autoposting.ask(
        "POST", "/api-keys",
        R"({"name":"CI","scopes":["brands:read","clips:write"],"expiresAt":"2999-01-01T00:00:00+01:00"})");
    BOOST_TEST(difference({"POST", "", "", 200,
                           R"({"success":true,"data":{"id":"<any>","name":"CI","scopes":["brands:read"],
                           "expiresAt":"2998-12-31T23:00:00.000Z","key":"<any>","createdAt":"<time>"}})"},
                          made) == "");
    auto const narrow = autoposting.with_key(made.text("/data/key"));
    BOOST_TEST(narrow.ask("GET", "/brands").status == 200U);
    BOOST_TEST(narrow.ask("POST", "/brands", R"({"name":"x"})").status == 403U);
    auto const path = "/api-keys/" + made.text("/data/id");
    play(autoposting,
         {{"PATCH", path, R"({"name":"Build","expiresAt":null})", 200,
           R"({"success":true,"data":{"id":"<any>","name":"Build","scopes":["brands:read"],"expiresAt":null,
           "updatedAt":"<time>"}})"},
          {"DELETE", path, "", 200, R"({"success":true,"data":{"deleted":true}})"},
          {"DELETE", path, "", 404,
           R"({"success":false,"error":"not_found","code":"not_found","message":"<any>"})"}});
    BOOST_TEST(autoposting.ask("GET", "/api-keys").json().at("data").as_array().size() == 1U);
    for (std::string_view const body : {R"({"name":"x","scopes":["kb:read"]})", R"({"name":"x"})",
                                        R"({"name":"x","scopes":["brands:read"],"expiresAt":"soon"})"}) {
        BOOST_TEST(autoposting.ask("POST", "/api-keys", body).text("/error") == "validation_error");
    }
}

BOOST_FIXTURE_TEST_CASE(a_key_that_begins_like_a_vendors_leads_to_its_api, keys_server) {
    vendor_client const bare{*this, "", "Authorization", "Bearer "};
    auto const same = [&](std::string_view begin) { return bare.with_key(std::string{begin} + home.key); };
    BOOST_TEST(same("up_live_").ask("GET", "/v1/accounts").json().as_object().contains("request_id"));
    BOOST_TEST(same("lmp_test_").ask("GET", "/v1/profiles").text("/data/0/slug") == "default");
    BOOST_TEST(same("smcp_").ask("GET", "/v1/workspaces").status == 200U);
    BOOST_TEST(same("sk-social-").ask("GET", "/api-proxy/brands").text("/data/0/slug") == "default");
    vendor_client const by_header{*this, "", "x-api-key", ""};
    BOOST_TEST(by_header.with_key("sk-social-" + home.key).ask("GET", "/brands").status == 200U);
    // A wrong one is refused in the vendor's words, and so is what there is no route for.
    BOOST_TEST(bare.with_key("up_test_wrong").ask("GET", "/v1/accounts").text("/error/code") ==
               "UNAUTHORIZED");
    BOOST_TEST(same("lmp_live_").ask("GET", "/v1/nowhere").text("/error/code") == "not_found");
    BOOST_TEST(same("up_live_").ask("PUT", "/v1/accounts").text("/error/normalized_code") ==
               "method_not_allowed");
    // Below a mount the mount decides, and ours stays ours.
    BOOST_TEST(letmepost.with_key("up_live_" + home.key).ask("GET", "/v1/accounts").text("/error/code") ==
               "unauthenticated");
    BOOST_TEST(bare.ask("GET", "/v1/accounts").json().as_object().contains("next_cursor"));
    // Browsers have no key: what they are sent to is below the mount.
    auto const begun = same("up_live_").ask("POST", "/v1/oauth/connect", R"({"platform":"twitter"})");
    BOOST_TEST(parameter(begun.text("/data/auth_url"), "redirect_uri") ==
               url() + "/compat/unipost/v1/oauth/callback/twitter");
}

BOOST_FIXTURE_TEST_CASE(vendors_say_how_much_of_the_limit_is_left, limited_server) {
    // The first was the one that stored the tenant's app.
    auto const first = letmepost.ask("GET", "/v1/accounts");
    BOOST_TEST(first.header("ratelimit-limit") == "3");
    BOOST_TEST(first.header("x-ratelimit-limit") == "3");
    BOOST_TEST(first.header("ratelimit-remaining") == "1");
    BOOST_TEST(!first.header("ratelimit-reset").empty());
    auto const second = autoposting.ask("GET", "/brands");
    BOOST_TEST(second.header("x-ratelimit-limit") == "3");
    BOOST_TEST(second.header("x-ratelimit-remaining") == "0");
    auto const now = std::chrono::floor<std::chrono::seconds>(pretend.clock().now().time_since_epoch());
    BOOST_TEST(std::stoll(second.header("x-ratelimit-reset")) > now.count());
    auto const refused = autoposting.ask("GET", "/brands");
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(!refused.header("retry-after").empty());
    BOOST_TEST(unipost.ask("GET", "/v1/accounts").text("/error/code") == "RATE_LIMITED");
}

BOOST_FIXTURE_TEST_CASE(letmeposts_client_sends_a_write_twice_and_it_happens_once, keys_server) {
    auto const create = [&](std::string_view name, std::string_view key) {
        return send_with(letmepost, "POST", "/v1/profiles", R"({"name":")" + std::string{name} + "\"}",
                         {{"Idempotency-Key", std::string{key}}});
    };
    auto const first = create("North", "key-1");
    BOOST_TEST(first.status == 201U);
    BOOST_TEST(first.header("idempotency-replayed") == "");
    auto const again = create("North", "key-1");
    BOOST_TEST(again.status == 201U);
    BOOST_TEST(again.header("idempotency-replayed") == "true");
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.header("content-type") == first.header("content-type"));
    auto const other = create("South", "key-1");
    BOOST_TEST(other.status == 409U);
    BOOST_TEST(other.text("/error/code") == "idempotency_conflict");
    auto const remove = [&] {
        return send_with(letmepost, "DELETE", "/v1/profiles/" + first.text("/id"), "",
                         {{"Idempotency-Key", "key-2"}});
    };
    BOOST_TEST(remove().status == 200U);
    BOOST_TEST(remove().status == 200U); // the answer of before
    BOOST_TEST(letmepost.ask("GET", "/v1/profiles").json().at("data").as_array().size() == 1U);
    // UniPost has no such keys: each write is one.
    for (int turn = 0; turn < 2; ++turn) {
        BOOST_TEST(
            send_with(unipost, "POST", "/v1/api-keys", R"({"name":"x"})", {{"Idempotency-Key", "key-3"}})
                .header("idempotency-replayed") == "");
    }
    BOOST_TEST(unipost.ask("GET", "/v1/api-keys").json().at_pointer("/meta/total").as_int64() == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
