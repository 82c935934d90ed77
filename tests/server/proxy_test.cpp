// Calls through the proxy: the whole server, over the sandbox where the platform has to behave and over a
// scripted API where it has not.
#include "platforms/embedded_catalog.hpp"
#include "tests/platforms/every_platform.hpp"
#include "tests/server/scripted_api.hpp"
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace connectd::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t large = 64 * 1024 * 1024;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

struct proxy_server : whole_server {
    using whole_server::whole_server;

    std::string path_of(std::string_view account, std::string_view path) {
        return "/v1/accounts/" + std::string{account} + "/proxy/" + std::string{path};
    }
    header_list headers(header_list more = {}) {
        more.emplace_back("Authorization", "Bearer " + home.key);
        return more;
    }
    answer call(std::string_view method, std::string_view account, std::string_view path,
                std::string_view body = {}, header_list more = {}) {
        return send(method, path_of(account, path), headers(std::move(more)), body);
    }
    answer tweet(std::string_view account) {
        auto const body =
            R"({"text":"Fresh rolls )" + std::to_string(++tweets_) + R"("})"; // X takes none twice
        return call("POST", account, "tweets", body, {{"Content-Type", "application/json"}});
    }

  private:
    int tweets_ = 0;
};

// TikTok's web apps cannot return to this machine; its desktop apps can, with another form of PKCE.
struct desktop_files {
    scratch_folder files;

    desktop_files() {
        for (auto const& each : platforms::embedded_catalog()) {
            if (each.name == "tiktok.json") {
                files.write("tiktok.json", replaced(std::string{each.content}, R"("pkce": "none")",
                                                    R"("pkce": "S256-hex")"));
            }
        }
    }
};

// One more platform than X and Bluesky, or one of them.
struct publishing_server : desktop_files, proxy_server {
    explicit publishing_server(platform_row const& of)
        : proxy_server{[this](server::config& made) { made.platforms_dir = files.path(); },
                       std::vector<std::string>{std::string{of.played}}},
          row{of} {}

    // The account of Ada, connected as the platform wants it: the first candidate where there is a choice.
    std::string connect() {
        if (row.name == "bluesky") {
            return connect_bluesky();
        }
        std::string const name{row.name};
        sandbox::oauth::oauth_platform* played = nullptr;
        for (auto const& each : pretend.platforms()) {
            played = each->name() == row.played ? each->as_oauth() : played;
        }
        played->apps().put(
            {std::string{sandbox::sandbox::default_client_id},
             std::string{sandbox::sandbox::default_client_secret},
             "Sandbox App",
             true,
             {url() + "/v1/connect/callback/" + name},
             row.played == "tiktok" ? std::vector<std::string>{"desktop"} : std::vector<std::string>{}});
        bool const registers_itself = row.name == "mastodon";
        if (row.name != "x" && !registers_itself) {
            ask("POST", "/v1/credentials",
                {{"platform", name == "instagram-facebook" ? "facebook" : name}, // whose app it uses
                 {"client_id", sandbox::sandbox::default_client_id},
                 {"client_secret", sandbox::sandbox::default_client_secret}});
        }
        boost::json::object wanted{{"platform", name}, {"choose", "api"}};
        if (registers_itself) {
            wanted["instance"] = "mastodon.sandbox.test";
        }
        auto const begun = begin_x(wanted);
        auto const consented = played->authorization().consent(
            begun.text("/authorize_url"), {.person = std::string{row.person}}, pretend.clock().now());
        BOOST_REQUIRE_MESSAGE(consented.problem.empty(), consented.problem);
        auto const target = consented.location.substr(url().size());
        auto const returned = visit(target.substr(0, target.find('#'))); // Facebook's comes with a fragment
        auto const back = returned.header("location");
        if (parameter(back, "status") == "connected") {
            return parameter(back, "account_id");
        }
        BOOST_REQUIRE_MESSAGE(parameter(back, "status") == "choosing", back + returned.body);
        auto const session = begun.text("/id");
        boost::json::array const first{text(this->session(session), "/candidates/0/id")};
        auto const chosen =
            ask("POST", "/v1/connect/sessions/" + session + "/choose", {{"candidate_ids", first}});
        BOOST_REQUIRE_MESSAGE(chosen.status == 200, chosen.body + back);
        return chosen.text("/account_id");
    }

    answer publish(std::string const& account) {
        auto const id = text(this->account(account), "/platform_user_id");
        auto const fill = [&](std::string_view pattern) {
            return replaced(replaced(std::string{pattern}, "{id}", id), "{n}", "1");
        };
        auto path = fill(row.publish.path);
        path.erase(0, path.find_first_not_of('/'));
        return call("POST", account, path, fill(row.publish.body),
                    {{"Content-Type", std::string{row.publish.content_type}}});
    }

