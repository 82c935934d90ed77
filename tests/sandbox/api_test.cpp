// X's API: bearer and scope rules, the fields asked for, the strict body of a post, rate limits on every
// answer.
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void expect_problem(answer const& got, unsigned status, std::string_view title, std::string_view detail) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.header("content-type") == "application/problem+json; charset=utf-8");
    BOOST_TEST(got.text("/title") == title);
    BOOST_TEST(got.text("/detail") == detail);
    BOOST_TEST(!got.header("x-rate-limit-limit").empty());
}

struct signed_in : stage {
    signed_in() : token{connect().text("/access_token")} {}

    answer tweet(std::string_view body) { return x.post_json("/2/tweets", body, {bearer(token)}); }

    std::string token;
};

BOOST_AUTO_TEST_SUITE(api_test)

BOOST_FIXTURE_TEST_CASE(users_me_gives_id_name_and_username, signed_in) {
    auto const me = x.get("/2/users/me", {bearer(token)});
    BOOST_TEST(me.status == 200);
    BOOST_TEST(me.body ==
               R"({"data":{"id":"1450000000000000001","name":"Ada Marlow","username":"ada_marlow"}})");
}

BOOST_FIXTURE_TEST_CASE(only_the_fields_asked_for_come_along, signed_in) {
    auto const me = x.get("/2/users/me?user.fields=profile_image_url,verified", {bearer(token)});
    BOOST_TEST(me.json().at("data").as_object().size() == 5);
    BOOST_TEST(me.json().at_pointer("/data/verified").as_bool() == true);
    auto const image = me.text("/data/profile_image_url");
    BOOST_TEST(image == pretend.x_url() + "/profile_images/1450000000000000001_normal.svg");
    auto const picture = x.get(image.substr(pretend.x_url().size()));
    BOOST_TEST(picture.header("content-type") == "image/svg+xml");
    auto const escaped = x.get("/2/users/me?user.fields=profile_image_url%2Cverified", {bearer(token)});
    BOOST_TEST(escaped.body == me.body);
}

BOOST_FIXTURE_TEST_CASE(unknown_fields_and_parameters_are_refused, signed_in) {
    auto const field = x.get("/2/users/me?user.fields=avatar", {bearer(token)});
    BOOST_TEST(field.status == 400);
    BOOST_TEST(field.text("/title") == "Invalid Request");
    BOOST_TEST(field.text("/errors/0/parameters/user.fields/0") == "avatar");
    BOOST_TEST(
        field.text("/errors/0/message")
            .starts_with("The `user.fields` query parameter value [avatar] is not one of [affiliation,"));
    BOOST_TEST(x.get("/2/users/me?fields=id", {bearer(token)}).status == 400);
}

BOOST_AUTO_TEST_CASE(the_email_needs_its_scope) {
    stage on;
    constexpr auto target = "/2/users/me?user.fields=confirmed_email";
    auto const without = on.connect();
    BOOST_TEST(
        on.x.get(target, {bearer(without.text("/access_token"))}).text("/data/confirmed_email").empty());
    auto const with = on.connect({{"scope", "users.read tweet.read users.email"}});
    BOOST_TEST(on.x.get(target, {bearer(with.text("/access_token"))}).text("/data/confirmed_email") ==
               "ada@sandbox.test");
}

BOOST_FIXTURE_TEST_CASE(a_dead_or_missing_bearer_is_the_same_401, signed_in) {
    for (header_list const& headers : {header_list{}, header_list{bearer("nonsense")}, header_list{basic()},
                                       header_list{{"Authorization", "Bearer "}}})
        expect_problem(x.get("/2/users/me", headers), 401, "Unauthorized", "Unauthorized");
    BOOST_TEST(x.get("/2/users/me", {{"authorization", "bearer " + token}}).status == 200);
    ahead(hours{2});
    expect_problem(x.get("/2/users/me", {bearer(token)}), 401, "Unauthorized", "Unauthorized");
}

BOOST_AUTO_TEST_CASE(users_me_needs_both_read_scopes) {
    stage on;
    for (auto const* const scope : {"users.read", "tweet.read"}) {
        auto const got = on.connect({{"scope", scope}});
        expect_problem(on.x.get("/2/users/me", {bearer(got.text("/access_token"))}), 403, "Forbidden",
                       "Forbidden");
    }
}

