// Publishing on pages at Facebook: whose token it takes, what may be in a post, and how it is found again.
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct feed_stage : facebook_stage {
    feed_stage() : page{page_id("ada")}, token{page_token()} {}

    answer publish(parameter_map const& form) { return post("/" + page + "/feed", token, form); }
    std::string in(std::chrono::seconds span) {
        return std::to_string(sandbox::unix_seconds(pretend.clock().now() + span));
    }

    std::string page, token;
};

BOOST_FIXTURE_TEST_SUITE(facebook_feed_test, feed_stage)

BOOST_AUTO_TEST_CASE(a_post_is_answered_by_its_id) {
    auto const made = publish({{"message", "Fresh rolls from seven"}});
    BOOST_TEST(made.status == 200U);
    BOOST_TEST(made.text("/id").starts_with(page + "_"));
    BOOST_TEST(made.json().as_object().size() == 1U);
    auto const posts = control.get("/facebook/posts");
    BOOST_TEST(posts.text("/data/0/text") == "Fresh rolls from seven");
    BOOST_TEST(posts.text("/data/0/person") == "ada");
}

BOOST_AUTO_TEST_CASE(it_may_come_as_json_and_ask_for_its_link) {
    auto const made =
        at.post_json("/v26.0/" + page + "/feed?fields=id,permalink_url",
                     R"({"message":"Rolls","link":"https://bakery.example/"})", {bearer(token)});
    BOOST_TEST(made.status == 200U);
    BOOST_TEST(made.text("/permalink_url").starts_with("https://www.facebook.com/" + page + "/posts/"));
    BOOST_TEST(at.post_json("/v26.0/me/feed", R"({"message":"More rolls"})", {bearer(token)}).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_token_of_the_person_is_refused) {
    auto const refused = post("/" + page + "/feed", long_token(), {{"message", "Rolls"}});
    BOOST_TEST(refused.status == 403U);
    BOOST_TEST(error_of(refused) == "200");
    BOOST_TEST(error_of(post("/" + page_id("ben") + "/feed", token, {{"message", "Rolls"}})) == "100/33");
    BOOST_TEST(error_of(post("/" + page + "/feed", "EAAnone", {{"message", "Rolls"}})) == "190");
    BOOST_TEST(error_of(at.post_form("/v26.0/" + page + "/feed", "message=Rolls")) == "104");
}

BOOST_AUTO_TEST_CASE(it_takes_two_permissions_and_the_task) {
    for (auto const* const scope :
         {"pages_show_list,pages_manage_posts", "pages_show_list,pages_read_engagement"})
        BOOST_TEST(error_of(post("/" + page + "/feed", page_token("ada", scope), {{"message", "Rolls"}})) ==
                       "200",
                   scope);
    auto const all = get("/me/accounts?fields=access_token", long_token("ben"));
    BOOST_TEST(error_of(post("/" + page_id("ben", 1) + "/feed", all.text("/data/1/access_token"),
                             {{"message", "Beans"}})) == "200");
    BOOST_TEST(
        post("/" + page_id("ben", 2) + "/feed", all.text("/data/2/access_token"), {{"message", "Beans"}})
            .status == 200U);
}

BOOST_AUTO_TEST_CASE(the_same_text_twice_on_one_page_is_a_duplicate) {
    BOOST_TEST(publish({{"message", "Rolls"}}).status == 200U);
    BOOST_TEST(error_of(publish({{"message", "Rolls"}})) == "506");
    auto const all = get("/me/accounts?fields=access_token", long_token("ben"));
    for (std::size_t i : {0U, 2U})
        BOOST_TEST(post("/" + page_id("ben", i) + "/feed",
                        all.text("/data/" + std::to_string(i) + "/access_token"), {{"message", "Rolls"}})
                       .status == 200U);
}

BOOST_AUTO_TEST_CASE(a_post_needs_something_in_it_and_not_too_much) {
    BOOST_TEST(error_of(publish({})) == "100");
    BOOST_TEST(error_of(publish({{"message", std::string(63'207, 'a')}})) == "100");
    BOOST_TEST(publish({{"message", std::string(63'206, 'a')}}).status == 200U);
    BOOST_TEST(error_of(publish({{"message", "Rolls"}, {"fields", "id,likes_of_mine"}})) == "100");
    BOOST_TEST(publish({{"message", "Rolls"}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_post_is_scheduled_from_ten_minutes_to_thirty_days_ahead) {
    using std::chrono::hours;
    using std::chrono::minutes;
    auto const scheduled = [&](std::string const& text, std::string const& at_time,
                               std::string const& published) {
        return publish({{"message", text}, {"published", published}, {"scheduled_publish_time", at_time}});
    };
    BOOST_TEST(scheduled("one", in(minutes{11}), "false").status == 200U);
    BOOST_TEST(error_of(scheduled("two", in(minutes{9}), "false")) == "100");
    BOOST_TEST(error_of(scheduled("three", in(hours{24 * 31}), "false")) == "100");
    BOOST_TEST(error_of(scheduled("four", in(minutes{11}), "true")) == "100");
    BOOST_TEST(error_of(scheduled("five", "tomorrow", "false")) == "100");
    BOOST_TEST(get("/me/feed", token).body == R"({"data":[]})");
}

BOOST_AUTO_TEST_CASE(the_feed_tells_what_was_published_after_all) {
    auto const first = publish({{"message", "Rolls"}}).text("/id");
    auto const second = publish({{"message", "Bread"}}).text("/id");
    auto const feed = get("/me/feed?limit=1", token);
    BOOST_TEST(feed.text("/data/0/message") == "Bread");
    BOOST_TEST(feed.text("/data/0/id") == second);
    auto const next = feed.text("/paging/next").substr(pretend.url("facebook").size());
    BOOST_TEST(at.get(next).text("/data/0/id") == first);
    BOOST_TEST(get("/" + first + "?fields=message", token).text("/message") == "Rolls");
    BOOST_TEST(get("/" + first, long_token()).text("/message") == "Rolls");
    BOOST_TEST(error_of(get("/" + first, long_token("ben"))) == "100/33");
    BOOST_TEST(error_of(get("/" + page + "/feed", long_token("ada", "pages_show_list"))) == "10");
}

BOOST_AUTO_TEST_CASE(other_methods_and_edges_are_refused) {
    BOOST_TEST(error_of(at.send("PUT", "/v26.0/me/feed", {bearer(token)})) == "100/33");
    BOOST_TEST(error_of(get("/me/photos_of_mine", token)) == "100");
    BOOST_TEST(error_of(get("/99999999999999999", token)) == "100/33");
    BOOST_TEST(error_of(get("/", token)) == "100/33");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
