#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "storage/error.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {

BOOST_AUTO_TEST_SUITE(input_test)

BOOST_AUTO_TEST_CASE(names_are_text_of_bounded_length) {
    for (std::string const good : {"a", "Ann's account", "Z\xc3\xbcrich", " padded "}) {
        BOOST_TEST(check_text(good, "name").has_value(), good);
    }
    BOOST_TEST(check_text(std::string(200, 'n'), "name").has_value());
    BOOST_TEST(check_text("abc", "name", 3).has_value());
    for (std::string const& bad :
         {std::string{}, std::string{"  "}, std::string(201, 'n'), std::string{"a\nb"}, std::string{"a\x7f"},
          std::string{"a\x1b[31m"}, std::string("a\0b", 3)}) {
        auto const checked = check_text(bad, "name");
        BOOST_REQUIRE(checked.has_error());
        BOOST_TEST(checked.error().code == make_error_code(errc::field_invalid));
        BOOST_TEST(checked.error().field == "name");
    }
    BOOST_TEST(check_text("abcd", "name", 3).has_error());
}

BOOST_AUTO_TEST_CASE(optional_text_may_be_empty_and_nothing_more) {
    BOOST_TEST(check_optional_text("", "name").has_value());
    BOOST_TEST(check_optional_text("a\nb", "name").has_error());
    BOOST_TEST(check_optional_text("abcd", "name", 3).has_error());
}

BOOST_AUTO_TEST_CASE(a_malformed_id_is_reported_like_an_absent_one) {
    auto const id = crypto::profile_id::make(start_of_time);
    BOOST_TEST((parse_id<crypto::profile_id>(id.to_string(), errc::profile_not_found).value() == id));
    for (std::string const& bad :
         {std::string{}, std::string{"prof_"}, id.to_string() + "0", " " + id.to_string(),
          crypto::account_id::make(start_of_time).to_string()}) {
        auto const parsed = parse_id<crypto::profile_id>(bad, errc::profile_not_found, "profile_id");
        BOOST_REQUIRE(parsed.has_error());
        BOOST_TEST(parsed.error().code == make_error_code(errc::profile_not_found));
        BOOST_TEST(parsed.error().field == "profile_id");
    }
}

BOOST_AUTO_TEST_CASE(only_a_bad_cursor_is_the_callers_mistake) {
    auto const cursor = list_failure(make_error_code(storage::errc::invalid_cursor));
    BOOST_TEST(cursor.code == make_error_code(errc::field_invalid));
    BOOST_TEST(cursor.field == "cursor");
    auto const read = list_failure(make_error_code(storage::errc::read_failed));
    BOOST_TEST((read.code == storage::errc::read_failed));
}

BOOST_AUTO_TEST_CASE(cursors_survive_the_journey_as_text) {
    std::string const key("\x00\xff key \n/+", 10);
    auto const text = encode_cursor(key);
    BOOST_TEST(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
               std::string::npos);
    BOOST_TEST((decode_cursor(text) == key));
    for (std::string const bad : {"", "a", "a+b/", "abc=", "****"}) {
        BOOST_TEST(!decode_cursor(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
