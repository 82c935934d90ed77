// Connecting an account of Bluesky with an app password, by the API and by the hosted form.
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace connectd::tests {
namespace {

constexpr std::string_view ada_password = "ada2-demo-pass-word";

struct bluesky_server : whole_server {
    std::shared_ptr<sandbox::person const> who(std::string_view name) {
        return pretend.persons().at(*pretend.persons().find(name));
    }

    answer sign_in(std::string_view identifier, std::string_view password = ada_password,
                   boost::json::object more = {}) {
        more["identifier"] = identifier;
        more["app_password"] = password;
        return ask("POST", "/v1/connect/bluesky", more);
    }

    answer begin_form(boost::json::object more = {}) {
        more["platform"] = "bluesky";
        return ask("POST", "/v1/connect/sessions", more);
    }

    // Whether those words went to the pretend Bluesky in any request.
    bool was_sent(std::string_view words) {
        auto const all = pretend.log().requests(0, 10'000);
        return std::ranges::any_of(all, [&](sandbox::request_record const& each) {
            return each.platform == "bluesky" &&
                   (each.head.find(words) != std::string::npos || each.body.find(words) != std::string::npos);
        });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(connect_bluesky_test)

BOOST_FIXTURE_TEST_CASE(a_handle_a_did_and_an_email_address_are_one_account, bluesky_server) {
    auto const ada = who("ada");
    auto const first = sign_in(ada->handle);
    BOOST_TEST(first.status == 201U);
    BOOST_TEST(sign_in(ada->did).text("/id") == first.text("/id"));
    BOOST_TEST(sign_in(ada->email).text("/id") == first.text("/id"));
    BOOST_TEST(sign_in("@" + ada->handle).text("/id") == first.text("/id"));
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_account_shows_its_profile, bluesky_server) {
    auto const ada = who("ada");
    auto const shown = account(sign_in(ada->handle).text("/id"));
    BOOST_TEST(text(shown, "/platform") == "bluesky");
    BOOST_TEST(text(shown, "/platform_user_id") == ada->did);
    BOOST_TEST(text(shown, "/username") == ada->handle);
    BOOST_TEST(text(shown, "/display_name") == "Ada Marlow");
    BOOST_TEST(text(shown, "/status") == "active");
    BOOST_TEST(shown.at("credentials_id").is_null());
    BOOST_TEST(!text(shown, "/access_expires_at").empty());
    BOOST_TEST(text(shown, "/refresh_expires_at") > text(shown, "/access_expires_at"));
    BOOST_TEST(text(shown, "/next_refresh_at") < text(shown, "/access_expires_at"));
}

BOOST_FIXTURE_TEST_CASE(a_profile_with_nothing_in_it_is_enough, bluesky_server) {
    auto const shown = account(connect_bluesky("ben"));
    BOOST_TEST(text(shown, "/username") == who("ben")->handle);
    BOOST_TEST(text(shown, "/display_name") == who("ben")->handle); // better than no name at all
    BOOST_TEST(shown.at("avatar_url").is_null());
    BOOST_TEST(text(account(connect_bluesky("cleo")), "/display_name") == who("cleo")->display_name);
}

BOOST_FIXTURE_TEST_CASE(a_main_password_is_refused_and_sent_nowhere, bluesky_server) {
    for (auto const* const typed :
         {"hunter2-is-my-password", "correct horse battery", "ada2-demo-pass-wor"}) {
        auto const got = sign_in("ada.sandbox.test", typed);
        BOOST_TEST(refusal(got) == "422 app_password_shape");
        BOOST_TEST(field_errors(got) == "/app_password app_password_shape");
        BOOST_TEST(got.body.find(typed) == std::string::npos);
        BOOST_TEST(!was_sent(typed));
    }
    BOOST_TEST(requests("createSession") == 0U);
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(a_wrong_app_password_is_refused, bluesky_server) {
    BOOST_TEST(refusal(sign_in("ada.sandbox.test", "aaaa-bbbb-cccc-dddd")) == "422 login_refused");
    BOOST_TEST(refusal(sign_in("ada.sandbox.test", "ben2-demo-pass-word")) == "422 login_refused");
    BOOST_TEST(accounts().empty());
    BOOST_TEST(sign_in("ada.sandbox.test").status == 201U);
}

BOOST_FIXTURE_TEST_CASE(an_identifier_nobody_has_is_refused, bluesky_server) {
    auto const unknown = sign_in("nobody.sandbox.test");
    BOOST_TEST(refusal(unknown) == "422 handle_unresolved");
    BOOST_TEST(field_errors(unknown) == "/identifier handle_unresolved");
    auto const odd = sign_in("not a handle");
    BOOST_TEST(refusal(odd) == "422 field_invalid");
    BOOST_TEST(field_errors(odd) == "/identifier field_invalid");
    BOOST_TEST(requests("createSession") == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_account_that_was_taken_down_is_refused, bluesky_server) {
    using sandbox::account_state;
    auto const ada = *pretend.persons().find("ada");
    for (auto const state : {account_state::takendown, account_state::suspended}) {
        pretend.persons().change(ada, [&](sandbox::person& one) { one.state = state; });
        auto const got = sign_in("ada.sandbox.test");
        BOOST_TEST(refusal(got) == "422 login_refused");
        BOOST_TEST(got.text("/detail").find("taken down") != std::string::npos);
    }
    BOOST_TEST(accounts().empty());
    pretend.persons().change(ada, [](sandbox::person& one) { one.state = account_state::active; });
    BOOST_TEST(sign_in("ada.sandbox.test").status == 201U);
}

BOOST_FIXTURE_TEST_CASE(a_platform_in_trouble_is_said_to_be, bluesky_server) {
    for (auto const* const endpoint : {"createSession", "resolveHandle"}) {
        sandbox::fault down;
        down.platform = "bluesky";
        down.endpoint = endpoint;
        down.kind = sandbox::fault_kind::status;
        down.status = 503;
        pretend.faults().add(down);
        BOOST_TEST(refusal(sign_in("ada.sandbox.test")) == "502 platform_unavailable");
        pretend.faults().clear();
    }
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(a_reconnect_by_somebody_else_changes_nothing, bluesky_server) {
    auto const id = connect_bluesky("ada");
    auto const before = account(id);
    auto const got = sign_in("ben.sandbox.test", "ben2-demo-pass-word", {{"account_id", id}});
    BOOST_TEST(refusal(got) == "409 identity_mismatch");
    BOOST_TEST(got.text("/detail").find("ada.sandbox.test") != std::string::npos);
    BOOST_TEST(got.text("/detail").find("ben.sandbox.test") != std::string::npos);
    BOOST_TEST(account(id) == before);
    BOOST_TEST(sign_in("ada.sandbox.test", ada_password, {{"account_id", id}}).text("/id") == id);
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_hosted_form_connects, bluesky_server) {
    auto const begun = begin_form({{"return_url", return_url}});
    BOOST_TEST(begun.status == 201U);
    BOOST_TEST(begun.json().at("authorize_url").is_null());
    auto const path = "/connect/" + begun.text("/id");
    auto const page = visit(path);
    BOOST_TEST(page.status == 200U);
    BOOST_TEST(page.body.find("name=\"app_password\" type=\"password\"") != std::string::npos);
    auto const cookie = cookie_of(page);

    auto const mistyped =
        submit(path, {{"identifier", "<ada>.sandbox.test"}, {"app_password", "my main password"}}, cookie);
    BOOST_TEST(mistyped.status == 422U);
    BOOST_TEST(mistyped.body.find("role=\"alert\"") != std::string::npos);
    BOOST_TEST(mistyped.body.find("<ada>") == std::string::npos);
    auto const wrong =
        submit(path, {{"identifier", "ada.sandbox.test"}, {"app_password", "aaaa-bbbb-cccc-dddd"}}, cookie);
    BOOST_TEST(wrong.status == 422U);
    BOOST_TEST(wrong.body.find("value=\"ada.sandbox.test\"") != std::string::npos);
    BOOST_TEST(wrong.body.find("aaaa-bbbb") == std::string::npos);
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "pending");

    auto const done = submit(
        path, {{"identifier", "ada.sandbox.test"}, {"app_password", std::string{ada_password}}}, cookie);
    BOOST_TEST(done.status == 302U);
    auto const location = done.header("location");
    BOOST_TEST(location.starts_with("https://shop.example/done?"));
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "platform") == "bluesky");
    auto const ended = session(begun.text("/id"));
    BOOST_TEST(text(ended, "/status") == "completed");
    BOOST_TEST(text(ended, "/account_id") == parameter(location, "account_id"));
    BOOST_TEST(submit(path, {{"identifier", "x.y"}, {"app_password", "z"}}, cookie).status == 409U);
}

BOOST_FIXTURE_TEST_CASE(the_hosted_form_belongs_to_the_browser_that_opened_it, bluesky_server) {
    auto const begun = begin_form();
    auto const path = "/connect/" + begun.text("/id");
    auto const cookie = cookie_of(visit(path));
    std::map<std::string, std::string> const form{{"identifier", "ada.sandbox.test"},
                                                  {"app_password", std::string{ada_password}}};
    BOOST_TEST(submit(path, form).status == 400U);
    BOOST_TEST(
        send("POST", path, {{"Cookie", cookie}, {"Content-Type", "text/plain"}}, "identifier=a").status ==
        400U);
    BOOST_TEST(requests("createSession") == 0U);
    BOOST_TEST(submit(path, form, cookie).body.find("<h1>Connected</h1>") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_session_the_page_never_opened_cannot_be_finished_by_a_made_up_cookie,
                        bluesky_server) {
    auto const begun = begin_form();
    auto const path = "/connect/" + begun.text("/id");
    auto const cookie = cookie_of(visit(path));
    auto const got =
        submit(path, {{"identifier", "ada.sandbox.test"}, {"app_password", std::string{ada_password}}},
               cookie.substr(0, cookie.find('=') + 1) + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(got.body.find("state_foreign") != std::string::npos);
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(a_caller_who_leaves_in_the_middle_loses_nothing, bluesky_server) {
    sandbox::fault hang;
    hang.platform = "bluesky";
    hang.endpoint = "getProfile"; // the session exists at the platform by then
    hang.kind = sandbox::fault_kind::hang;
    pretend.faults().add(hang);
    client caller{url()};
    caller.write_request("POST", "/v1/connect/bluesky",
                         {{"Authorization", "Bearer " + home.key}, {"Content-Type", "application/json"}},
                         R"({"identifier":"ada.sandbox.test","app_password":"ada2-demo-pass-word"})");
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    caller.leave();
    pretend.faults().clear();
    BOOST_TEST(eventually([&] { return accounts().size() == 1U; }));
    BOOST_TEST(text(accounts().at(0), "/username") == "ada.sandbox.test");
}

BOOST_FIXTURE_TEST_CASE(disconnecting_ends_the_session_at_the_platform, bluesky_server) {
    auto const id = connect_bluesky("ada");
    auto const gone = ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(gone.status == 200U);
    BOOST_TEST(gone.text("/revocation") == "revoked");
    BOOST_TEST(gone.text("/status") == "disconnected");
    auto const sessions = pretend.bluesky().sessions().list(10, pretend.clock().now());
    BOOST_REQUIRE(sessions.size() == 1U);
    BOOST_TEST(sessions.front().state == "revoked");
    BOOST_TEST(rows(storage::family::tokens) == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_platform_that_wants_a_browser_takes_no_app_password_here, bluesky_server) {
    auto const begun = begin_x();
    auto const path = "/connect/" + begun.text("/id");
    auto const cookie = cookie_of(visit(path));
    auto const got = submit(
        path, {{"identifier", "ada.sandbox.test"}, {"app_password", std::string{ada_password}}}, cookie);
    BOOST_TEST(got.status == 422U);
    BOOST_TEST(requests("createSession") == 0U);
    BOOST_TEST(refusal(ask("POST", "/v1/credentials", {{"platform", "bluesky"}, {"client_id", "x"}})) ==
               "422 field_invalid");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
