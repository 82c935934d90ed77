// The YouTube Data API: the channel of a person, playlists and comments, quotas, and errors whose word is
// `error.errors[0].reason`.
#include "tests/sandbox/youtube_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;

constexpr auto reason = "/error/errors/0/reason";

struct on_api : youtube_visit {
    answer playlist(std::string_view token, std::string_view body,
                    std::string_view target = "/youtube/v3/playlists?part=snippet,status") {
        return site.post_json(target, body, {bearer(token)});
    }
};

constexpr auto probe =
    R"({"snippet":{"title":"Gateway probe","description":""},"status":{"privacyStatus":"private"}})";

BOOST_FIXTURE_TEST_SUITE(youtube_api_test, on_api)

BOOST_AUTO_TEST_CASE(the_own_channel_has_id_title_handle_and_pictures) {
    auto const got = channels(access_token("youtube.readonly"));
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/kind") == "youtube#channelListResponse");
    BOOST_TEST(got.text("/items/0/id").size() == 24);
    BOOST_TEST(got.text("/items/0/id").starts_with("UC"));
    BOOST_TEST(got.text("/items/0/snippet/title") == "Ada Marlow");
    BOOST_TEST(got.text("/items/0/snippet/customUrl") == "@ada");
    BOOST_TEST(!got.text("/items/0/snippet/thumbnails/default/url").empty());
    BOOST_TEST(got.header("x-ratelimit-limit").empty());
    auto const ben = channels(access_token("youtube", "ben"));
    BOOST_TEST(ben.text("/items/0/snippet/customUrl").empty());
    BOOST_TEST(ben.text("/items/0/id") != got.text("/items/0/id"));
}

BOOST_AUTO_TEST_CASE(upload_alone_is_not_enough_to_see_the_channel) {
    auto const got = channels(access_token("youtube.upload"));
    BOOST_TEST(got.status == 403);
    BOOST_TEST(got.text(reason) == "insufficientPermissions");
    BOOST_TEST(got.text("/error/status") == "PERMISSION_DENIED");
}

BOOST_AUTO_TEST_CASE(nobody_without_a_channel_has_items) {
    set_trait("ada", "youtube_no_channel");
    auto const token = access_token("youtube");
    auto const got = channels(token);
    BOOST_TEST(got.status == 200);
    BOOST_TEST(!got.json().as_object().contains("items"));
    BOOST_TEST(got.json().at_pointer("/pageInfo/totalResults").to_number<int>() == 0);
    auto const written = playlist(token, probe);
    BOOST_TEST(written.status == 401);
    BOOST_TEST(written.text(reason) == "youtubeSignupRequired");
    set_trait("ada", "youtube_signup_required");
    BOOST_TEST(channels(token).text(reason) == "youtubeSignupRequired");
}

BOOST_AUTO_TEST_CASE(a_dead_token_is_an_object_here_and_parameters_are_needed) {
    auto const token = access_token("youtube.readonly");
    for (header_list const& headers : {header_list{}, header_list{bearer("nobody")}}) {
        auto const got = site.get("/youtube/v3/channels?part=snippet&mine=true", headers);
        BOOST_TEST(got.status == 401);
        BOOST_TEST(got.text(reason) == "authError");
        BOOST_TEST(got.text("/error/errors/0/location") == "Authorization");
        BOOST_TEST(got.json().at_pointer("/error/code").to_number<int>() == 401);
    }
    auto const why = [&](std::string_view query) {
        return site.get("/youtube/v3/channels" + std::string{query}, {bearer(token)}).text(reason);
    };
    BOOST_TEST(why("?mine=true") == "required");
    BOOST_TEST(why("?part=snippet") == "missingRequiredParameter");
    BOOST_TEST(why("?part=everything&mine=true") == "unknownPart");
    BOOST_TEST(site.get("/youtube/v3/nothing", {bearer(token)}).text(reason) == "notFound");
    ahead(hours{1});
    BOOST_TEST(channels(token).status == 401);
}

