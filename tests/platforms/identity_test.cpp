// Who an account belongs to, and that ids keep every digit.
#include "platforms/identity.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::built_in;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::reply;

outcome<identity> chirp_user(std::string user) {
    return parse_identity(parsed(made_up_platform), reply(200, R"({"data":{"user":{)" + std::move(user) +
                                                                   R"(}},"error":{"number":"ok"}})"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(identity_test)

BOOST_AUTO_TEST_CASE(the_answer_of_x_is_read) {
    auto const who = parse_identity(built_in("x"), reply(200, R"({"data":{"id":"1450000000000000001",
        "name":"Ada Example","username":"ada_example","verified":false,
        "profile_image_url":"https://pbs.twimg.com/profile_images/1/a_normal.jpg"},"errors":[{"title":"partial"}]})"));
    BOOST_TEST_REQUIRE(who.has_value());
    BOOST_TEST(who->id == "1450000000000000001");
    BOOST_TEST(who->username == "ada_example");
    BOOST_TEST(who->display_name == "Ada Example");
    BOOST_TEST(who->avatar_url == "https://pbs.twimg.com/profile_images/1/a_normal.jpg");
}

BOOST_AUTO_TEST_CASE(numbers_beyond_any_integer_keep_their_digits) {
    for (std::string const id :
         {"1", "9007199254740993", "18446744073709551617", "123456789012345678901234567890"}) {
        BOOST_TEST(chirp_user("\"open_id\":" + id).value().id == id);
        BOOST_TEST(chirp_user("\"open_id\":\"" + id + "\"").value().id == id);
    }
}

BOOST_AUTO_TEST_CASE(the_username_stands_in_for_a_missing_name) {
    auto const who = chirp_user(R"("open_id":"1","nick":"ada","shown_name":"")").value();
    BOOST_TEST(who.display_name == "ada");
    BOOST_TEST(who.avatar_url == "");
    BOOST_TEST(chirp_user(R"("open_id":"1","nick":"ada","shown_name":"Ada")").value().display_name == "Ada");
    BOOST_TEST(chirp_user(R"("open_id":"1")").value().display_name == "");
}

BOOST_AUTO_TEST_CASE(only_urls_that_a_page_can_show_are_avatars) {
    for (std::string const url :
         {"javascript:alert(1)", "data:image/png;base64,AA", "//a.example/x.png",
          "https://a.example/\\\"onload", "https://a.example/a b", "https://a.example/\\u0000"}) {
        BOOST_TEST(chirp_user("\"open_id\":\"1\",\"picture\":\"" + url + "\"").value().avatar_url == "", url);
    }
    BOOST_TEST(usable_avatar_url("http://a.example/x?y=1&z") == "http://a.example/x?y=1&z");
    BOOST_TEST(usable_avatar_url("https://a.example/" + std::string(3000, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(names_are_bounded_and_clean) {
    auto const who = chirp_user("\"open_id\":\"1\",\"nick\":\"a\\u001b[2Jb\",\"shown_name\":\"" +
                                std::string(2000, 'x') + "\"")
                         .value();
    BOOST_TEST(who.username == "a [2Jb");
    BOOST_TEST(who.display_name.size() == 512u);
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_usable_id_is_no_identity) {
    for (std::string const user : {"", "\"open_id\":\"\"", "\"open_id\":null", "\"open_id\":[1]",
                                   "\"open_id\":\"a\\u0000b\"", "\"open_id\":\" 1\""}) {
        auto const who = chirp_user(user);
        BOOST_TEST_REQUIRE(!who.has_value(), user);
        BOOST_TEST(who.error().what == verdict::temporary);
        BOOST_TEST(who.error().code == errc::malformed_answer);
    }
    BOOST_TEST(!chirp_user("\"open_id\":\"" + std::string(300, '1') + "\"").has_value());
}

BOOST_AUTO_TEST_CASE(a_person_may_have_nothing_to_connect) {
    auto chirp = parsed(made_up_platform);
    chirp.identity.may_be_absent = true;
    auto const judged = [&](unsigned status, std::string body) {
        return parse_identity(chirp, reply(status, std::move(body))).error();
    };
    for (std::string const body : {"{}", R"({"data":{"users":[]}})", R"({"error":{"number":"ok"}})"}) {
        auto const nothing = judged(200, body);
        BOOST_TEST(nothing.what == verdict::refused);
        BOOST_TEST(nothing.code == errc::nothing_to_connect);
    }
    // An id that cannot be used, a complaint and a refusal are none of it.
    BOOST_TEST(judged(200, R"({"data":{"user":{"open_id":" 1"}}})").code == errc::malformed_answer);
    BOOST_TEST(judged(200, R"({"error":{"number":"77"}})").code == errc::malformed_answer);
    BOOST_TEST(judged(200, R"({"error":{"number":"190"}})").code == errc::platform_unavailable);
    BOOST_TEST(judged(200, "<html>").code == errc::platform_unavailable);
    BOOST_TEST(judged(401, "{}").code == errc::grant_refused);
    BOOST_TEST(parse_identity(chirp, reply(200, R"({"data":{"user":{"open_id":"1"}}})")).value().id == "1");
}

BOOST_AUTO_TEST_CASE(refusals_are_judged_as_identity_calls) {
    auto const& x = built_in("x");
    BOOST_TEST(parse_identity(x, reply(401, R"({"title":"Unauthorized"})")).error().what == verdict::refused);
    BOOST_TEST(parse_identity(x, reply(403, R"({"title":"Client Forbidden"})")).error().what ==
               verdict::operator_fault);
    BOOST_TEST(parse_identity(x, reply(503, "")).error().what == verdict::temporary);
    BOOST_TEST(parse_identity(x, reply(200, "<html>")).error().what == verdict::temporary);
    BOOST_TEST(parse_identity(x, reply(200, R"({"data":{"id":"1")")).error().what == verdict::temporary);
}

BOOST_AUTO_TEST_SUITE_END()
