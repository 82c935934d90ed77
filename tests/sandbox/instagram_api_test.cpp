// Instagram's API: two ids of one account, wrappers that come and go, and publishing by container, on its own
// host and on Facebook's.
#include "tests/sandbox/extending_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr auto account = "17841400112233445";
constexpr auto picture = "https://cdn.example.net/rolls.jpg";

BOOST_AUTO_TEST_SUITE(instagram_api_test)

BOOST_FIXTURE_TEST_CASE(the_account_id_is_not_the_id_of_the_token_reply, instagram_stage) {
    auto const issued = exchange(code());
    auto const token = issued.text("/data/0/access_token");
    auto const me = get("/me?fields=user_id,username,name,account_type,profile_picture_url", token);
    BOOST_TEST(me.text("/user_id") == account);
    BOOST_TEST(me.text("/id") == issued.text("/data/0/user_id"));
    BOOST_TEST(me.text("/id") != me.text("/user_id"));
    BOOST_TEST(me.text("/username") == "harbour.bakery");
    BOOST_TEST(me.text("/account_type") == "BUSINESS");
    BOOST_TEST(get("/" + std::string{account}, token).status == 200U);
    BOOST_TEST(error_of(get("/17841400999999999", token)) == "100/33");
    BOOST_TEST(error_of(get("/me?fields=user_id,avatar", token)) == "100");
}

BOOST_FIXTURE_TEST_CASE(the_account_may_come_in_a_wrapper, instagram_stage) {
    auto const token = long_token();
    switch_on({"wrapped_me"});
    BOOST_TEST(get("/me?fields=user_id", token).text("/data/0/user_id") == account);
}

BOOST_FIXTURE_TEST_CASE(names_and_pictures_may_be_missing_and_types_differ, instagram_stage) {
    auto const wanted = "/me?fields=user_id,name,account_type,profile_picture_url";
    auto const bens = get(wanted, long_token("ben"));
    BOOST_TEST(bens.text("/account_type") == "MEDIA_CREATOR");
    BOOST_TEST(bens.text("/name").empty());
    BOOST_TEST(bens.text("/profile_picture_url").empty());
    auto const cleos = long_token("cleo");
    auto const personal = get(wanted, cleos);
    BOOST_TEST(personal.text("/account_type") == "PERSONAL");
    BOOST_TEST(personal.text("/user_id").empty());
    BOOST_TEST(error_of(post("/me/media", cleos, {{"image_url", picture}})) == "10");
}