BOOST_AUTO_TEST_CASE(a_playlist_is_the_smallest_thing_to_write) {
    auto const token = access_token("youtube");
    auto const made = playlist(token, probe);
    BOOST_TEST(made.status == 200);
    BOOST_TEST(made.text("/id").starts_with("PL"));
    BOOST_TEST(made.text("/status/privacyStatus") == "private");
    BOOST_TEST(control.get("/youtube/posts").text("/data/0/text") == "Gateway probe");
    BOOST_TEST(playlist(access_token("youtube.readonly"), probe).text(reason) == "insufficientPermissions");
    BOOST_TEST(playlist(token, R"({"snippet":{}})").text(reason) == "playlistTitleRequired");
    BOOST_TEST(playlist(token, R"({"snippet":{"title":"a<b"}})").text(reason) == "invalidPlaylistSnippet");
    BOOST_TEST(playlist(token, probe, "/youtube/v3/playlists?part=snippet").text(reason) == "unexpectedPart");
    BOOST_TEST(playlist(token, "{").text(reason) == "parseError");
}

BOOST_AUTO_TEST_CASE(a_comment_needs_a_text_and_a_video) {
    auto const token = access_token("youtube.force-ssl");
    auto const comment = [&](std::string const& video, std::string const& text) {
        return site.post_json("/youtube/v3/commentThreads?part=snippet",
                              R"({"snippet":{"videoId":")" + video +
                                  R"(","topLevelComment":{"snippet":{"textOriginal":")" + text + R"("}}}})",
                              {bearer(token)});
    };
    BOOST_TEST(comment("nothing", "Hi").text(reason) == "videoNotFound");
    BOOST_TEST(comment("nothing", "").text(reason) == "commentTextRequired");
    auto const opened = site.post_json("/upload/youtube/v3/videos?uploadType=resumable&part=snippet",
                                       R"({"snippet":{"title":"Hello"}})", {bearer(token)});
    auto const session = opened.header("location").substr(pretend.url("youtube").size());
    auto const video = site.send("PUT", session, {}, "bytes").text("/id");
    BOOST_TEST(comment(video, "Hi").status == 200);
}

BOOST_AUTO_TEST_CASE(the_quota_of_a_project_is_shared_and_ends_at_midnight_in_california) {
    // Seven hours before UTC in July.
    BOOST_REQUIRE(control.post_json("/clock", R"({"set":"2030-07-01T08:00:00Z"})").status == 200);
    auto const token = access_token("youtube");
    for (int i = 0; i < 200; ++i)
        BOOST_REQUIRE(playlist(token, probe).status == 200);
    auto const refused = channels(access_token("youtube.readonly", "ben"));
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text(reason) == "quotaExceeded");
    BOOST_TEST(refused.text("/error/errors/0/domain") == "youtube.quota");
    ahead(hours{22} + std::chrono::minutes{58});
    BOOST_TEST(channels(access_token("youtube.readonly")).status == 403);
    ahead(std::chrono::minutes{2});
    BOOST_TEST(channels(access_token("youtube.readonly")).status == 200);
}

BOOST_AUTO_TEST_CASE(limits_of_the_project_come_as_403_with_their_reasons) {
    auto const token = access_token("youtube.readonly");
    for (auto const& [flag, word] :
         std::vector<std::pair<std::string, std::string>>{{"quota_exceeded", "quotaExceeded"},
                                                          {"rate_limited", "rateLimitExceeded"},
                                                          {"user_rate_limited", "userRateLimitExceeded"},
                                                          {"api_disabled", "accessNotConfigured"}}) {
        flag_app(flag);
        auto const got = channels(token);
        BOOST_TEST(got.status == 403);
        BOOST_TEST(got.text(reason) == word);
    }
    flag_app("testing");
    BOOST_TEST(channels(token).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
