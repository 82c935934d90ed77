// Threads: tokens that renew themselves, two shapes of errors, and publishing that must wait for its
// container.
#include "tests/sandbox/extending_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_SUITE(threads_test, threads_stage)

BOOST_AUTO_TEST_CASE(the_window_takes_threads_scopes_with_the_basic_one) {
    auto const url = location();
    BOOST_TEST(url.starts_with("https://app.example/cb?from=meta&code=AQC"));
    BOOST_TEST(url.ends_with("#_"));
    BOOST_TEST(page({{"scope", "threads_basic threads_delete"}}).status == 200U);
    BOOST_TEST(page({{"scope", "threads_content_publish"}}).status == 400U);
    BOOST_TEST(page({{"scope", "threads_basic,instagram_basic"}}).body.find("Invalid Scopes") !=
               std::string::npos);
    BOOST_TEST(page({{"client_id", "12345"}}).body.find("4476002") != std::string::npos);
    BOOST_TEST(page({{"redirect_uri", "http://app.example/cb"}}).body.find("1349187") != std::string::npos);
    BOOST_TEST(parameter_of(location({}, {{"decision", "deny"}}), "error_reason") == "user_denied");
}

BOOST_AUTO_TEST_CASE(a_code_is_answered_with_a_bare_number_beyond_2_to_the_53) {
    auto const got = exchange(code());
    BOOST_TEST(got.status == 200U);
    auto const token = got.text("/access_token");
    BOOST_TEST(token.starts_with("THAA"));
    BOOST_TEST(got.text("/token_type") == "bearer");
    BOOST_TEST(got.json().as_object().size() == 3U);
    auto const id = get("/me", token).text("/id");
    BOOST_TEST(std::stoull(id) > std::uint64_t{1} << 53);
    BOOST_TEST(got.body.find("\"user_id\":" + id + ",") != std::string::npos);
    switch_on({"no_token_type"});
    BOOST_TEST(exchange(code()).json().as_object().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_code_comes_in_a_form_or_a_query_and_errors_are_flat) {
    BOOST_TEST(at.get("/oauth/access_token?" + code_form(code())).status == 200U);
    auto const spent = code();
    exchange(spent);
    BOOST_TEST(flat_error_of(exchange(spent)) == "Matching code was not found or was already used");
    BOOST_TEST(flat_error_of(exchange(code(), {{"client_secret", "wrong"}})) ==
               "Error validating client secret.");
    switch_on({"graph_secret_error"});
    BOOST_TEST(error_of(exchange(code(), {{"client_secret", "wrong"}})) == "1");
    BOOST_TEST(flat_error_of(exchange(spent)) == "Matching code was not found or was already used");
    auto const app = at.get("/oauth/access_token?grant_type=client_credentials&client_id=sandbox-app&"
                            "client_secret=sandbox-app-secret");
    BOOST_TEST(app.text("/access_token").starts_with("TH|sandbox-app|"));
}

BOOST_AUTO_TEST_CASE(tokens_renew_themselves_from_a_day_to_sixty) {
    auto const brief = short_token();
    auto const lasting = exchange_for_long(brief).text("/access_token");
    BOOST_TEST(lasting != brief);
    BOOST_TEST(error_of(refresh(lasting)) == "100");
    ahead(hours{24});
    auto const renewed = refresh(lasting);
    BOOST_TEST(renewed.json().at("expires_in").to_number<int>() == 5'184'000);
    BOOST_TEST(renewed.json().as_object().size() == 3U);
    BOOST_TEST(error_of(exchange_for_long(brief)) == "190/463");
    ahead(hours{24 * 60});
    BOOST_TEST(error_of(refresh(renewed.text("/access_token"))) == "190/463");
}

BOOST_AUTO_TEST_CASE(the_wrong_method_or_grant_is_unsupported) {
    auto const token = long_token();
    auto const posted =
        at.post_form("/refresh_access_token", "grant_type=th_refresh_token&access_token=" + token);
    BOOST_TEST(posted.text("/error/message") == "Unsupported request - method type: post");
    BOOST_TEST(posted.text("/error/type") == "THApiException");
    BOOST_TEST(error_of(exchange_for_long(token, {{"grant_type", "fb_exchange_token"}})) == "100");
    BOOST_TEST(error_of(exchange_for_long(short_token(), {{"client_secret", "wrong"}})) == "1");
}

BOOST_AUTO_TEST_CASE(the_profile_has_its_own_names_and_may_lack_some) {
    constexpr auto wanted =
        "/me?fields=id,username,name,threads_profile_picture_url,threads_biography,is_verified";
    auto const me = get(wanted, long_token());
    BOOST_TEST(me.text("/username") == "harbour.bakery");
    BOOST_TEST(me.text("/name") == "Harbour Bakery");
    BOOST_TEST(!me.text("/threads_profile_picture_url").empty());
    auto const bens = get(wanted, long_token("ben")).json();
    BOOST_TEST(!bens.as_object().contains("threads_profile_picture_url"));
    BOOST_TEST(!bens.as_object().contains("name"));
    BOOST_TEST(error_of(get("/me?fields=user_id", long_token())) == "100");
    BOOST_TEST(error_of(at.get("/v26.0/me?access_token=" + long_token())) == "2500");
    BOOST_TEST(error_of(at.get("/v1.0/me")) == "2500");
}

BOOST_AUTO_TEST_CASE(publishing_at_once_finds_no_media_and_a_moment_later_it_does) {
    auto const token = long_token();
    auto const made =
        post("/me/threads", token, {{"media_type", "TEXT"}, {"text", "Fresh rolls"}}).text("/id");
    auto const early = post("/me/threads_publish", token, {{"creation_id", made}});
    BOOST_TEST(error_of(early) == "24/4279009");
    BOOST_TEST(early.text("/error/error_user_title") == "Media Not Found");
    BOOST_TEST(get("/" + made + "?fields=status", token).text("/status") == "IN_PROGRESS");
    ahead(seconds{2});
    BOOST_TEST(get("/" + made + "?fields=status", token).text("/status") == "FINISHED");
    auto const done = post("/me/threads_publish", token, {{"creation_id", made}}).text("/id");
    BOOST_TEST(done != made);
    BOOST_TEST(get("/" + done + "?fields=permalink", token)
                   .text("/permalink")
                   .starts_with("https://www.threads.com/"));
    BOOST_TEST(get("/" + made + "?fields=status", token).text("/status") == "PUBLISHED");
}

BOOST_AUTO_TEST_CASE(a_text_may_publish_itself_and_the_list_has_no_next) {
    auto const token = long_token();
    auto const id = get("/me", token).text("/id");
    for (auto const* const written : {"one", "two"})
        BOOST_TEST(post("/" + id + "/threads", token,
                        {{"media_type", "TEXT"}, {"text", written}, {"auto_publish_text", "true"}})
                       .status == 200U);
    auto const listed = get("/me/threads?fields=id,text&limit=1", token);
    BOOST_TEST(listed.text("/data/0/text") == "two");
    BOOST_TEST(listed.text("/paging/next").empty());
    auto const after = listed.text("/paging/cursors/after");
    BOOST_TEST(get("/me/threads?fields=text&limit=1&after=" + after, token).text("/data/0/text") == "one");
    auto const quota =
        get("/me/threads_publishing_limit?fields=quota_usage,config,reply_config", token).json();
    BOOST_TEST(quota.at_pointer("/data/0/quota_usage").to_number<int>() == 2);
    BOOST_TEST(quota.at_pointer("/data/0/config/quota_total").to_number<int>() == 250);
    BOOST_TEST(quota.at_pointer("/data/0/reply_config/quota_total").to_number<int>() == 1000);
}

BOOST_AUTO_TEST_CASE(a_thread_has_five_hundred_characters_and_emoji_count_their_bytes) {
    auto const token = long_token();
    auto const publish = [&](std::string const& written) {
        return post("/me/threads", token, {{"media_type", "TEXT"}, {"text", written}}).status;
    };
    BOOST_TEST(publish(std::string(500, 'a')) == 200U);
    BOOST_TEST(publish(std::string(501, 'a')) == 400U);
    BOOST_TEST(publish(std::string(496, 'a') + "\xF0\x9F\xA5\x90") == 200U);
    BOOST_TEST(publish(std::string(497, 'a') + "\xF0\x9F\xA5\x90") == 400U);
    BOOST_TEST(error_of(post("/me/threads", token, {{"text", "no type"}})) == "100");
    BOOST_TEST(error_of(post("/me/threads", token, {{"media_type", "IMAGE"}})) == "100");
}

BOOST_AUTO_TEST_CASE(publishing_wants_its_permission) {
    auto const token = exchange(code({}, {{"scopes", boost::json::array{}}})).text("/access_token");
    BOOST_TEST(error_of(post("/me/threads", token, {{"media_type", "TEXT"}, {"text", "a"}})) == "10");
    BOOST_TEST(get("/me", token).status == 200U);
}

BOOST_AUTO_TEST_CASE(testers_ask_what_a_token_is) {
    auto const adas = long_token();
    auto const bens = long_token("ben");
    auto const told = get("/debug_token?input_token=" + bens, adas);
    BOOST_TEST(told.text("/data/user_id") == get("/me", bens).text("/id"));
    auto const body = told.json();
    auto const issued = body.at_pointer("/data/issued_at").to_number<std::int64_t>();
    BOOST_TEST(body.at_pointer("/data/data_access_expires_at").to_number<std::int64_t>() ==
               issued + 90 * 86'400);
    BOOST_TEST(error_of(get("/debug_token?input_token=" + adas, bens)) == "10");
    auto const none = get("/debug_token?input_token=THAAnone", adas).json();
    BOOST_TEST(!none.at_pointer("/data/is_valid").as_bool());
}

BOOST_AUTO_TEST_CASE(scripted_troubles_and_dead_tokens) {
    auto const token = long_token();
    tell("POST", "/threads/troubles",
         boost::json::object{{"code", 190}, {"subcode", 460}, {"person", "ada"}});
    BOOST_TEST(error_of(get("/me", token)) == "190/460");
    BOOST_TEST(error_of(refresh(token)) == "190/460");
    BOOST_TEST(get("/me", long_token("ben")).status == 200U);
    tell("DELETE", "/threads/troubles", {});
    tell("POST", "/people/ada/revoke", boost::json::object{{"platform", "threads"}});
    BOOST_TEST(error_of(get("/me", token)) == "190/458");
    switch_on({"dead_token_401"});
    BOOST_TEST(get("/me", token).status == 401U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
