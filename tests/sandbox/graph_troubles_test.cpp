// What turns calls away at the door of a Graph API: scripted troubles of every documented code, dead tokens
// as 400 and as 401, appsecret_proof, and limits with their headers.
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct documented {
    int code;
    int subcode;
    unsigned status;
};

// The rows of Facebook's table of errors, with the status each comes with.
constexpr std::array<documented, 32> rows{{
    {190, 0, 400},   {102, 0, 400},       {190, 458, 400},     {190, 459, 400},     {190, 460, 400},
    {190, 463, 400}, {190, 464, 400},     {190, 467, 400},     {190, 483, 400},     {190, 492, 400},
    {190, 493, 400}, {10, 0, 403},        {200, 0, 403},       {283, 0, 403},       {3, 0, 400},
    {100, 0, 400},   {104, 0, 400},       {2500, 0, 400},      {1, 0, 500},         {2, 0, 500},
    {4, 0, 403},     {17, 0, 400},        {32, 0, 403},        {341, 0, 400},       {613, 0, 400},
    {80001, 0, 400}, {368, 0, 400},       {368, 1390008, 400}, {368, 4854002, 400}, {368, 1404078, 400},
    {506, 0, 400},   {368, 1404082, 400},
}};

BOOST_FIXTURE_TEST_SUITE(graph_troubles_test, facebook_stage)

