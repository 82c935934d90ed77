// From an account that is connected to the server of the customer: the whole server, its sandbox, and a
// receiver on real sockets.
#include "server/services/event_types.hpp"
#include "server/services/webhooks/signature.hpp"
#include "tests/server/exchange_log.hpp"
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <span>

namespace connectd::tests {
namespace {

using namespace std::chrono_literals;
namespace webhooks = server::services::webhooks;

struct hook {
    std::string id;
    std::string secret;
};

// For the check against openapi.yaml, which does not document the forms of other services.
void note(received_webhook const& got) {
    if (!got.header("X-UniPost-Signature").empty()) {
        return;
    }
    header_list came{
        {"webhook-id", got.id}, {"webhook-timestamp", got.timestamp}, {"webhook-signature", got.signature}};
    std::erase_if(came, [](auto const& header) { return header.second.empty(); });
    log_delivery(came, got.body);
}

struct webhook_server : whole_server {
    explicit webhook_server(bool private_addresses = true)
        : whole_server{[private_addresses](server::config& made) {
              made.webhooks.allow_http = true;
              made.webhooks.allow_private_addresses = private_addresses;
              made.proxy.audit = true;
              made.refresh.interval = 10ms; // of real time, while the clock leaps
          }} {}

    webhook_receiver receiver{note};

    hook make_hook(std::string_view path, boost::json::array types = {},
                   std::string_view host = "127.0.0.1") {
        auto const made =
            ask("POST", "/v1/webhooks", {{"url", receiver.url(path, host)}, {"event_types", types}});
        BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
        return {made.text("/id"), made.text("/secret")};
    }
    std::string path_of(hook const& which) { return "/v1/webhooks/" + which.id; }
    std::string shown(hook const& which, std::string_view pointer) {
        return ask("GET", path_of(which)).text(pointer);
    }
    bool arrives(std::string_view path, std::size_t count) {
        return eventually([&] { return receiver.count(path) >= count; });
    }
    // What became of the deliveries, latest first.
    boost::json::array deliveries(hook const& which, std::string const& query = {}) {
        return ask("GET", path_of(which) + "/deliveries" + query).json().at("data").as_array();
    }
    bool ended(hook const& which, std::size_t index, std::string_view status) {
        return eventually([&] {
            auto const all = deliveries(which);
            return index < all.size() && text(all.at(index), "/status") == status;
        });
    }
    std::vector<std::string> logged(std::string const& query = {}) {
        std::vector<std::string> ids;
        auto const page = ask("GET", "/v1/events" + query).json();
        for (auto const& each : page.at("data").as_array()) {
            ids.emplace_back(each.at("id").as_string());
        }
        return ids;
    }
};

struct guarded_server : webhook_server {
    guarded_server() : webhook_server{false} {}
};

// Lets every type of event happen that a log can hold.
struct eventful_server : webhook_server {
    void refresh(std::string const& id) { ask("POST", "/v1/accounts/" + id + "/refresh"); }