BOOST_FIXTURE_TEST_CASE(a_picture_is_published_by_its_container, instagram_stage) {
    auto const token = long_token();
    auto const path = "/" + std::string{account};
    auto const made = at.post_json(
        version + path + "/media",
        R"({"image_url":"https://cdn.example.net/rolls.jpg","caption":"Fresh rolls"})", {bearer(token)});
    auto const container = made.text("/id");
    BOOST_TEST(container.size() == 17U);
    BOOST_TEST(get("/" + container + "?fields=status_code,status", token).text("/status_code") == "FINISHED");
    auto const done = post(path + "/media_publish", token, {{"creation_id", container}});
    BOOST_TEST(done.text("/id") != container);
    BOOST_TEST(get("/" + container + "?fields=status_code", token).text("/status_code") == "PUBLISHED");
    BOOST_TEST(
        get("/" + done.text("/id") + "?fields=permalink", token).text("/permalink").starts_with("https://"));
    auto const quota = get(path + "/content_publishing_limit?fields=quota_usage,config", token).json();
    BOOST_TEST(quota.at_pointer("/data/0/quota_usage").to_number<int>() == 1);
    BOOST_TEST(quota.at_pointer("/data/0/config/quota_total").to_number<int>() == 100);
    BOOST_TEST(post(path + "/media_publish", token, {{"creation_id", container}}).status == 200U);
    BOOST_TEST(control.get("/instagram/posts").json().at("data").as_array().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_video_takes_its_time_and_a_container_ends, instagram_stage) {
    auto const token = long_token();
    auto const video = post("/me/media", token, {{"video_url", "https://cdn.example.net/a.mp4"}}).text("/id");
    BOOST_TEST(get("/" + video + "?fields=status_code", token).text("/status_code") == "IN_PROGRESS");
    BOOST_TEST(error_of(post("/me/media_publish", token, {{"creation_id", video}})) == "9007/2207027");
    ahead(seconds{60});
    BOOST_TEST(post("/me/media_publish", token, {{"creation_id", video}}).status == 200U);
    auto const old = post("/me/media", token, {{"image_url", picture}}).text("/id");
    auto const broken =
        post("/me/media", token, {{"image_url", "https://cdn.example.net/broken.jpg"}}).text("/id");
    BOOST_TEST(get("/" + broken + "?fields=status_code", token).text("/status_code") == "ERROR");
    ahead(hours{24});
    BOOST_TEST(get("/" + old + "?fields=status_code", token).text("/status_code") == "EXPIRED");
    BOOST_TEST(error_of(post("/me/media_publish", token, {{"creation_id", old}})) == "24/2207006");
    BOOST_TEST(error_of(get("/" + old, long_token("ben"))) == "100/33");
}

BOOST_FIXTURE_TEST_CASE(media_must_be_reachable_jpegs_with_short_captions, instagram_stage) {
    auto const token = long_token();
    auto const refused = [&](parameter_map const& form) { return error_of(post("/me/media", token, form)); };
    BOOST_TEST(refused({{"caption", "text alone"}}) == "100");
    for (auto const* const url :
         {"https://localhost/a.jpg", "http://192.168.0.1/a.jpg", "ftp://cdn.example/a.jpg"})
        BOOST_TEST(refused({{"image_url", url}}) == "9004/2207052", url);
    BOOST_TEST(refused({{"image_url", "https://cdn.example.net/a.png"}}) == "36001/2207005");
    BOOST_TEST(refused({{"image_url", picture}, {"caption", std::string(2201, 'a')}}) == "36004/2207010");
    std::string tags;
    for (int i = 0; i < 31; ++i)
        tags += "#a ";
    BOOST_TEST(refused({{"image_url", picture}, {"caption", tags}}) == "36103/2207040");
}

BOOST_FIXTURE_TEST_CASE(a_day_has_a_hundred_posts, instagram_stage) {
    pretend.get<sandbox::graph::graph_platform>().limits().enforce(false);
    auto const token = long_token();
    auto const made = post("/me/media", token, {{"image_url", picture}}).text("/id");
    for (int i = 0; i < 100; ++i)
        BOOST_REQUIRE(post("/me/media_publish", token, {{"creation_id", made}}).status == 200U);
    BOOST_TEST(error_of(post("/me/media_publish", token, {{"creation_id", made}})) == "9/2207042");
}

BOOST_FIXTURE_TEST_CASE(publishing_wants_its_permission, instagram_stage) {
    auto const token = exchange(code({}, {{"scopes", boost::json::array{}}})).text("/data/0/access_token");
    BOOST_TEST(error_of(post("/me/media", token, {{"image_url", picture}})) == "10");
    BOOST_TEST(get("/me", token).status == 200U);
    BOOST_TEST(error_of(at.send("DELETE", "/v26.0/me/permissions", {bearer(token)})) == "100/33");
}

BOOST_FIXTURE_TEST_CASE(usage_is_told_for_the_account, instagram_stage) {
    auto const token = long_token();
    for (int i = 0; i < 11; ++i)
        BOOST_REQUIRE(get("/me", token).status == 200U);
    auto const told = get("/me", token).header("x-business-use-case-usage");
    BOOST_TEST(told.starts_with("{\"" + std::string{account} + "\":["));
    BOOST_TEST(told.find(R"("type":"instagram")") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(the_account_of_a_page_is_served_by_facebook, facebook_stage) {
    auto const scope = std::string{page_scopes} + ",instagram_basic,instagram_content_publish";
    auto const token = long_token("ada", scope);
    auto const path = "/" + std::string{account};
    BOOST_TEST(get(path + "?fields=username,name,profile_picture_url", token).text("/username") ==
               "harbour.bakery");
    auto const page = page_token("ada", scope);
    for (auto const& by : {token, page}) {
        auto const made = post(path + "/media", by, {{"image_url", picture}}).text("/id");
        BOOST_TEST(get("/" + made + "?fields=status_code", by).text("/status_code") == "FINISHED");
        BOOST_TEST(!post(path + "/media_publish", by, {{"creation_id", made}}).text("/id").empty());
    }
    BOOST_TEST(error_of(get(path, long_token("ada", page_scopes))) == "10");
    BOOST_TEST(error_of(get(path, long_token("ben", scope))) == "100/33");
    auto const reading = long_token("ada", std::string{page_scopes} + ",instagram_basic");
    BOOST_TEST(error_of(post(path + "/media", reading, {{"image_url", picture}})) == "10");
    BOOST_TEST(error_of(post(path + "/feed", token, {{"message", "Rolls"}})) == "100/33");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
