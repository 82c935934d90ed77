// Calls through the proxy over a platform that answers what the test says: which token they carry, what is
// tried again and what is not, and what callers are told when there is no answer.
#include "server/services/proxy/forwarder.hpp"
#include "tests/server/services/refresh/support.hpp"

#include <boost/test/data/test_case.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

namespace connectd::server::services::proxy::testing {
namespace {

using namespace refresh::testing;

struct proxy_fixture : plain_world {
    account_tokens tokens_service{store, keys, catalog, client, clock, chosen, refreshes, resolver};
    pauses waits;
    runtime::task_group jobs{io.get_executor(), "jobs"};
    forwarder service{store, tokens_service, client, clock, chosen, waits, jobs};
    std::string upload; // of the next call

    proxy_fixture() {
        refreshes.open({refreshes_one, tasks, io.get_executor(), [](storage::refresh_due) {},
                        [](refresh::report const&) {}});
    }

    static platforms::task<platforms::result<std::size_t>> read(std::shared_ptr<std::string> rest,
                                                                std::span<char> into) {
        auto const size = rest->copy(into.data(), into.size());
        rest->erase(0, size);
        co_return size;
    }

    call post(std::string path, bool announced = true) {
        call made{.method = "POST",
                  .path = std::move(path),
                  .query = {},
                  .headers = {{"Content-Type", "text/plain"}},
                  .body = {},
                  .length = {},
                  .deadline = runtime::deadline_in(1min),
                  .request_id = "request-1"};
        if (!upload.empty()) {
            auto const rest = std::make_shared<std::string>(upload);
            made.body = [rest](std::span<char> into) { return read(rest, into); };
            made.length = announced ? std::optional<std::uint64_t>{upload.size()} : std::nullopt;
        }
        return made;
    }
    forwarder::result forward(call made) {
        return tests::run(io, service.forward(owner.id, id.to_string(), std::move(made)));
    }
    answer answered(call made) {
        auto got = forward(std::move(made));
        BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().why.code.message() + got.error().why.detail);
        return std::move(*got);
    }
    proxy::refusal refused(call made) {
        auto got = forward(std::move(made));
        BOOST_REQUIRE(got.has_error());
        return got.error();
    }
    errc code_of(call made) { return static_cast<errc>(refused(std::move(made)).why.code.value()); }