    void fail_to_connect() {
        auto const begun = begin_x();
        visit(consent(begun.text("/authorize_url"), "ben", "deny"));
    }
    void refuse_the_app_for_a_while(std::string const& id) {
        auto& apps = pretend.x().apps();
        auto const app = *apps.find(sandbox::sandbox::default_client_id);
        auto changed = app;
        changed.client_secret = "another-secret";
        BOOST_REQUIRE(apps.put(changed) == "");
        refresh(id);
        apps.put(app);
        refresh(id);
    }
    void fail_to_refresh_once(std::string const& id) {
        sandbox::fault down;
        down.platform = "x";
        down.endpoint = "refresh";
        down.kind = sandbox::fault_kind::status;
        down.status = 503;
        pretend.faults().add(down);
        refresh(id);
        pretend.faults().clear();
    }
    void end_soon() {
        auto const imported = ask("POST", "/v1/accounts/import",
                                  {{"platform", "x"},
                                   {"access_token", "a-token"},
                                   {"expires_in", 8 * 86'400},
                                   {"verify", false},
                                   {"platform_user_id", "4711"}});
        BOOST_REQUIRE_MESSAGE(imported.status == 201U, imported.body);
        BOOST_REQUIRE(pretend.clock().advance(25h));
    }
    void lose_an_endpoint() {
        receiver.answer_with("/gone", "410 Gone");
        make_hook("/gone");
        connect_bluesky("cleo");
    }
    std::set<std::string> types(std::string_view path) {
        std::set<std::string> types;
        for (auto const& each : receiver.got(path)) {
            types.insert(text(boost::json::parse(each.body), "/type"));
        }
        return types;
    }
};

// The clock runs: no second attempt comes before the test wants it.
constexpr char const* try_later = "Retry-After: 600\r\n";

std::string signature(std::vector<std::string> const& secrets, received_webhook const& of) {
    std::vector<crypto::secret> keys;
    for (auto const& each : secrets) {
        keys.push_back(crypto::secret::copy_of(each));
    }
    return webhooks::sign(keys, of.id, of.timestamp, of.body);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhooks_test, webhook_server)

BOOST_AUTO_TEST_CASE(a_connected_account_is_told_with_a_signature) {
    auto const made = make_hook("/a");
    auto const account = connect_x("ada");
    BOOST_REQUIRE(arrives("/a", 1));
    auto const got = receiver.got("/a").front();
    BOOST_TEST(got.signature == signature({made.secret}, got));
    auto const body = boost::json::parse(got.body);
    BOOST_TEST(body.at("type") == "account.connected");
    BOOST_TEST(text(body, "/data/account_id") == account);
    BOOST_REQUIRE(ended(made, 0, "delivered"));
    BOOST_TEST(text(deliveries(made).at(0), "/event_id") == got.id);
    auto const event = ask("GET", "/v1/events/" + got.id);
    BOOST_TEST(event.text("/type") == "account.connected");
    BOOST_TEST(event.text("/account_id") == account);
    BOOST_TEST(event.text("/created_at") == text(body, "/timestamp"));
    BOOST_TEST((event.json().at("data") == body.at("data")));
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(got.body.find(secret) == std::string::npos);
    }
    BOOST_TEST(ask("GET", path_of(made)).body.find("whsec_") == std::string::npos);
    BOOST_TEST(ask("GET", "/v1/webhooks").body.find("whsec_") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(every_type_of_event_is_sent_as_documented, eventful_server) {
    auto const all = server::services::event_types();
    auto const made = make_hook("/all", boost::json::array(all.begin(), all.end()));
    auto const id = connect_x("ada");
    auto const path = "/v1/accounts/" + id;
    fail_to_connect();
    ask("PATCH", path, {{"metadata", {{"seat", 7}}}});
    connect_x("ada");
    refresh(id);
    ask("GET", path + "/proxy/users/me");
    refuse_the_app_for_a_while(id);
    fail_to_refresh_once(id);
    end_soon();
    lose_an_endpoint();
    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    refresh(id);
    ask("DELETE", path);
    ask("POST", path_of(made) + "/test");
    std::set<std::string> expected(all.begin(), all.end());
    expected.emplace(server::services::webhook_test_event);
    eventually([&] { return types("/all") == expected; });
    BOOST_TEST(types("/all") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_through_the_proxy_is_told_to_who_asks_for_it) {
    auto const all = make_hook("/all");
    make_hook("/calls", {"proxy.called"});
    auto const id = connect_x("ada");
    ask("GET", "/v1/accounts/" + id + "/proxy/users/me");
    BOOST_REQUIRE(arrives("/calls", 1));
    BOOST_TEST(boost::json::parse(receiver.got("/calls").front().body).at("type") == "proxy.called");
    ask("DELETE", "/v1/accounts/" + id); // behind the call in the log
    BOOST_REQUIRE(arrives("/all", 2));
    BOOST_TEST(boost::json::parse(receiver.got("/all").back().body).at("type") == "account.disconnected");
    BOOST_REQUIRE(ended(all, 1, "delivered"));
    BOOST_TEST(deliveries(all).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_failing_receiver_gets_everything_in_order_when_it_is_back) {
    receiver.answer_with("/a", "500 Internal Server Error", try_later);
    auto const made = make_hook("/a");
    connect_x("ada");
    BOOST_REQUIRE(ended(made, 0, "retrying"));
    connect_x("ben");
    connect_bluesky("cleo");
    BOOST_TEST(shown(made, "/failing_since") != "");
    BOOST_TEST(receiver.count("/a") == 1U);
    receiver.answer_well("/a");
    BOOST_REQUIRE(pretend.clock().advance(11min));
    BOOST_REQUIRE(arrives("/a", 4));
    auto expected = logged();
    expected.insert(expected.begin(), expected.front());
    BOOST_TEST(receiver.ids("/a") == expected, boost::test_tools::per_element());
    BOOST_TEST(shown(made, "/failing_since") == "");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_hangs_delays_no_other) {
    receiver.hang("/slow");
    make_hook("/slow");
    make_hook("/fast");
    connect_x("ada");
    BOOST_REQUIRE(arrives("/slow", 1));
    connect_x("ben");
    BOOST_TEST(arrives("/fast", 2));
    BOOST_TEST(receiver.count("/slow") == 1U);
}

BOOST_AUTO_TEST_CASE(what_waits_is_sent_after_a_restart) {
    receiver.answer_with("/a", "503 Service Unavailable", try_later);
    auto const made = make_hook("/a");
    connect_x("ada");
    connect_x("ben");
    BOOST_REQUIRE(ended(made, 0, "retrying"));
    leave();
    receiver.answer_well("/a");
    BOOST_REQUIRE(pretend.clock().advance(11min));
    start();
    BOOST_REQUIRE(arrives("/a", 3));
    auto expected = logged();
    expected.insert(expected.begin(), expected.front());
    BOOST_TEST(receiver.ids("/a") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_gone_is_disabled_and_the_others_hear_of_it) {
    receiver.answer_with("/gone", "410 Gone");
    auto const made = make_hook("/gone");
    make_hook("/other", {"webhook.disabled"});
    connect_x("ada");
    BOOST_REQUIRE(arrives("/other", 1));
    auto const told = boost::json::parse(receiver.got("/other").front().body);
    BOOST_TEST(text(told, "/data/webhook_id") == made.id);
    BOOST_TEST(text(told, "/data/cause") == "gone");
    BOOST_TEST(shown(made, "/status") == "disabled");
    BOOST_TEST(shown(made, "/status_cause") == "gone");
    BOOST_TEST(refusal(ask("POST", path_of(made) + "/test")) == "409 webhook_not_active");
    receiver.answer_well("/gone");
    BOOST_TEST(ask("POST", path_of(made) + "/resume").text("/status") == "active");
    BOOST_TEST(
        ask("POST", path_of(made) + "/redeliver", {{"since", "2020-01-01T00:00:00Z"}}).json().at("queued") ==
        1);
    BOOST_TEST(arrives("/gone", 3)); // the failed one, and that it was disabled
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
    receiver.answer_with("/a", "302 Found", "Location: " + receiver.url("/b") + "\r\n");
    auto const made = make_hook("/a");
    connect_x("ada");
    BOOST_REQUIRE(ended(made, 0, "retrying"));
    BOOST_TEST(receiver.count("/b") == 0U);
    BOOST_TEST(text(deliveries(made).at(0), "/last_error").find("redirect") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(both_secrets_sign_after_a_rotation) {
    auto const made = make_hook("/a");
    auto const rotated = ask("POST", path_of(made) + "/rotate-secret");
    auto const fresh = rotated.text("/secret");
    BOOST_TEST(fresh != made.secret);
    BOOST_TEST(rotated.text("/previous_secret_until") != "");
    connect_x("ada");
    BOOST_REQUIRE(arrives("/a", 1));
    auto const got = receiver.got("/a").front();
    BOOST_TEST(got.signature == signature({fresh, made.secret}, got));
}

BOOST_AUTO_TEST_CASE(a_test_can_be_sent_and_anything_sent_again) {
    auto const made = make_hook("/a", {"token.revoked"});
    auto const queued = ask("POST", path_of(made) + "/test");
    BOOST_TEST(queued.status == 202U);
    BOOST_REQUIRE(arrives("/a", 1));
    BOOST_TEST(boost::json::parse(receiver.got("/a").front().body).at("type") == "webhook.test");
    BOOST_REQUIRE(ended(made, 0, "delivered"));
    auto const again = path_of(made) + "/deliveries/" + queued.text("/event_id") + "/redeliver";
    BOOST_TEST(ask("POST", again).status == 202U);
    BOOST_REQUIRE(arrives("/a", 2));
    BOOST_TEST(receiver.ids("/a").front() == receiver.ids("/a").back());
    BOOST_REQUIRE(ended(made, 0, "delivered"));
    BOOST_TEST(deliveries(made).at(0).at("attempts") == 2);
    BOOST_TEST(deliveries(made, "?status=delivered").size() == 1U);
    BOOST_TEST(deliveries(made, "?status=failed").empty());
    BOOST_TEST(refusal(ask("GET", path_of(made) + "/deliveries?status=sent")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("POST", path_of(made) + "/redeliver", {{"since", "yesterday"}})) ==
               "422 field_invalid");
}

BOOST_AUTO_TEST_CASE(an_endpoint_can_have_the_form_of_another_service) {
    auto const profile = ask("POST", "/v1/profiles", {{"name", "North"}}).text("/id");
    auto const made = ask("POST", "/v1/webhooks",
                          {{"url", receiver.url("/a")},
                           {"form", "unipost"},
                           {"profile_id", profile},
                           {"event_types", {"account.connected", "post.failed"}}});
    BOOST_TEST(made.text("/form") == "unipost");
    connect_x("ada");
    auto const account = connect_x("ben", {{"profile_id", profile}});
    BOOST_REQUIRE(arrives("/a", 1));
    auto const body = boost::json::parse(receiver.got("/a").front().body);
    BOOST_TEST(body.at("event") == "account.connected");
    BOOST_TEST(text(body, "/data/social_account_id") == account);
    BOOST_TEST(receiver.got("/a").front().signature == "");
    auto const shown = ask("GET", "/v1/webhooks");
    BOOST_TEST(shown.text("/data/0/form") == "unipost");
    BOOST_TEST(shown.text("/data/0/event_types/1") == "post.failed");
    BOOST_TEST(shown.text("/data/0/profile_id") == profile);
    BOOST_TEST(refusal(ask("POST", "/v1/webhooks",
                           {{"url", receiver.url("/a")}, {"form", "unipost"}, {"profile_id", "prof_1"}})) ==
               "404 profile_not_found");
}

BOOST_AUTO_TEST_CASE(endpoints_are_paused_changed_and_deleted) {
    auto const made = make_hook("/a");
    BOOST_TEST(ask("POST", path_of(made) + "/pause").text("/status") == "paused");
    connect_x("ada");
    auto const changed = ask_raw("PATCH", path_of(made), R"({"url":")" + receiver.url("/b") + "\"}");
    BOOST_TEST(changed.text("/url") == receiver.url("/b"));
    BOOST_TEST(ask("POST", path_of(made) + "/resume").text("/status") == "active");
    BOOST_TEST(arrives("/b", 1));
    BOOST_TEST(receiver.count("/a") == 0U);
    BOOST_TEST(ask("DELETE", path_of(made)).status == 204U);
    BOOST_TEST(refusal(ask("GET", path_of(made))) == "404 webhook_not_found");
}

BOOST_AUTO_TEST_CASE(the_log_is_read_from_the_last_event_on_and_by_its_tenant) {
    auto const account = connect_x("ada");
    connect_x("ben");
    auto const all = logged();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(logged("?after=" + all.front()) == std::vector{all.back()}, boost::test_tools::per_element());
    BOOST_TEST(logged("?account_id=" + account + "&type=account.connected") == std::vector{all.front()},
               boost::test_tools::per_element());
    auto const page = ask("GET", "/v1/events?limit=1");
    BOOST_TEST(logged("?cursor=" + page.text("/next_cursor")) == std::vector{all.back()},
               boost::test_tools::per_element());
    auto const other = make_tenant("other");
    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/events/" + all.front())) == "404 event_not_found");
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:read"}), "GET", "/v1/events")) ==
               "403 scope_missing");
    BOOST_TEST(refusal(ask_as(make_key(home, {"events:read"}), "GET", "/v1/webhooks")) ==
               "403 scope_missing");
    BOOST_TEST(refusal(ask("GET", "/v1/events?typ=account.connected")) == "422 field_invalid");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(webhooks_are_not_sent_to_private_addresses, guarded_server) {
    BOOST_TEST(refusal(ask("POST", "/v1/webhooks", {{"url", receiver.url("/a")}})) == "422 field_invalid");
    auto const made = make_hook("/a", {}, "localhost"); // a name: known for what it is when it is resolved
    connect_x("ada");
    BOOST_REQUIRE(ended(made, 0, "retrying"));
    BOOST_TEST(receiver.count("/a") == 0U);
    BOOST_TEST(text(deliveries(made).at(0), "/last_error") != "");
}

} // namespace connectd::tests