BOOST_FIXTURE_TEST_CASE(rate_limits_count_down_and_end_in_429_until_the_window_is_over, signed_in) {
    auto const first = x.get("/2/users/me", {bearer(token)});
    BOOST_TEST(first.header("x-rate-limit-limit") == "75");
    BOOST_TEST(first.header("x-rate-limit-remaining") == "74");
    // The window is aligned to the clock; a fresh one must not begin in the middle of the count.
    ahead(
        std::chrono::seconds{900 - pretend.clock().now().time_since_epoch() / std::chrono::seconds{1} % 900});
    answer last;
    for (int i = 0; i < 75; ++i)
        last = x.get("/2/users/me", {bearer(token)});
    BOOST_TEST(last.status == 200);
    BOOST_TEST(last.header("x-rate-limit-remaining") == "0");
    auto const refused = x.get("/2/users/me", {bearer(token)});
    expect_problem(refused, 429, "Too Many Requests", "Too Many Requests");
    auto const reset = std::stoll(refused.header("x-rate-limit-reset"));
    auto const now = pretend.clock().now().time_since_epoch() / std::chrono::seconds{1};
    BOOST_TEST(reset > now);
    BOOST_TEST(reset <= now + 900);
    ahead(minutes{15});
    BOOST_TEST(x.get("/2/users/me", {bearer(token)}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(limits_that_are_not_enforced_are_still_announced, signed_in) {
    BOOST_TEST(control.send("PUT", "/rate-limits", {}, R"({"enforced":false})").status == 200);
    for (int i = 0; i < 100; ++i)
        BOOST_REQUIRE(x.get("/2/users/me", {bearer(token)}).status == 200);
    BOOST_TEST(x.get("/2/users/me", {bearer(token)}).header("x-rate-limit-limit") == "75");
}

BOOST_FIXTURE_TEST_CASE(a_post_is_created_with_an_id_beyond_2_to_the_53, signed_in) {
    auto const made = tweet(R"({"text":"Hello from the gateway"})");
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/data/text") == "Hello from the gateway");
    BOOST_TEST(made.text("/data/id").size() == 19);
    BOOST_TEST(!made.header("x-app-limit-24hour-remaining").empty());
    BOOST_TEST(control.get("/x/posts").text("/data/0/person") == "ada");
}

BOOST_FIXTURE_TEST_CASE(the_same_text_twice_is_forbidden, signed_in) {
    BOOST_TEST(tweet(R"({"text":"once"})").status == 201);
    expect_problem(tweet(R"({"text":"once"})"), 403, "Forbidden",
                   "You are not allowed to create a Tweet with duplicate content.");
    auto const other = connect({}, "ben").text("/access_token");
    BOOST_TEST(x.post_json("/2/tweets", R"({"text":"once"})", {bearer(other)}).status == 201);
}

BOOST_FIXTURE_TEST_CASE(the_body_of_a_post_is_checked_strictly, signed_in) {
    auto const unknown = tweet(R"({"text":"a","txet":"b"})");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(unknown.text("/errors/0/message") ==
               "[$.txet: is not defined in the schema and the schema does not allow additional properties]");
    for (auto const* const body :
         {R"({})", R"({"text":""})", R"({"text":1})", R"([])", R"({"text":)", R"({"media":{"media_ids":[]}})",
          R"({"media":{"media_ids":[1]}})", R"({"text":"a","reply":{"in_reply_to_tweet_id":5}})"})
        BOOST_TEST(tweet(body).status == 400, body);
    BOOST_TEST(tweet(R"({"media":{"media_ids":["1"]}})").status == 201);
    BOOST_TEST(x.post_form("/2/tweets", "text=a", {bearer(token)}).status == 415);
    BOOST_TEST(tweet(R"({"text":")" + std::string(281, 'a') + R"("})").status == 400);
    BOOST_TEST(tweet(R"({"text":")" + std::string(280, 'a') + R"("})").status == 201);
    BOOST_TEST(tweet(R"({"text":"https://example.com/)" + std::string(400, 'a') + R"("})").status == 201);
}

BOOST_AUTO_TEST_CASE(posting_needs_three_scopes_and_a_token) {
    stage on;
    BOOST_TEST(on.x.post_json("/2/tweets", R"({"text":"a"})").status == 401);
    for (auto const* const scope :
         {"tweet.read users.read", "tweet.write users.read", "tweet.write tweet.read"}) {
        auto const got = on.connect({{"scope", scope}});
        auto const refused =
            on.x.post_json("/2/tweets", R"({"text":"a"})", {bearer(got.text("/access_token"))});
        BOOST_TEST(refused.status == 403, scope);
    }
}

BOOST_AUTO_TEST_CASE(other_paths_and_methods_are_refused_as_problems) {
    stage on;
    BOOST_TEST(on.x.get("/2/nothing").text("/title") == "Not Found");
    auto const wrong = on.x.get("/2/tweets");
    BOOST_TEST(wrong.status == 405);
    BOOST_TEST(wrong.header("allow") == "POST");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
