// Scripted faults, seen from the wire: each does what its name says, to the endpoint it was scripted for, as
// often as asked.
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

namespace connectd::tests {
namespace {

constexpr auto me = "/2/users/me";

struct faulty : stage {
    faulty() : token{connect().text("/access_token")} {}

    // Scripts a fault through the control API and returns its id.
    std::uint64_t script(std::string const& members) {
        auto const made = control.post_json("/faults", "{" + members + "}");
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
        return made.json().at("id").to_number<std::uint64_t>();
    }

    answer ask() { return x.get(me, {bearer(token)}); }

    // Returns once a request that met this fault is in the journal.
    void await_fault(std::string_view kind) {
        while (true) {
            for (auto const& each : pretend.log().requests(0, 10'000)) {
                if (each.fault == kind)
                    return;
            }
            std::this_thread::yield();
        }
    }

    std::string token;
};

BOOST_FIXTURE_TEST_SUITE(faults_test, faulty)

BOOST_AUTO_TEST_CASE(a_fault_holds_for_its_number_of_requests_and_its_endpoint) {
    script(R"("platform":"x","endpoint":"users_me","kind":"status","status":500,"times":2)");
    BOOST_TEST(x.get("/2/nothing").status == 404);
    BOOST_TEST(sign_in().status == 200);
    BOOST_TEST(ask().status == 500);
    BOOST_TEST(ask().status == 500);
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_fault_without_a_number_holds_until_it_is_cleared) {
    auto const id = script(R"("platform":"x","kind":"status","until_cleared":true)");
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(ask().status == 503);
    auto const listed = control.get("/faults");
    BOOST_TEST(listed.json().at_pointer("/data/0/hits").to_number<int>() == 5);
    BOOST_TEST(listed.json().at_pointer("/data/0/left").is_null());
    BOOST_TEST(control.send("DELETE", "/faults/" + std::to_string(id)).status == 200);
    BOOST_TEST(control.send("DELETE", "/faults/" + std::to_string(id)).status == 404);
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(statuses_come_in_the_words_of_the_platform) {
    script(R"("platform":"x","kind":"status","status":429,"retry_after":7)");
    auto const limited = ask();
    BOOST_TEST(limited.status == 429);
    BOOST_TEST(limited.text("/title") == "Too Many Requests");
    BOOST_TEST(limited.header("retry-after") == "7");
    BOOST_TEST(limited.header("x-rate-limit-remaining") == "0");
    script(R"("platform":"bluesky","kind":"status","status":429)");
    auto const too_many = sign_in();
    BOOST_TEST(too_many.text("/error") == "RateLimitExceeded");
    BOOST_TEST(too_many.header("retry-after").empty());
    BOOST_TEST(too_many.header("ratelimit-remaining") == "0");
    script(R"("platform":"bluesky","endpoint":"refreshSession","kind":"status","status":502)");
    BOOST_TEST(xrpc_post("com.atproto.server.refreshSession", "a").text("/error") == "UpstreamFailure");
    script(R"("platform":"x","kind":"status","status":503,"body":"down")");
    BOOST_TEST(ask().body == "down");
}

BOOST_AUTO_TEST_CASE(code_exchange_and_refresh_are_told_apart) {
    script(R"("platform":"x","endpoint":"refresh","kind":"status","status":500)");
    auto const got = connect();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 500);
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(success_can_lie) {
    script(R"("platform":"x","endpoint":"token","kind":"success_with_error")");
    auto const error = connect();
    BOOST_TEST(error.status == 200);
    BOOST_TEST(error.text("/error") == "invalid_request");
    script(R"("platform":"x","endpoint":"token","kind":"success_without_token")");
    auto const empty = connect();
    BOOST_TEST(empty.status == 200);
    BOOST_TEST(empty.text("/token_type") == "bearer");
    BOOST_TEST(!empty.json().as_object().contains("access_token"));
    script(R"("platform":"bluesky","kind":"success_without_token")");
    auto const session = sign_in();
    BOOST_TEST(session.status == 200);
    BOOST_TEST(!session.json().as_object().contains("accessJwt"));
}

BOOST_AUTO_TEST_CASE(bodies_can_be_html_cut_or_mislabelled) {
    script(R"("platform":"x","kind":"html","status":502)");
    auto const page = ask();
    BOOST_TEST(page.status == 502);
    BOOST_TEST(page.header("content-type") == "text/html; charset=utf-8");
    BOOST_TEST(page.body.starts_with("<!doctype html>"));
    script(R"("platform":"x","kind":"malformed_json")");
    auto const cut = ask();
    BOOST_TEST(cut.status == 200);
    BOOST_TEST(cut.ended == ending::complete);
    BOOST_TEST(!cut.body.empty());
    BOOST_TEST(cut.json().is_null());
    script(R"("platform":"x","kind":"wrong_content_type")");
    auto const mislabelled = ask();
    BOOST_TEST(mislabelled.header("content-type") == "text/plain; charset=utf-8");
    BOOST_TEST(mislabelled.text("/data/username") == "ada_marlow");
}

BOOST_AUTO_TEST_CASE(a_huge_body_is_as_long_as_it_says_and_the_connection_lives_on) {
    script(R"("platform":"x","kind":"huge_body")");
    auto const huge = ask();
    BOOST_TEST(huge.status == 200);
    BOOST_TEST(huge.body.size() == 50'000'000);
    BOOST_TEST(huge.body.substr(0, 20) == R"({"padding":"xxxxxxxx)");
    BOOST_TEST(huge.body.ends_with("x\"}"));
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_client_may_leave_in_the_middle_of_a_huge_body) {
    script(R"("platform":"x","kind":"huge_body","bytes":1000000000)");
    client leaving{pretend.x_url()};
    leaving.write_request("GET", me, {bearer(token)});
    leaving.leave();
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_slow_drip_arrives_whole_in_the_end) {
    script(R"("platform":"x","kind":"slow_drip","interval_ms":1)");
    auto const slow = ask();
    BOOST_TEST(slow.status == 200);
    BOOST_TEST(slow.text("/data/username") == "ada_marlow");
}

BOOST_AUTO_TEST_CASE(a_connection_can_close_in_the_middle_of_a_body) {
    script(R"("platform":"x","kind":"close_mid_body")");
    auto const half = ask();
    BOOST_TEST(half.ended == ending::closed);
    BOOST_TEST(half.status == 200);
    BOOST_TEST(!half.body.empty());
    BOOST_TEST(half.body.size() < std::stoul(half.header("content-length")));
}

BOOST_AUTO_TEST_CASE(a_reset_before_reading_hits_new_and_kept_connections) {
    script(R"("platform":"x","kind":"reset_before_reading","times":2)");
    auto const kept = ask();
    BOOST_TEST(kept.ended == ending::reset);
    BOOST_TEST(kept.status == 0U);
    auto const fresh = fetch(pretend.x_url(), "GET", me, {bearer(token)});
    BOOST_TEST(fresh.ended == ending::reset);
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_reset_after_reading_processes_nothing) {
    auto const got = connect();
    script(R"("platform":"x","endpoint":"refresh","kind":"reset_after_reading")");
    BOOST_TEST(refresh(got.text("/refresh_token")).ended == ending::reset);
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_reset_after_processing_loses_an_answer_that_counts) {
    auto const got = connect();
    script(R"("platform":"x","endpoint":"refresh","kind":"reset_after_processing")");
    BOOST_TEST(refresh(got.text("/refresh_token")).ended == ending::reset);
    BOOST_TEST(events("refresh_spent") == 1);
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 400);
    BOOST_TEST(events("refresh_replayed") == 1);
}

BOOST_AUTO_TEST_CASE(a_hang_ends_when_its_fault_is_cleared) {
    auto const id = script(R"("platform":"x","kind":"hang")");
    x.write_request("GET", me, {bearer(token)});
    await_fault("hang");
    BOOST_TEST(fetch(pretend.x_url(), "GET", me, {bearer(token)}).status == 200);
    control.send("DELETE", "/faults/" + std::to_string(id));
    BOOST_TEST(x.read().text("/data/username") == "ada_marlow");
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_hang_ends_when_the_client_leaves) {
    script(R"("platform":"x","kind":"hang","until_cleared":true)");
    for (int i = 0; i < 3; ++i) {
        client leaving{pretend.x_url()};
        leaving.write_request("GET", me, {bearer(token)});
        await_fault("hang");
        leaving.leave();
    }
    control.send("DELETE", "/faults");
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_hang_after_processing_keeps_an_answer_that_counts) {
    auto const got = connect();
    script(R"("platform":"x","endpoint":"refresh","kind":"hang","after_processing":true)");
    client waiting{pretend.x_url()};
    auto const body = "grant_type=refresh_token&refresh_token=" + got.text("/refresh_token");
    waiting.write_request("POST", "/2/oauth2/token",
                          {basic(), {"Content-Type", "application/x-www-form-urlencoded"}}, body);
    await_fault("hang");
    BOOST_TEST(events("refresh_spent") == 1);
    // A second request comes while the first hangs: it must wait, and nothing of either may be lost.
    waiting.write_request("GET", me, {bearer(token)});
    control.send("DELETE", "/faults");
    BOOST_TEST(waiting.read().text("/token_type") == "bearer");
    BOOST_TEST(waiting.read().text("/data/username") == "ada_marlow");
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_what_hangs) {
    script(R"("platform":"x","kind":"hang")");
    x.write_request("GET", me, {bearer(token)});
    await_fault("hang");
    pretend.stop();
    BOOST_TEST(x.read().status == 0U);
}

BOOST_AUTO_TEST_CASE(latency_delays_a_true_answer) {
    script(R"("platform":"x","kind":"latency","latency_ms":1)");
    script(R"("platform":"x","kind":"latency","latency_ms":1,"after_processing":true)");
    BOOST_TEST(ask().status == 200);
    BOOST_TEST(ask().status == 200);
    auto const listed = control.get("/faults");
    BOOST_TEST(listed.json().at_pointer("/data/0/hits").to_number<int>() == 1);
    BOOST_TEST(listed.json().at_pointer("/data/1/hits").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(a_script_that_makes_no_sense_is_refused) {
    for (auto const* const body :
         {R"({"platform":"y","kind":"hang"})", R"({"platform":"x","kind":"explode"})",
          R"({"platform":"x","kind":"hang","endpoint":"getSession"})",
          R"({"platform":"x","kind":"reset_before_reading","endpoint":"token"})",
          R"({"platform":"x","kind":"hang","times":0})",
          R"({"platform":"x","kind":"hang","times":1,"until_cleared":true})",
          R"({"platform":"x","kind":"status","status":99})",
          R"({"platform":"x","kind":"huge_body","bytes":5000000000})",
          R"({"platform":"x","kind":"hang","tines":1})", R"({"platform":"x"})", R"(nonsense)"})
        BOOST_TEST(control.post_json("/faults", body).status == 400, body);
    BOOST_TEST(control.get("/faults").json().at("data").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
