// A connect that goes wrong between the consent and the account: how the session ends, where the browser is
// sent, and that nothing is left behind and nothing leaks.
#include "tests/server/whole_server.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace connectd::tests {
namespace {

using sandbox::fault;
using sandbox::fault_kind;

// Waits for platforms are short here: a hang has to end within the test.
struct hasty_server : whole_server {
    hasty_server()
        : whole_server{[](server::config& made) {
              made.connect.exchange_timeout = std::chrono::milliseconds{1500};
          }} {}

    // With this fault at X, a connect fails with that code, leaves no account and leaks nothing; without it,
    // the next one works.
    void check(fault const& scripted, std::string_view code) {
        auto const begun = begin_x();
        auto const callback = consent(begun.text("/authorize_url"));
        pretend.faults().add(scripted);
        auto const got = visit(callback);
        pretend.faults().clear();

        auto const location = got.header("location");
        BOOST_TEST(got.status == 302U);
        BOOST_TEST(parameter(location, "status") == "failed");
        BOOST_TEST(parameter(location, "error") == code);
        BOOST_TEST(!parameter(location, "error_description").empty());
        BOOST_TEST(!has_parameter(location, "account_id"));
        auto const ended = session(begun.text("/id"));
        BOOST_TEST(text(ended, "/status") == "failed");
        BOOST_TEST(text(ended, "/error/code") == code);
        BOOST_TEST(text(ended, "/error/description") == parameter(location, "error_description"));
        BOOST_TEST(!text(ended, "/finished_at").empty());
        BOOST_TEST(ended.at("account_id").is_null());
        BOOST_TEST(accounts().empty());
        auto const shown = location + boost::json::serialize(ended) + got.body;
        BOOST_TEST(shown.find(parameter(callback, "state")) == std::string::npos);
        for (auto const& secret : issued_secrets()) {
            BOOST_TEST(shown.find(secret) == std::string::npos);
        }
        BOOST_TEST(visit(callback).status == 409U);

        auto const id = connect_x("ben");
        BOOST_TEST(accounts().size() == 1U);
        BOOST_TEST(ask("DELETE", "/v1/accounts/" + id).status == 200U);
    }

    void check_token(fault scripted, std::string_view code) {
        scripted.platform = "x";
        scripted.endpoint = "token";
        scripted.times = 1;
        BOOST_TEST_CONTEXT("token endpoint: " << to_string(scripted.kind) << " " << scripted.status) {
            check(scripted, code);
        }
    }

