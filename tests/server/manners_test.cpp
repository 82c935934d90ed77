// What all routes have in common: repeated requests, versions, limits, pages that call from a browser.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace connectd::tests {
namespace {

struct manners_server : whole_server {
    using whole_server::whole_server;

    answer with(std::string_view method, std::string_view target, header_list const& headers,
                boost::json::object const& body = {}) {
        return ask_as(home.key, method, target, body, headers);
    }
    answer repeatable(std::string const& key, std::string_view target, boost::json::object const& body) {
        return with("POST", target, {{"Idempotency-Key", key}}, body);
    }
    std::size_t profiles() { return ask("GET", "/v1/profiles").json().at("data").as_array().size(); }
};

struct limited_server : manners_server {
    limited_server()
        : manners_server{[](server::config& settings) {
              settings.api.requests_per_key = 3;
              settings.api.requests_window = std::chrono::hours{1};
          }} {}
};

struct open_server : manners_server {
    open_server()
        : manners_server{
              [](server::config& settings) { settings.api.cors_origins = {"https://app.example"}; }} {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(manners_test)

BOOST_FIXTURE_TEST_CASE(a_repeated_request_happens_once, manners_server) {
    auto const before = profiles();
    auto const first = repeatable("k1", "/v1/profiles", {{"name", "Ada"}});
    BOOST_TEST(first.status == 201U);
    BOOST_TEST(first.header("idempotent-replayed").empty());
    auto const again = repeatable("k1", "/v1/profiles", {{"name", "Ada"}});
    BOOST_TEST(again.status == 201U);
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.header("etag") == first.header("etag"));
    BOOST_TEST(again.header("idempotent-replayed") == "true");
    BOOST_TEST(refusal(repeatable("k1", "/v1/profiles", {{"name", "Bob"}})) == "422 idempotency_key_reused");
    BOOST_TEST(refusal(repeatable("k1", "/v1/connect/sessions", {{"name", "Ada"}})) ==
               "422 idempotency_key_reused");
    BOOST_TEST(profiles() == before + 1);
    restart();
    BOOST_TEST(repeatable("k1", "/v1/profiles", {{"name", "Ada"}}).body == first.body);
    pretend.clock().advance(std::chrono::hours{25});
    BOOST_TEST(repeatable("k1", "/v1/profiles", {{"name", "Bob"}}).text("/name") == "Bob");
    BOOST_TEST(profiles() == before + 2);
}

BOOST_FIXTURE_TEST_CASE(an_idempotency_key_is_its_workspaces_and_well_formed, manners_server) {
    auto const other = make_tenant("other");
    auto const first = repeatable("k1", "/v1/profiles", {{"name", "Ada"}});
    auto const theirs =
        ask_as(other.key, "POST", "/v1/profiles", {{"name", "Bob"}}, {{"Idempotency-Key", "k1"}});
    BOOST_TEST(theirs.status == 201U);
    BOOST_TEST(theirs.text("/id") != first.text("/id"));
    BOOST_TEST(refusal(repeatable(std::string(256, 'k'), "/v1/profiles", {{"name", "A"}})) ==
               "400 idempotency_key_invalid");
    BOOST_TEST(refusal(repeatable("two words", "/v1/profiles", {{"name", "A"}})) ==
               "400 idempotency_key_invalid");
    auto const made = ask_as(root_key, "POST", "/v1/workspaces/" + home.workspace + "/api-keys",
                             {{"name", "k"}}, {{"Idempotency-Key", "k1"}});
    auto const once_more = ask_as(root_key, "POST", "/v1/workspaces/" + home.workspace + "/api-keys",
                                  {{"name", "k"}}, {{"Idempotency-Key", "k1"}});
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(once_more.text("/key") == made.text("/key")); // it was sealed meanwhile
}

BOOST_FIXTURE_TEST_CASE(a_refusal_for_now_is_not_kept, manners_server) {
    auto const narrow = make_key(home, {"accounts:read"});
    header_list const headers{{"Idempotency-Key", "k1"}};
    BOOST_TEST(refusal(ask_as(narrow, "POST", "/v1/profiles", {{"name", "Ada"}}, headers)) ==
               "403 scope_missing");
    BOOST_TEST(repeatable("k1", "/v1/profiles", {{"name", "Ada"}}).status == 201U);
    auto const wrong = repeatable("k2", "/v1/profiles", {{"name", " "}});
    BOOST_TEST(wrong.status == 422U);
    BOOST_TEST(repeatable("k2", "/v1/profiles", {{"name", " "}}).header("idempotent-replayed") == "true");
}

BOOST_FIXTURE_TEST_CASE(a_change_happens_to_the_version_that_was_seen, manners_server) {
    auto const connected = ask("GET", "/v1/accounts/" + connect_x());
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Ada"}});
    auto const key = ask("POST", "/v1/api-keys", {{"name", "k"}});
    auto const app = ask("GET", "/v1/credentials/" + home.credentials);
    auto const hook = ask("POST", "/v1/webhooks", {{"url", "https://hooks.example/"}});
    struct line {
        std::string path;
        std::string seen;
        std::string_view member = "name";
    };
    line const lines[] = {{"/v1/accounts/" + connected.text("/id"), connected.header("etag"), "metadata"},
                          {"/v1/profiles/" + profile.text("/id"), profile.header("etag")},
                          {"/v1/api-keys/" + key.text("/id"), key.header("etag")},
                          {"/v1/webhooks/" + hook.text("/id"), hook.header("etag"), "description"},
                          {"/v1/credentials/" + home.credentials, app.header("etag")}};
    auto const change = [](line const& of, std::string_view word) -> boost::json::object {
        boost::json::value value = boost::json::string{word};
        if (of.member == "metadata") {
            value = boost::json::object{{"note", word}};
        }
        return {{of.member, value}};
    };
    for (auto const& each : lines) {
        BOOST_TEST_CONTEXT(each.path) {
            BOOST_TEST(!each.seen.empty());
            BOOST_TEST(ask("GET", each.path).header("etag") == each.seen);
            auto const changed = with("PATCH", each.path, {{"If-Match", each.seen}}, change(each, "New"));
            BOOST_TEST(changed.status == 200U);
            BOOST_TEST(changed.header("etag") != each.seen);
            BOOST_TEST(ask("GET", each.path).header("etag") == changed.header("etag"));
            for (auto const& stale : {each.seen, std::string{"\"x\""}, std::string{"7"}}) {
                BOOST_TEST(refusal(with("PATCH", each.path, {{"If-Match", stale}}, change(each, "Late"))) ==
                           "412 precondition_failed");
                BOOST_TEST(refusal(with("DELETE", each.path, {{"If-Match", stale}})) ==
                           "412 precondition_failed");
            }
            BOOST_TEST((ask("GET", each.path).json().at(each.member) == change(each, "New").at(each.member)));
            BOOST_TEST(with("PATCH", each.path, {{"If-Match", "*"}}, change(each, "Last")).status == 200U);
            auto const now = ask("GET", each.path).header("etag");
            BOOST_TEST(with("DELETE", each.path, {{"If-Match", now}}).status < 300U);
        }
    }
    auto const own = "/v1/workspaces/" + home.workspace;
    auto const seen = ask_as(root_key, "GET", own).header("etag");
    BOOST_TEST(ask_as(root_key, "PATCH", own, {{"name", "Shop"}}, {{"If-Match", seen}}).status == 200U);
    BOOST_TEST(refusal(ask_as(root_key, "PATCH", own, {{"name", "Late"}}, {{"If-Match", seen}})) ==
               "412 precondition_failed");
}

BOOST_FIXTURE_TEST_CASE(an_account_that_was_refreshed_is_still_the_one_that_was_seen, manners_server) {
    auto const path = "/v1/accounts/" + connect_x();
    auto const seen = ask("GET", path);
    pretend.clock().advance(std::chrono::minutes{5});
    auto const refreshed = ask("POST", path + "/refresh");
    BOOST_TEST(refreshed.text("/access_expires_at") != seen.text("/access_expires_at"));
    BOOST_TEST(refreshed.header("etag") == seen.header("etag"));
    header_list const as_seen{{"If-Match", seen.header("etag")}};
    boost::json::object const move{
        {"profile_id", ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id")}};
    auto const moved = with("PATCH", path, as_seen, move);
    BOOST_TEST(moved.status == 200U);
    BOOST_TEST(refusal(with("PATCH", path, as_seen, move)) == "412 precondition_failed");
    BOOST_TEST(text(account(moved.text("/id")), "/status") == "active");

    // Who wants to be rid of what was broken does not end what was mended meanwhile.
    header_list const broken{{"If-Match", moved.header("etag")}};
    pretend.clock().advance(std::chrono::seconds{1});
    BOOST_TEST(connect_x("ada", move) == moved.text("/id"));
    BOOST_TEST(refusal(with("DELETE", path, broken)) == "412 precondition_failed");
    BOOST_TEST(text(account(moved.text("/id")), "/status") == "active");
}

BOOST_FIXTURE_TEST_CASE(a_key_that_asks_too_often_has_to_wait, limited_server) {
    auto const first = ask("GET", "/v1/accounts"); // the second of its key
    BOOST_TEST(first.status == 200U);
    BOOST_TEST(first.header("ratelimit-policy") == "\"key\";q=3;w=3600");
    BOOST_TEST(first.header("ratelimit").starts_with("\"key\";r=1;t="));
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/none")) == "404 account_not_found");
    auto const refused = ask("GET", "/v1/accounts");
    BOOST_TEST(refusal(refused) == "429 rate_limit_exceeded");
    auto const wait = std::stoi(refused.header("retry-after"));
    BOOST_TEST(wait > 0);
    BOOST_TEST(wait <= 1200);
    BOOST_TEST(refused.header("ratelimit").starts_with("\"key\";r=0;t="));
    BOOST_TEST(ask_as(make_key(home, {"accounts:read"}), "GET", "/v1/accounts").status == 200U);
    for (int again = 0; again < 5; ++again) {
        BOOST_TEST(ask_as(root_key, "GET", "/v1/workspaces").status == 200U);
    }
}

BOOST_FIXTURE_TEST_CASE(without_a_limit_nobody_speaks_of_one, manners_server) {
    auto const got = ask("GET", "/v1/accounts");
    BOOST_TEST(got.header("ratelimit").empty());
    BOOST_TEST(got.header("cache-control") == "no-store");
    BOOST_TEST(got.header("access-control-allow-origin").empty());
    BOOST_TEST(got.header("vary").empty());
    BOOST_TEST(ask("DELETE", "/v1/profiles/" + ask("POST", "/v1/profiles", {{"name", "A"}}).text("/id"))
                   .header("cache-control") == "no-store");
    header_list const page{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "GET"}};
    BOOST_TEST(fetch(url(), "OPTIONS", "/v1/accounts", page).status == 405U);
}

BOOST_FIXTURE_TEST_CASE(pages_of_named_origins_may_call_and_no_others, open_server) {
    header_list const page{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "PATCH"}};
    auto const allowed = fetch(url(), "OPTIONS", "/v1/profiles/some", page);
    BOOST_TEST(allowed.status == 204U);
    BOOST_TEST(allowed.header("access-control-allow-origin") == "https://app.example");
    BOOST_TEST(allowed.header("access-control-allow-methods") == "GET, PATCH, DELETE");
    BOOST_TEST(allowed.header("access-control-allow-headers").find("Idempotency-Key") != std::string::npos);
    BOOST_TEST(allowed.header("access-control-allow-credentials").empty());
    auto const got = with("GET", "/v1/accounts", page);
    BOOST_TEST(got.header("access-control-allow-origin") == "https://app.example");
    BOOST_TEST(got.header("vary") == "Origin");
    BOOST_TEST(with("GET", "/v1/accounts/none", page).header("access-control-allow-origin") ==
               "https://app.example"); // errors can be read as well
    BOOST_TEST(fetch(url(), "GET", "/v1/nothing", page).header("access-control-allow-origin") ==
               "https://app.example");
    header_list const foreign{{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "GET"}};
    auto const refused = fetch(url(), "OPTIONS", "/v1/accounts", foreign);
    BOOST_TEST(refused.header("access-control-allow-origin").empty());
    BOOST_TEST(refused.header("access-control-allow-methods").empty());
    BOOST_TEST(with("GET", "/v1/accounts", foreign).header("access-control-allow-origin").empty());
    BOOST_TEST(fetch(url(), "OPTIONS", "/healthz", page).status == 405U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
