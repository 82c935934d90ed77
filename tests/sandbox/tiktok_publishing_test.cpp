// Posting at TikTok: what a creator may do, what is refused with 200 and what with a status, chunks, and how
// far a post is.
#include "tests/sandbox/visit.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr std::string_view callback = "https://app.example/cb/tiktok";
constexpr auto verdict = "/error/code";

struct creator : visit {
    creator() : visit{"tiktok"} {
        flag_app("");
        token = sign_in();
    }

    void flag_app(std::string_view flag) {
        put_app(R"({"client_id":"aw1","client_secret":"shhh","redirect_uris":[")" + std::string{callback} +
                R"("],"flags":[)" + (flag.empty() ? "" : "\"" + std::string{flag} + "\"") + "]}");
    }
    void set_trait(std::string_view trait) {
        auto const done =
            control.send("PATCH", "/people/ada", {}, R"({"traits":[")" + std::string{trait} + R"("]})");
        BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
    }
    std::string sign_in(std::string_view scopes = "video.publish,video.upload") {
        parameters const asked{{"response_type", "code"},
                               {"client_key", "aw1"},
                               {"redirect_uri", std::string{callback}},
                               {"scope", std::string{scopes}},
                               {"state", "s"}};
        auto const given = visit::code("/v2/auth/authorize/?" + query_of(asked));
        return site
            .post_form("/v2/oauth/token/", query_of({{"client_key", "aw1"},
                                                     {"client_secret", "shhh"},
                                                     {"grant_type", "authorization_code"},
                                                     {"redirect_uri", std::string{callback}},
                                                     {"code", given}}))
            .text("/access_token");
    }
    answer call(std::string_view what, std::string_view body) {
        return site.post_json("/v2/post/publish/" + std::string{what} + "/", body, {bearer(token)});
    }
    answer photo(std::string_view url = "https://media.app.example/1.jpg",
                 std::string_view privacy = "SELF_ONLY") {
        return call(
            "content/init",
            R"({"media_type":"PHOTO","post_mode":"DIRECT_POST","post_info":{"title":"Hello",)"
            R"("privacy_level":")" +
                std::string{privacy} +
                R"("},"source_info":{"source":"PULL_FROM_URL","photo_cover_index":0,"photo_images":[")" +
                std::string{url} + R"("]}})");
    }
    answer video(std::uint64_t size, std::uint64_t chunk, std::uint64_t count,
                 std::string_view what = "video/init") {
        boost::json::object const source{{"source", "FILE_UPLOAD"},
                                         {"video_size", size},
                                         {"chunk_size", chunk},
                                         {"total_chunk_count", count}};
        boost::json::object const info{{"title", "Hello"}, {"privacy_level", "SELF_ONLY"}};
        return call(
            what, boost::json::serialize(boost::json::object{{"post_info", info}, {"source_info", source}}));
    }
    answer status(answer const& begun) {
        return call("status/fetch", R"({"publish_id":")" + begun.text("/data/publish_id") + R"("})");
    }
    answer put(answer const& begun, std::string_view range, std::string const& bytes,
               std::string_view type = "video/mp4") {
        auto const url = begun.text("/data/upload_url");
        return site.send("PUT", url.substr(pretend.url("tiktok").size()),
                         {{"Content-Range", std::string{range}}, {"Content-Type", std::string{type}}}, bytes);
    }

    std::string token;
};

BOOST_FIXTURE_TEST_SUITE(tiktok_publishing_test, creator)

BOOST_AUTO_TEST_CASE(the_options_of_a_creator_follow_the_account) {
    auto const own = call("creator_info/query", "");
    BOOST_TEST(own.text(verdict) == "ok");
    BOOST_TEST(own.text("/data/creator_nickname") == "Ada Marlow");
    BOOST_TEST(own.text("/data/privacy_level_options/0") == "FOLLOWER_OF_CREATOR");
    set_trait("tiktok_public_account");
    BOOST_TEST(call("creator_info/query", "").text("/data/privacy_level_options/0") == "PUBLIC_TO_EVERYONE");
    token = sign_in("video.upload");
    BOOST_TEST(call("creator_info/query", "").text(verdict) == "scope_not_authorized");
}

BOOST_AUTO_TEST_CASE(a_photo_is_pulled_and_then_published) {
    auto const begun = photo();
    BOOST_TEST(begun.text(verdict) == "ok");
    BOOST_TEST(status(begun).text("/data/status") == "PROCESSING_DOWNLOAD");
    ahead(std::chrono::seconds{5});
    auto const done = status(begun);
    BOOST_TEST(done.text("/data/status") == "PUBLISH_COMPLETE");
    auto const id = done.json().at_pointer("/data/publicaly_available_post_id/0").to_number<std::uint64_t>();
    BOOST_TEST(id > std::uint64_t{1} << 53);
    auto const png = photo("https://media.app.example/1.png");
    ahead(std::chrono::seconds{5});
    BOOST_TEST(status(png).text("/data/status") == "FAILED");
    BOOST_TEST(status(png).text("/data/fail_reason") == "file_format_check_failed");
}