BOOST_AUTO_TEST_CASE(every_documented_error_can_be_scripted) {
    auto const token = long_token();
    for (auto const& row : rows) {
        boost::json::object body{{"code", row.code}};
        if (row.subcode != 0)
            body["subcode"] = row.subcode;
        tell("POST", "/facebook/troubles", body);
        auto const got = get("/me", token);
        auto const wanted =
            std::to_string(row.code) + (row.subcode == 0 ? "" : "/" + std::to_string(row.subcode));
        BOOST_TEST(error_of(got) == wanted);
        BOOST_TEST(got.status == row.status, wanted);
        BOOST_TEST(!got.text("/error/message").empty(), wanted);
        tell("DELETE", "/facebook/troubles", {});
    }
    BOOST_TEST(get("/me", token).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_trouble_may_be_one_persons_one_pages_or_one_endpoints) {
    auto const ada = long_token();
    auto const ben = long_token("ben");
    auto const pages = get("/me/accounts?fields=access_token", ben);
    auto const first = pages.text("/data/0/access_token");
    auto const third = pages.text("/data/2/access_token");
    tell("POST", "/facebook/troubles",
         boost::json::object{{"code", 190}, {"subcode", 460}, {"person", "ada"}});
    BOOST_TEST(error_of(get("/me", ada)) == "190/460");
    BOOST_TEST(error_of(exchange_for_long(ada)) == "190/460");
    BOOST_TEST(get("/me", ben).status == 200U);
    tell("POST", "/facebook/troubles",
         boost::json::object{{"code", 190}, {"subcode", 492}, {"object", page_id("ben")}});
    BOOST_TEST(error_of(post("/" + page_id("ben") + "/feed", first, {{"message", "Beans"}})) == "190/492");
    BOOST_TEST(error_of(get("/me", first)) == "190/492");
    BOOST_TEST(get("/me", third).status == 200U);
    BOOST_TEST(get("/me/accounts", ben).status == 200U);
    tell("POST", "/facebook/troubles", boost::json::object{{"code", 368}, {"endpoint", "feed"}});
    BOOST_TEST(error_of(post("/" + page_id("ben", 2) + "/feed", third, {{"message", "Beans"}})) == "368");
    BOOST_TEST(get("/me", third).status == 200U);
    tell("POST", "/facebook/troubles", boost::json::object{{"code", 2}, {"endpoint", "token"}, {"times", 1}});
    auto const live = code();
    BOOST_TEST(error_of(exchange(live)) == "2");
    BOOST_TEST(exchange(live).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_trouble_holds_until_cleared_or_for_some_calls) {
    auto const token = long_token();
    auto const times = tell("POST", "/facebook/troubles", boost::json::object{{"code", 1}, {"times", 2}});
    BOOST_TEST(error_of(get("/me", token)) == "1");
    BOOST_TEST(error_of(get("/me", token)) == "1");
    BOOST_TEST(get("/me", token).status == 200U);
    auto const listed = control.get("/facebook/troubles").json();
    BOOST_TEST(listed.at_pointer("/data/0/hits").to_number<int>() == 2);
    auto const made = tell("POST", "/facebook/troubles", boost::json::object{{"code", 17}}).json();
    auto const id = std::to_string(made.at("id").to_number<int>());
    BOOST_TEST(get("/me", token).status == 400U);
    BOOST_TEST(control.send("DELETE", "/facebook/troubles/" + id).status == 200U);
    BOOST_TEST(control.send("DELETE", "/facebook/troubles/" + id).status == 404U);
    BOOST_TEST(get("/me", token).status == 200U);
    tell("POST", "/facebook/troubles", boost::json::object{{"code", 17}});
    control.send("POST", "/reset");
    BOOST_TEST(get("/me", long_token()).status == 200U);
}

BOOST_AUTO_TEST_CASE(its_words_and_its_status_may_be_others) {
    auto const token = long_token();
    tell("POST", "/facebook/troubles",
         boost::json::object{{"code", 4},
                             {"status", 429},
                             {"transient", true},
                             {"message", "Calls to this page are paused"},
                             {"user_title", "Etwas langsamer"},
                             {"user_message", "Bitte warten."}});
    auto const got = get("/me", token);
    BOOST_TEST(got.status == 429U);
    auto const body = got.json();
    BOOST_TEST(body.at_pointer("/error/is_transient").as_bool());
    BOOST_TEST(got.text("/error/message") == "Calls to this page are paused");
    BOOST_TEST(got.text("/error/error_user_title") == "Etwas langsamer");
    BOOST_TEST(got.text("/error/error_user_msg") == "Bitte warten.");
    for (auto const* const wrong : {R"({"code":1,"person":"nobody"})", R"({"code":1,"endpoint":"users_me"})",
                                    R"({"code":1,"status":200})", R"({"code":1,"times":0})", R"({})"})
        BOOST_TEST(control.post_json("/facebook/troubles", wrong).status == 400U, wrong);
}

BOOST_AUTO_TEST_CASE(trouble_of_metas_own_is_transient) {
    auto const token = long_token();
    tell("POST", "/facebook/troubles", boost::json::object{{"code", 2}});
    auto const body = get("/me", token).json();
    BOOST_TEST(body.at_pointer("/error/is_transient").as_bool());
}

BOOST_AUTO_TEST_CASE(a_dead_token_may_be_a_401) {
    auto const token = short_token();
    ahead(std::chrono::hours{2});
    BOOST_TEST(get("/me", token).status == 400U);
    switch_on({"dead_token_401"});
    auto const got = get("/me", token);
    BOOST_TEST(got.status == 401U);
    BOOST_TEST(error_of(got) == "190/463");
    BOOST_TEST(get("/me", "EAAnone").status == 401U);
    BOOST_TEST(exchange_for_long(token).status == 401U);
    BOOST_TEST(error_of(at.get("/v26.0/me")) == "2500");
    BOOST_TEST(at.get("/v26.0/me").status == 400U);
}

BOOST_AUTO_TEST_CASE(a_token_comes_as_a_parameter_or_in_a_header) {
    auto const token = long_token();
    BOOST_TEST(at.get("/v26.0/me", {bearer(token)}).status == 200U);
    BOOST_TEST(at.get("/v26.0/me", {{"Authorization", "OAuth " + token}}).status == 200U);
    BOOST_TEST(at.get("/v26.0/me", {basic()}).status == 400U);
    BOOST_TEST(error_of(at.get("/v26.0/" + page_id("ada"))) == "104");
}

BOOST_AUTO_TEST_CASE(an_app_may_demand_a_proof_of_its_secret_with_every_call) {
    auto const proof = [](std::string_view secret, std::string_view token) {
        return crypto::encode_hex(crypto::bytes_view{crypto::hmac_sha256(secret, token)});
    };
    auto const token = long_token();
    BOOST_TEST(error_of(get("/me?appsecret_proof=00", token)) == "100");
    reregister({"require_app_secret"});
    auto const refused = get("/me", token);
    BOOST_TEST(error_of(refused) == "100");
    BOOST_TEST(refused.text("/error/message") ==
               "API calls from the server require an appsecret_proof argument");
    auto const right = "appsecret_proof=" + proof("sandbox-app-secret", token);
    auto const listed = get("/me/accounts?fields=access_token&" + right, token);
    BOOST_TEST(listed.status == 200U);
    auto const page = listed.text("/data/0/access_token");
    BOOST_TEST(error_of(get("/me?" + right, page)) == "100");
    BOOST_TEST(get("/me?appsecret_proof=" + proof("sandbox-app-secret", page), page).status == 200U);
    BOOST_TEST(error_of(get("/me?appsecret_proof=" + proof("other", token), token)) == "100");
}

BOOST_AUTO_TEST_CASE(usage_is_announced_after_some_calls_and_on_errors_too) {
    auto const token = long_token();
    BOOST_TEST(get("/me", token).header("x-app-usage").empty());
    for (int i = 0; i < 60; ++i)
        BOOST_REQUIRE(get("/me", token).status == 200U);
    auto const figures = get("/me", token).header("x-app-usage");
    BOOST_TEST(figures == R"({"call_count":1,"total_time":1,"total_cputime":1})");
    auto const failed = get("/me/nothing_of_mine", token);
    BOOST_TEST(failed.status == 400U);
    BOOST_TEST(!failed.header("x-app-usage").empty());
    auto const page = page_token();
    for (int i = 0; i < 11; ++i)
        BOOST_REQUIRE(get("/me", page).status == 200U);
    auto const business = get("/me", page).header("x-business-use-case-usage");
    BOOST_TEST(business.starts_with("{\"" + page_id("ada") + "\":[{\"call_count\":0,"));
    BOOST_TEST(business.find(R"("type":"pages","estimated_time_to_regain_access":0)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(too_many_calls_are_throttled_until_the_hour_is_over) {
    auto const token = long_token();
    auto got = get("/me", token);
    for (int i = 0; i < 4800 && got.status == 200U; ++i)
        got = get("/me", token);
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(error_of(got) == "4");
    BOOST_TEST(got.header("x-app-usage") == R"({"call_count":100,"total_time":100,"total_cputime":100})");
    ahead(std::chrono::hours{1});
    BOOST_TEST(get("/me", token).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_scripted_throttling_announces_itself) {
    auto const page = page_token();
    tell("POST", "/facebook/troubles", boost::json::object{{"code", 32}});
    auto const got = get("/me", page);
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(got.header("x-business-use-case-usage").find(R"("estimated_time_to_regain_access":17)") !=
               std::string::npos);
    BOOST_TEST(got.header("retry-after").empty());
}

BOOST_AUTO_TEST_CASE(faults_are_worded_as_graph_errors) {
    tell("POST", "/faults",
         boost::json::object{{"platform", "facebook"}, {"endpoint", "me"}, {"kind", "status"}});
    auto const got = get("/me", long_token());
    BOOST_TEST(got.status == 503U);
    BOOST_TEST(error_of(got) == "2");
    tell("POST", "/faults",
         boost::json::object{
             {"platform", "facebook"}, {"endpoint", "exchange"}, {"kind", "success_without_token"}});
    auto const empty = exchange_for_long(short_token());
    BOOST_TEST(empty.status == 200U);
    BOOST_TEST(empty.text("/token_type") == "bearer");
    BOOST_TEST(empty.text("/access_token").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