    platform_row const& row;
};

struct scripted_world {
    scripted_api api;
    std::chrono::milliseconds patience = 60s;
};

// X's tokens are the sandbox's, X's API is the script's.
struct scripted_x : scripted_world, proxy_server {
    explicit scripted_x(std::chrono::milliseconds wait = 60s)
        : scripted_world{{}, wait}, proxy_server{[this](server::config& made) {
              made.platforms["x"].endpoints["api_base"] = api.base();
              made.proxy.timeout = patience;
          }} {}

    std::string account = connect_x();
};

struct impatient_x : scripted_x {
    impatient_x() : scripted_x{50ms} {}
};

struct audited_server : proxy_server {
    audited_server() : proxy_server{[](server::config& made) { made.proxy.audit = true; }} {}
};

std::string const nothing = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_test)

BOOST_DATA_TEST_CASE(publishes_on_every_platform, every_platform(), row) {
    publishing_server server{row};
    auto const account = server.connect();
    BOOST_REQUIRE(!account.empty());
    auto const got = server.publish(account);
    BOOST_TEST(got.status == row.publish.status, got.body);
    BOOST_TEST(got.header("via") == "1.1 connectd");
    BOOST_TEST(eventually([&] { return !text(server.account(account), "/last_used_at").empty(); }));
}