BOOST_AUTO_TEST_CASE(apps_post_for_the_author_alone_until_they_are_audited) {
    auto const refused = photo("https://media.app.example/1.jpg", "MUTUAL_FOLLOW_FRIENDS");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text(verdict) == "unaudited_client_can_only_post_to_private_accounts");
    set_trait("tiktok_public_account");
    BOOST_TEST(photo().text(verdict) == "unaudited_client_can_only_post_to_private_accounts");
    flag_app("audited");
    BOOST_TEST(photo("https://media.app.example/1.jpg", "PUBLIC_TO_EVERYONE").text(verdict) == "ok");
    BOOST_TEST(photo("https://media.app.example/1.jpg", "FOLLOWER_OF_CREATOR").text(verdict) ==
               "privacy_level_option_mismatch");
}

BOOST_AUTO_TEST_CASE(media_is_pulled_from_verified_domains_over_https) {
    BOOST_TEST(photo("https://elsewhere.example/1.jpg").text(verdict) == "url_ownership_unverified");
    BOOST_TEST(photo("https://evilapp.example/1.jpg").text(verdict) == "url_ownership_unverified");
    BOOST_TEST(photo("http://media.app.example/1.jpg").text(verdict) == "invalid_params");
    flag_app("verified_media");
    BOOST_TEST(photo("https://elsewhere.example/1.jpg").text(verdict) == "ok");
}

BOOST_AUTO_TEST_CASE(spam_is_refused_with_200) {
    set_trait("tiktok_posted_enough");
    auto const enough = photo();
    BOOST_TEST(enough.status == 200);
    BOOST_TEST(enough.text(verdict) == "spam_risk_too_many_posts");
    BOOST_TEST(enough.json().at("data").as_object().empty());
    set_trait("tiktok_banned");
    BOOST_TEST(photo().text(verdict) == "spam_risk_user_banned_from_posting");
}

BOOST_AUTO_TEST_CASE(five_drafts_may_wait_and_they_wait_in_the_inbox) {
    auto const first = video(9, 9, 1, "inbox/video/init");
    BOOST_TEST(put(first, "bytes 0-8/9", "123456789").status == 201);
    BOOST_TEST(status(first).text("/data/status") == "SEND_TO_USER_INBOX");
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(video(9, 9, 1, "inbox/video/init").text(verdict) == "ok");
    auto const refused = video(9, 9, 1, "inbox/video/init");
    BOOST_TEST(refused.status == 200);
    BOOST_TEST(refused.text(verdict) == "spam_risk_too_many_pending_share");
    ahead(std::chrono::hours{24});
    token = sign_in();
    BOOST_TEST(video(9, 9, 1, "inbox/video/init").text(verdict) == "ok");
}

BOOST_AUTO_TEST_CASE(a_video_is_sent_in_the_chunks_that_were_announced) {
    constexpr std::size_t chunk = 5'000'000;
    auto const begun = video(2 * chunk + 7, chunk, 2);
    BOOST_TEST(status(begun).text("/data/status") == "PROCESSING_UPLOAD");
    BOOST_TEST(put(begun, "bytes 0-4/10000007", "12345").status == 416);
    BOOST_TEST(put(begun, "bytes 0-4/99", "12345").status == 400);
    BOOST_TEST(put(begun, "bytes 0-4/10000007", "12345", "text/plain").status == 415);
    BOOST_TEST(put(begun, "bytes 0-4999999/10000007", std::string(chunk, 'a')).status == 206);
    BOOST_TEST(put(begun, "bytes 5000000-10000006/10000007", std::string(chunk + 7, 'b')).status == 201);
    BOOST_TEST(status(begun).text("/data/status") == "PUBLISH_COMPLETE");
    auto const late = video(9, 9, 1);
    ahead(std::chrono::hours{1});
    BOOST_TEST(put(late, "bytes 0-8/9", "123456789").status == 403);
}

BOOST_AUTO_TEST_CASE(chunks_that_do_not_add_up_are_refused_at_once) {
    for (auto const& [size, chunk, count] : std::vector<std::array<std::uint64_t, 3>>{
             {0, 0, 0}, {9, 5, 1}, {9, 9, 2}, {10'000'000, 1'000'000, 10}, {20'000'000, 5'000'000, 5}}) {
        ahead(std::chrono::minutes{1});
        BOOST_TEST(video(size, chunk, count).text(verdict) == "invalid_params");
    }
}

BOOST_AUTO_TEST_CASE(six_posts_a_minute_are_all) {
    ahead(std::chrono::seconds{60 - pretend.clock().now().time_since_epoch() / std::chrono::seconds{1} % 60});
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(video(9, 9, 1).text(verdict) == "ok");
    auto const refused = video(9, 9, 1);
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.text(verdict) == "rate_limit_exceeded");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