    std::string body_of(answer const& got) {
        std::string all;
        std::array<char, 100> piece;
        for (std::size_t size = 1; size != 0;) {
            size = tests::run(io, got.body(piece)).value();
            all.append(piece.data(), size);
        }
        return all;
    }
    // The token of the request with that number.
    std::string token_of(std::size_t number) {
        for (auto const& [name, value] : client.sent.at(number).headers) {
            if (name == "Authorization") {
                return value;
            }
        }
        return "none";
    }
    static std::string header(header_list const& of, std::string_view name) {
        auto const found = std::ranges::find(of, name, [](auto const& each) { return each.first; });
        return found == of.end() ? "" : found->second;
    }
    void answer_dead() { client.answer(401, R"({"title":"Unauthorized","status":401})"); }
};

struct trouble {
    platforms::errc met;
    errc told;
};

std::ostream& operator<<(std::ostream& out, trouble const& one) {
    return out << name_of(one.told) << " for " << static_cast<int>(one.met);
}

trouble const troubles[] = {
    {platforms::errc::timed_out, errc::platform_timeout},
    {platforms::errc::timed_out_unsent, errc::platform_timeout},
    {platforms::errc::connection_lost, errc::platform_unavailable},
    {platforms::errc::connect_failed, errc::platform_unavailable},
    {platforms::errc::resolve_failed, errc::platform_unavailable},
    {platforms::errc::certificate_refused, errc::platform_unavailable},
    {platforms::errc::too_many_waiting, errc::platform_unavailable},
    {platforms::errc::address_refused, errc::platform_unavailable},
    {platforms::errc::malformed_response, errc::platform_answer_invalid},
    {platforms::errc::invalid_request, errc::proxy_request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(forwarder_test, proxy_fixture)

BOOST_AUTO_TEST_CASE(a_call_goes_to_the_base_with_the_token_and_comes_back_as_it_is) {
    connect();
    upload = R"({"text":"hi"})";
    client.answer(201, R"({"data":{"id":"1"}})", {{"x-rate-limit-remaining", "9"}, {"Set-Cookie", "a=b"}});
    auto made = post("tweets");
    made.query = "dry=%20run";
    auto const got = answered(std::move(made));
    BOOST_TEST(got.status == 201U);
    BOOST_TEST(header(got.headers, "x-rate-limit-remaining") == "9");
    BOOST_TEST(header(got.headers, "Set-Cookie") == "");
    BOOST_TEST(body_of(got) == R"({"data":{"id":"1"}})");
    auto const& sent = client.sent.front();
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.url == "https://api.x.com/2");
    BOOST_TEST(sent.target == "/2/tweets?dry=%20run");
    BOOST_TEST(sent.body == upload);
    BOOST_TEST(!sent.user_given_url);
    BOOST_TEST(token_of(0) == "Bearer access-1");
}

BOOST_AUTO_TEST_CASE(the_accounts_own_server_is_called_with_care) {
    auto made = connection("bluesky");
    made.accounts.front().tokens.api_base = "https://pds.example";
    connect(std::move(made));
    client.answer(200, "{}");
    answered(post("xrpc/com.atproto.repo.createRecord"));
    BOOST_TEST(client.sent.front().url == "https://pds.example");
    BOOST_TEST(client.sent.front().target == "/xrpc/com.atproto.repo.createRecord");
    BOOST_TEST(client.sent.front().user_given_url);
}

BOOST_AUTO_TEST_CASE(a_token_whose_time_is_over_is_renewed_before_it_is_used) {
    connect();
    clock.advance(3h);
    answer_tokens("2");
    client.answer(200, "{}");
    BOOST_TEST(answered(post("tweets")).status == 200U);
    BOOST_TEST(token_of(1) == "Bearer access-2");
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_dead_token_costs_one_refresh_and_one_more_try) {
    connect();
    upload = "small enough";
    answer_dead();
    answer_tokens("2");
    client.answer(201, "made");
    auto const got = answered(post("tweets"));
    BOOST_TEST(got.status == 201U);
    BOOST_TEST(token_of(2) == "Bearer access-2");
    BOOST_TEST(client.sent.at(2).body == upload);
    BOOST_TEST(told() == "token.refreshed");
    BOOST_TEST(header(got.headers, send_again_header) == "");
}

BOOST_AUTO_TEST_CASE(but_no_second_one) {
    connect();
    answer_dead();
    answer_tokens("2");
    answer_dead();
    auto const got = answered(post("tweets"));
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(body_of(got) == R"({"title":"Unauthorized","status":401})");
    BOOST_TEST(client.done());
    BOOST_TEST((account().status == storage::account_status::active));
}

BOOST_AUTO_TEST_CASE(a_platform_that_goes_on_refusing_new_tokens_costs_no_more_of_them) {
    connect();
    answer_dead();
    answer_tokens("2");
    answer_dead();
    answered(post("tweets"));
    answer_dead();
    BOOST_TEST(answered(post("tweets")).status == 401U);
    BOOST_TEST(client.done());
    clock.advance(61s);
    answer_dead();
    answer_tokens("3");
    client.answer(201, "made");
    BOOST_TEST(answered(post("tweets")).status == 201U);
}

BOOST_AUTO_TEST_CASE(not_every_401_means_a_dead_token) {
    connect("linkedin");
    client.answer(401, R"({"serviceErrorCode":65604,"message":"Empty oauth2 access token","status":401})");
    BOOST_TEST(answered(post("posts")).status == 401U);
    BOOST_TEST(client.sent.size() == 1U);
    auto sky = connection("bluesky");
    sky.accounts.front().tokens.api_base = "https://pds.example";
    connect(std::move(sky));
    client.answer(400, R"({"error":"InvalidRequest","message":"no"})");
    BOOST_TEST(answered(post("xrpc/x")).status == 400U);
    BOOST_TEST(client.sent.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_large_body_is_sent_once_and_the_caller_told_to_send_it_again) {
    connect();
    upload = std::string(forwarder::most_kept + 1, 'a') + "end";
    for (bool const announced : {true, false}) {
        client.sent.clear();
        clock.advance(2min); // the token is not new
        answer_dead();
        answer_tokens(announced ? "2" : "3");
        auto const got = answered(post("media", announced));
        BOOST_TEST(got.status == 401U);
        BOOST_TEST(header(got.headers, send_again_header) != "");
        BOOST_TEST(client.sent.size() == 2U);
        BOOST_TEST((client.sent.front().body == upload));
    }
    client.answer(200, "{}");
    BOOST_TEST(answered(post("media")).status == 200U);
    BOOST_TEST(token_of(2) == "Bearer access-3");
}

BOOST_AUTO_TEST_CASE(a_grant_that_has_ended_needs_its_owner) {
    connect();
    answer_dead();
    refuse();
    auto const told_so = refused(post("tweets"));
    BOOST_TEST((told_so.why.code == make_error_code(errc::reconnect_needed)));
    BOOST_TEST(told_so.account.value().status == "token_expired");
    BOOST_TEST(told_so.account->status_cause == "grant_refused");
    BOOST_TEST(told_so.reconnect_url.starts_with("https://connect.example/reconnect/"));
    BOOST_TEST((code_of(post("tweets")) == errc::reconnect_needed)); // without asking anybody
    BOOST_TEST(client.sent.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_dead_token_that_nothing_renews_is_the_accounts_end) {
    connect(connection("x", std::nullopt));
    answer_dead();
    BOOST_TEST((code_of(post("tweets")) == errc::reconnect_needed));
    BOOST_TEST((account().status == storage::account_status::token_expired));
    BOOST_TEST(told() == "token.revoked");
}

BOOST_AUTO_TEST_CASE(a_refresh_that_fails_for_now_ends_nothing) {
    connect();
    answer_dead();
    client.answer(503, "");
    BOOST_TEST((code_of(post("tweets")) == errc::platform_unavailable));
    BOOST_TEST((account().status == storage::account_status::active));
    upload = std::string(forwarder::most_kept + 1, 'a');
    answer_dead();
    client.answer(503, "");
    auto const got = answered(post("media"));
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(header(got.headers, send_again_header) == "");
}

BOOST_DATA_TEST_CASE(what_the_network_does_has_its_code, troubles, one) {
    connect();
    client.fail(one.met);
    auto const why = refused(post("tweets")).why;
    BOOST_TEST((why.code == make_error_code(one.told)));
    BOOST_TEST(!why.detail.empty());
    BOOST_TEST(why.detail.find("access-1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_call_that_was_told_to_wait_waits_here) {
    connect();
    client.answer(429, "slow down", {{"Retry-After", "60"}});
    auto const first = answered(post("tweets"));
    BOOST_TEST(first.status == 429U);
    BOOST_TEST(body_of(first) == "slow down");
    clock.advance(20s);
    auto const told_so = refused(post("tweets"));
    BOOST_TEST((told_so.why.code == make_error_code(errc::call_has_to_wait)));
    BOOST_TEST((told_so.wait == 40s));
    client.answer(200, "{}");
    BOOST_TEST(answered(post("media")).status == 200U);
    clock.advance(40s);
    client.answer(201, "{}");
    BOOST_TEST(answered(post("tweets")).status == 201U);
    BOOST_TEST(client.sent.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_called_is_refused_before_anybody_is_asked) {
    connect();
    BOOST_TEST((code_of(post("../1.1/statuses")) == errc::proxy_request_refused));
    auto const other = workspace("other");
    auto const foreign =
        tests::run(io, service.forward(other.id, id.to_string(), post("tweets"))).error().why.code;
    BOOST_TEST((foreign == make_error_code(errc::account_not_found)));
    connect("relogin"); // its file has no api_base
    BOOST_TEST((code_of(post("x")) == errc::proxy_request_refused));
    connect();
    chosen.disabled_platforms.insert("x");
    BOOST_TEST((code_of(post("tweets")) == errc::platform_not_available));
    id = crypto::account_id::make(clock.now());
    chosen = usual_settings();
    BOOST_TEST((code_of(post("tweets")) == errc::account_not_found));
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(each_call_is_an_event_where_the_operator_wants_that) {
    connect();
    client.answer(200, "{}");
    answered(post("tweets"));
    BOOST_TEST(told() == "");
    chosen.proxy_audit = true;
    client.answer(404, "{}");
    auto made = post("tweets");
    made.query = "secret=1";
    answered(std::move(made));
    BOOST_TEST(told() == "proxy.called");
    BOOST_TEST(last_event("method") == "POST");
    BOOST_TEST(last_event("path") == "tweets");
    BOOST_TEST(last_event("status_of_platform") == "404");
    BOOST_TEST(last_event("request_id") == "request-1");
    BOOST_TEST(!holds(store, "secret=1"));
    client.fail(platforms::errc::connect_failed);
    refused(post("tweets"));
    BOOST_TEST(last_event("status_of_platform") == "0");
}

BOOST_AUTO_TEST_CASE(the_last_use_is_noted_now_and_then) {
    connect();
    auto const use = [&] {
        client.answer(200, "{}");
        answered(post("tweets"));
        io.restart();
        io.poll(); // writing it is a task of its own
        return account().last_used_at.value();
    };
    auto const first = clock.now();
    BOOST_TEST((use() == first));
    clock.advance(4min);
    BOOST_TEST((use() == first));
    clock.advance(1min);
    BOOST_TEST((use() == clock.now()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::proxy::testing