BOOST_FIXTURE_TEST_CASE(a_token_that_ended_is_renewed_and_the_call_goes_through, proxy_server) {
    auto const account = connect_x();
    pretend.clock().advance(3h);
    BOOST_TEST(tweet(account).status == 201U);
    pretend.clock().advance(2min); // a newer token would not be renewed
    sandbox::fault dead;
    dead.platform = "x";
    dead.endpoint = "tweets";
    dead.kind = sandbox::fault_kind::status;
    dead.status = 401;
    dead.times = 1;
    pretend.faults().add(dead);
    auto const before = events("refresh_spent");
    BOOST_TEST(tweet(account).status == 201U);
    BOOST_TEST(events("refresh_spent") == before + 1);
    BOOST_TEST(events("refresh_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(who_needs_a_human_is_told_whom, proxy_server) {
    auto const account = connect_x();
    auto const other = make_tenant("other");
    BOOST_TEST(refusal(send("GET", path_of(account, "users/me"), {})) == "401 api_key_missing");
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:read"}), "GET", path_of(account, "users/me"))) ==
               "403 scope_missing");
    BOOST_TEST(refusal(ask_as(other.key, "GET", path_of(account, "users/me"))) == "404 account_not_found");
    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    auto const got = tweet(account);
    BOOST_TEST(refusal(got) == "424 reconnect_needed");
    BOOST_TEST(got.text("/account_status") == "token_expired");
    BOOST_TEST(got.text("/status_cause") == "grant_refused");
    BOOST_TEST(got.text("/reconnect_url").starts_with(url() + "/reconnect/"));
}

BOOST_FIXTURE_TEST_CASE(bytes_cross_as_they_are_and_secrets_do_not, scripted_x) {
    api.reply("HTTP/1.1 200 OK\r\nx-rate-limit-remaining: 3\r\nLocation: /2/a\r\nSet-Cookie: a=b\r\n"
              "Content-Length: 2\r\n\r\n{}");
    auto const got = call("PATCH", account, "a%2Fb//c:d?f%5Bx%5D=List(1)&&y=%2B+", "{}",
                          {{"Cookie", "a=b"},
                           {"x-api-key", "mine"},
                           {"Idempotency-Key", "k"},
                           {"X-Forwarded-For", "10.0.0.1"},
                           {"X-Mine", "kept"}});
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.body == "{}");
    BOOST_TEST(got.header("x-rate-limit-remaining") == "3");
    BOOST_TEST(got.header("location") == "/2/a");
    BOOST_TEST(got.header("set-cookie") == "");
    auto const head = api.heads().at(0);
    BOOST_TEST(head.starts_with("PATCH /2/a%2Fb//c:d?f%5Bx%5D=List(1)&&y=%2B+ HTTP/1.1\r\n"), head);
    BOOST_TEST(head.find("X-Mine: kept\r\n") != std::string::npos);
    auto const token = head.find("Authorization: Bearer ");
    BOOST_REQUIRE(token != std::string::npos);
    auto const secrets = issued_secrets();
    auto const sent = head.substr(token + 22, head.find("\r\n", token) - token - 22);
    BOOST_TEST((std::ranges::find(secrets, sent) != secrets.end()));
    for (auto const* kept_here :
         {"cd_live", "Cookie", "x-api-key", "Idempotency-Key", "X-Forwarded-For", "10.0.0.1"}) {
        BOOST_TEST(head.find(kept_here) == std::string::npos, kept_here);
    }
    for (auto const* way_out :
         {"../1.1/x", "a/%2e%2e/%2e%2e/x", "..%2f..%2fx", "https://other.example/", "/x"}) {
        BOOST_TEST(refusal(call("GET", account, way_out)) == "400 proxy_request_refused", way_out);
    }
    BOOST_TEST(api.heads().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_head_and_an_answer_without_a_body_have_none, scripted_x) {
    api.reply("HTTP/1.1 204 No Content\r\n\r\n");
    client one{url()};
    BOOST_TEST(one.send("DELETE", path_of(account, "tweets/1"), headers()).status == 204U);
    api.reply("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
    one.write_request("HEAD", path_of(account, "tweets/1"), headers({{"Connection", "close"}}));
    auto const head = one.read_to_end();
    BOOST_TEST(head.find("Content-Length: 12345\r\n") != std::string::npos);
    BOOST_TEST(head.ends_with("\r\n\r\n"));
}

BOOST_FIXTURE_TEST_CASE(large_bodies_cross_in_both_directions, scripted_x) {
    api.reply(nothing);
    std::string const body(large, 'x');
    BOOST_TEST(call("PUT", account, "media", body).status == 200U);
    BOOST_TEST(api.body_bytes() == large);
    api.pour(large);
    auto const got = call("GET", account, "media");
    BOOST_TEST(got.body.size() == large);
    BOOST_TEST((got.ended == ending::complete));
}

BOOST_FIXTURE_TEST_CASE(a_large_upload_with_a_dead_token_has_to_be_sent_again, scripted_x) {
    api.reply("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\ndead");
    std::string const body(1'000'000, 'x');
    auto const got = call("POST", account, "media", body);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(got.body == "dead");
    BOOST_TEST(got.header("connectd-send-again") != "");
    BOOST_TEST(api.heads().size() == 1U);
    api.reply(nothing);
    BOOST_TEST(call("POST", account, "media", body).status == 200U);
    BOOST_TEST((api.heads().at(0) != api.heads().at(1))); // the token is another one
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_ends_the_call, scripted_x) {
    api.reply(nothing);
    client one{url()};
    one.write("POST " + path_of(account, "media") + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
              home.key + "\r\nContent-Length: 10000000\r\n\r\n" + std::string(1'000'000, 'x'));
    BOOST_TEST(eventually([&] { return !api.heads().empty(); }));
    one.leave();
    api.wait_for_ends(1);
    BOOST_TEST(api.body_bytes() < 10'000'000U);
}

BOOST_FIXTURE_TEST_CASE(a_platform_that_breaks_off_is_never_taken_for_done, scripted_x) {
    api.reply("", true);
    auto const none = call("POST", account, "tweets", "{}");
    BOOST_TEST(refusal(none) == "502 platform_unavailable");
    api.reply("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true);
    auto const half = call("GET", account, "tweets");
    BOOST_TEST(half.status == 200U);
    BOOST_TEST(half.body.size() < 10U);
    BOOST_TEST((half.ended != ending::complete));
    api.reply("nonsense\r\n\r\n", true);
    BOOST_TEST(refusal(call("GET", account, "tweets")) == "502 platform_answer_invalid");
}

BOOST_FIXTURE_TEST_CASE(a_platform_that_never_answers_is_given_up, impatient_x) {
    api.hang();
    BOOST_TEST(refusal(call("GET", account, "tweets")) == "504 platform_timeout");
}

BOOST_FIXTURE_TEST_CASE(a_call_that_has_to_wait_is_answered_here, scripted_x) {
    api.reply("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 90\r\nContent-Length: 4\r\n\r\nslow");
    BOOST_TEST(call("POST", account, "tweets", "{}").body == "slow");
    auto const waits = call("POST", account, "tweets", "{}");
    BOOST_TEST(refusal(waits) == "429 call_has_to_wait");
    BOOST_TEST(std::stoi(waits.header("retry-after")) <= 90);
    BOOST_TEST(api.heads().size() == 1U);
    api.reply(nothing);
    pretend.clock().advance(90s);
    BOOST_TEST(call("POST", account, "tweets", "{}").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(calls_are_in_the_log_where_the_operator_wants_that, audited_server) {
    auto const account = connect_x();
    BOOST_TEST(tweet(account).status == 201U);
    BOOST_TEST(told_of(account).back() == "proxy.called");
    auto const said = last_told_of(account);
    BOOST_TEST(text(said, "/path") == "tweets");
    BOOST_TEST(said.at("status_of_platform").as_int64() == 201);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