    void check_identity(fault scripted, std::string_view code) {
        scripted.platform = "x";
        scripted.endpoint = "users_me";
        scripted.times = 1;
        BOOST_TEST_CONTEXT("identity: " << to_string(scripted.kind) << " " << scripted.status) {
            check(scripted, code);
        }
    }
};

fault kind(fault_kind what, unsigned status = 0) {
    fault made;
    made.kind = what;
    made.status = status;
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(callback_faults_test)

BOOST_FIXTURE_TEST_CASE(a_callback_without_a_known_state_is_refused, whole_server) {
    std::string const path = "/v1/connect/callback/x";
    auto const json = [&](std::string const& query) {
        return refusal(send("GET", path + query, {{"Accept", "application/json"}}));
    };
    BOOST_TEST(json("?code=abc") == "400 state_missing");
    BOOST_TEST(json("") == "400 state_missing");
    BOOST_TEST(json("?state=&code=abc") == "400 state_missing");
    BOOST_TEST(json("?state=unknown&code=abc") == "400 state_unknown");
    auto const page = visit(path + "?state=unknown&code=abc");
    BOOST_TEST(page.status == 400U);
    BOOST_TEST(page.header("content-type").starts_with("text/html"));
    BOOST_TEST(page.body.find("state_unknown") != std::string::npos);
    BOOST_TEST(requests("token") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_state_that_comes_twice_is_not_guessed_at, whole_server) {
    auto const begun = begin_x();
    auto const callback = consent(begun.text("/authorize_url"));
    BOOST_TEST(visit(callback + "&state=other").status == 400U);
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "pending");
    BOOST_TEST(visit(callback).status == 302U);
}

BOOST_FIXTURE_TEST_CASE(a_state_of_another_platform_is_refused, whole_server) {
    auto const begun = begin_x();
    auto callback = consent(begun.text("/authorize_url"));
    auto elsewhere = callback;
    elsewhere.replace(elsewhere.find("/x?"), 3, "/bluesky?");
    BOOST_TEST(visit(elsewhere).body.find("state_foreign") != std::string::npos);
    elsewhere = callback;
    elsewhere.replace(elsewhere.find("/x?"), 3, "/nowhere?");
    BOOST_TEST(visit(elsewhere).body.find("platform_unknown") != std::string::npos);
    BOOST_TEST(requests("token") == 0U);
    BOOST_TEST(visit(callback).status == 302U);
}

BOOST_FIXTURE_TEST_CASE(a_late_callback_is_gone, whole_server) {
    auto const begun = begin_x();
    auto const callback = consent(begun.text("/authorize_url"));
    pretend.clock().advance(std::chrono::minutes{16});
    BOOST_TEST(visit(callback).status == 410U);
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "expired");
    BOOST_TEST(visit("/connect/" + begun.text("/id")).status == 410U);
    BOOST_TEST(requests("token") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_used_state_is_refused, whole_server) {
    auto const callback = consent(begin_x().text("/authorize_url"));
    BOOST_TEST(visit(callback).status == 302U);
    auto const again = visit(callback);
    BOOST_TEST(again.status == 409U);
    BOOST_TEST(again.body.find("session_used") != std::string::npos);
    BOOST_TEST(requests("token") == 1U);
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_declined_consent_cancels_the_session, whole_server) {
    auto const begun = begin_x();
    auto const got = visit(consent(begun.text("/authorize_url"), "ada", "deny"));
    BOOST_TEST(got.status == 302U);
    auto const location = got.header("location");
    BOOST_TEST(parameter(location, "status") == "cancelled");
    BOOST_TEST(parameter(location, "error") == "access_denied");
    BOOST_TEST(!parameter(location, "error_description").empty());
    BOOST_TEST(parameter(location, "session_id") == begun.text("/id"));
    BOOST_TEST(!has_parameter(location, "state"));
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "cancelled");
    BOOST_TEST(requests("token") == 0U);
}

BOOST_FIXTURE_TEST_CASE(another_error_of_the_platform_fails_the_session, whole_server) {
    for (auto const* const what : {"&error=server_error&error_description=%3Cb%3Eboom", ""}) {
        auto const begun = begin_x();
        auto const state = parameter(begun.text("/authorize_url"), "state");
        auto const got = visit("/v1/connect/callback/x?state=" + state + what);
        auto const location = got.header("location");
        BOOST_TEST(parameter(location, "status") == "failed");
        BOOST_TEST(parameter(location, "error") == "consent_failed");
        BOOST_TEST(location.find("boom") == std::string::npos); // the platform's words are not ours
        BOOST_TEST(text(session(begun.text("/id")), "/status") == "failed");
    }
    BOOST_TEST(requests("token") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_code_that_is_too_old_or_spent_or_made_up_is_refused, whole_server) {
    auto const expect_refused = [&](std::string const& callback) {
        auto const location = visit(callback).header("location");
        BOOST_TEST(parameter(location, "status") == "failed");
        BOOST_TEST(parameter(location, "error") == "code_refused");
        BOOST_TEST(text(session(parameter(location, "session_id")), "/error/code") == "code_refused");
    };
    auto const old = consent(begin_x().text("/authorize_url"));
    pretend.clock().advance(std::chrono::seconds{31});
    expect_refused(old);

    auto const spent = consent(begin_x().text("/authorize_url"));
    BOOST_TEST(visit(spent).status == 302U);
    auto const state = parameter(begin_x().text("/authorize_url"), "state");
    expect_refused("/v1/connect/callback/x?state=" + state + "&code=" + parameter(spent, "code"));

    auto const other = parameter(begin_x().text("/authorize_url"), "state");
    expect_refused("/v1/connect/callback/x?state=" + other + "&code=made-up");
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_silent_token_endpoint_is_a_timeout, hasty_server) {
    check_token(kind(fault_kind::hang), "platform_timeout");
    auto drip = kind(fault_kind::slow_drip);
    drip.interval = std::chrono::milliseconds{200};
    check_token(drip, "platform_timeout");
}

BOOST_FIXTURE_TEST_CASE(a_token_endpoint_that_hangs_up_is_unavailable, hasty_server) {
    check_token(kind(fault_kind::reset_after_reading), "platform_unavailable");
    check_token(kind(fault_kind::reset_after_processing), "platform_unavailable");
    auto early = kind(fault_kind::reset_before_reading);
    early.platform = "x";
    check(early, "platform_unavailable");
}

BOOST_FIXTURE_TEST_CASE(a_token_endpoint_in_trouble_is_unavailable, hasty_server) {
    for (unsigned const status : {500U, 502U, 503U, 429U}) {
        check_token(kind(fault_kind::status, status), "platform_unavailable");
    }
    // A page comes from whatever stands in front of the platform, whatever its status says.
    check_token(kind(fault_kind::html, 502), "platform_unavailable");
    check_token(kind(fault_kind::html, 200), "platform_unavailable");
}

BOOST_FIXTURE_TEST_CASE(a_token_answer_that_makes_no_sense_is_invalid, hasty_server) {
    check_token(kind(fault_kind::success_without_token), "platform_answer_invalid");
    check_token(kind(fault_kind::malformed_json), "platform_answer_invalid");
    check_token(kind(fault_kind::huge_body), "platform_answer_invalid");
}

BOOST_FIXTURE_TEST_CASE(an_error_in_a_successful_token_answer_is_an_error, hasty_server) {
    check_token(kind(fault_kind::success_with_error), "app_refused"); // X's invalid_request without its 400
    auto dead = kind(fault_kind::success_with_error);
    dead.body = R"({"error":"invalid_grant","error_description":"The code is dead."})";
    check_token(dead, "code_refused");
}

BOOST_FIXTURE_TEST_CASE(a_token_answer_cut_off_in_the_middle_is_not_used, hasty_server) {
    check_token(kind(fault_kind::close_mid_body), "platform_unavailable");
}

BOOST_FIXTURE_TEST_CASE(an_account_nobody_can_name_is_not_stored, hasty_server) {
    check_identity(kind(fault_kind::status, 500), "platform_unavailable");
    check_identity(kind(fault_kind::status, 429), "platform_unavailable");
    check_identity(kind(fault_kind::status, 401), "code_refused");
    check_identity(kind(fault_kind::malformed_json), "platform_unavailable");
    check_identity(kind(fault_kind::success_with_error), "platform_answer_invalid");
    check_identity(kind(fault_kind::hang), "platform_timeout");
}

BOOST_FIXTURE_TEST_CASE(an_answer_of_a_wrong_type_that_is_right_otherwise_is_taken, hasty_server) {
    auto odd = kind(fault_kind::wrong_content_type);
    odd.platform = "x";
    odd.endpoint = "token";
    odd.times = 1;
    pretend.faults().add(odd);
    connect_x("ada");
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
