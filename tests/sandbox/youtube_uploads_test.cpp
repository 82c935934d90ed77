// Resumable uploads: a session by its URL, 308 as "go on", and a video once the last byte is there.
#include "tests/sandbox/youtube_visit.hpp"
#include "tools/sandbox/content_range.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr auto reason = "/error/errors/0/reason";
constexpr std::size_t unit = 256 * 1024;

struct with_session : youtube_visit {
    with_session() : token{access_token("youtube.upload")} {}

    answer open(std::string_view body, header_list headers = {}) {
        headers.push_back(bearer(token));
        return site.post_json("/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status", body,
                              headers);
    }
    // The target of a fresh session.
    std::string session(std::string_view length = "") {
        header_list headers{{"X-Upload-Content-Type", "video/mp4"}};
        if (!length.empty())
            headers.emplace_back("X-Upload-Content-Length", length);
        auto const made =
            open(R"({"snippet":{"title":"Hello"},"status":{"privacyStatus":"public"}})", headers);
        BOOST_REQUIRE_MESSAGE(made.status == 200, made.body);
        BOOST_TEST(made.body.empty());
        return made.header("location").substr(pretend.url("youtube").size());
    }
    answer put(std::string const& target, std::string_view range, std::string const& bytes) {
        return site.send("PUT", target, {{"Content-Range", std::string{range}}}, bytes);
    }

    std::string token;
};

BOOST_FIXTURE_TEST_SUITE(youtube_uploads_test, with_session)

BOOST_AUTO_TEST_CASE(a_video_is_there_once_its_last_byte_is) {
    auto const at = session(std::to_string(unit + 10));
    auto const total = std::to_string(unit + 10);
    auto const first = put(at, "bytes 0-262143/" + total, std::string(unit, 'a'));
    BOOST_TEST(first.status == 308);
    BOOST_TEST(first.header("range") == "bytes=0-262143");
    BOOST_TEST(first.header("location").empty());
    BOOST_TEST(control.get("/youtube/posts").json().at("data").as_array().empty());
    auto const last = put(at, "bytes 262144-262153/" + total, std::string(10, 'b'));
    BOOST_TEST(last.status == 200);
    BOOST_TEST(last.text("/id").size() == 11);
    BOOST_TEST(last.text("/snippet/title") == "Hello");
    BOOST_TEST(control.get("/youtube/posts").text("/data/0/id") == last.text("/id"));
    BOOST_TEST(put(at, "bytes */" + total, "").text("/id") == last.text("/id"));
}

BOOST_AUTO_TEST_CASE(an_interrupted_session_tells_how_far_it_is) {
    auto const at = session();
    auto const untouched = put(at, "bytes */*", "");
    BOOST_TEST(untouched.status == 308);
    BOOST_TEST(untouched.header("range").empty());
    put(at, "bytes 0-262143/*", std::string(unit, 'a'));
    BOOST_TEST(put(at, "bytes */*", "").header("range") == "bytes=0-262143");
}

BOOST_AUTO_TEST_CASE(bytes_that_do_not_fit_are_refused_and_change_nothing) {
    auto const at = session(std::to_string(2 * unit));
    for (auto const& [range, size] : std::vector<std::pair<std::string, std::size_t>>{
             {"bytes 0-99/524288", 100},           // no multiple of 256 KiB
             {"bytes 0-262143/524288", 5},         // not as many as it says
             {"bytes 262144-524287/524288", unit}, // not where the upload stands
             {"bytes 0-262143/999999", unit},      // another length
             {"bytes 0-5/3", 6},
             {"bytes x", 1}})
        BOOST_TEST(put(at, range, std::string(size, 'a')).status == 400, range);
    BOOST_TEST(put(at, "bytes */524288", "").header("range").empty());
    BOOST_TEST(put("/upload/youtube/v3/videos?upload_id=nobody", "bytes 0-0/1", "a").status == 404);
    ahead(std::chrono::hours{24 * 7});
    BOOST_TEST(put(at, "bytes */524288", "").status == 404);
}

BOOST_AUTO_TEST_CASE(the_whole_may_come_at_once_without_a_range) {
    auto const done = site.send("PUT", session("5"), {}, "bytes");
    BOOST_TEST(done.status == 200);
    BOOST_TEST(done.text("/status/uploadStatus") == "uploaded");
}

BOOST_AUTO_TEST_CASE(uploads_of_an_unaudited_project_are_locked_to_private) {
    BOOST_TEST(site.send("PUT", session(), {}, "bytes").text("/status/privacyStatus") == "private");
    flag_app("audited");
    BOOST_TEST(site.send("PUT", session(), {}, "bytes").text("/status/privacyStatus") == "public");
}

BOOST_AUTO_TEST_CASE(the_metadata_is_checked_before_a_session_opens) {
    auto const why = [&](std::string_view body) { return open(body).text(reason); };
    BOOST_TEST(why(R"({"snippet":{"title":"a<b"}})") == "invalidTitle");
    BOOST_TEST(why(R"({"snippet":{"title":")" + std::string(101, 'a') + R"("}})") == "invalidTitle");
    BOOST_TEST(why(R"({"snippet":{"title":"a","description":"b>c"}})") == "invalidDescription");
    BOOST_TEST(why(R"({"snippet":{"title":"a","tags":[")" + std::string(501, 't') + R"("]}})") ==
               "invalidTags");
    BOOST_TEST(why(R"({"status":{"privacyStatus":"hidden"}})") == "invalidVideoMetadata");
    BOOST_TEST(open("{}", {{"X-Upload-Content-Type", "text/plain"}}).text(reason) == "badContent");
    BOOST_TEST(open("{}", {{"X-Upload-Content-Length", "many"}}).status == 400);
    BOOST_TEST(site.post_json("/upload/youtube/v3/videos?part=snippet", "{}", {bearer(token)}).status == 400);
    BOOST_TEST(site.post_json("/upload/youtube/v3/videos?uploadType=resumable&part=snippet", "{}").status ==
               401);
    set_trait("ada", "youtube_upload_limit");
    BOOST_TEST(why("{}") == "uploadLimitExceeded");
}

BOOST_AUTO_TEST_CASE(a_hundred_uploads_a_day_are_all_and_other_calls_go_on) {
    BOOST_REQUIRE(control.post_json("/clock", R"({"set":"2030-07-01T08:00:00Z"})").status == 200);
    token = access_token("youtube");
    for (int i = 0; i < 100; ++i)
        BOOST_REQUIRE(open("{}").status == 200);
    BOOST_TEST(open("{}").text(reason) == "quotaExceeded");
    BOOST_TEST(channels(token).status == 200);
}

BOOST_AUTO_TEST_CASE(content_ranges_are_read_strictly) {
    using sandbox::read_content_range;
    auto const read = read_content_range("bytes 5-9/20");
    BOOST_TEST(read->bytes->first == 5U);
    BOOST_TEST(read->bytes->size() == 5U);
    BOOST_TEST(*read->total == 20U);
    BOOST_TEST(!read_content_range("bytes */20")->bytes.has_value());
    BOOST_TEST(!read_content_range("bytes 0-1/*")->total.has_value());
    for (auto const* const wrong : {"", "bytes 0-1", "bytes 2-1/5", "bytes 0-5/5", "bytes -/5", "bytes 0-/5",
                                    "items 0-1/5", "bytes 0-1/x", "bytes 0- 1/5"})
        BOOST_TEST(!read_content_range(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
