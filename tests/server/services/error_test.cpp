#include "server/services/error.hpp"
#include "storage/error.hpp"
#include "tests/server/services/support.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <set>

namespace connectd::server::services::testing {
namespace {

std::vector<errc> all_codes() {
    std::vector<errc> all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<errc>>(
        [&all](auto one) { all.push_back(one.value); });
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(every_code_has_a_sentence_of_its_own) {
    std::set<std::string> sentences;
    for (auto const code : all_codes()) {
        auto const text = make_error_code(code).message();
        BOOST_TEST(text != "Unknown error.", name_of(code));
        BOOST_TEST(text.ends_with("."), text);
        BOOST_TEST(sentences.insert(text).second, text);
    }
    BOOST_TEST(boost::system::error_code(9999, error_category()).message() == "Unknown error.");
}

BOOST_AUTO_TEST_CASE(every_enumerator_is_described) {
    // The values are consecutive from 1, so the last one tells how many there are.
    auto const codes = all_codes();
    for (std::size_t index = 0; index < codes.size(); ++index) {
        BOOST_TEST(static_cast<std::size_t>(codes[index]) == index + 1, name_of(codes[index]));
    }
    BOOST_TEST((codes.back() == errc::wrong_master_key));
    BOOST_TEST(name_of(static_cast<errc>(codes.size() + 1)) == "unknown");
}

BOOST_AUTO_TEST_CASE(only_a_store_without_writes_is_unavailable) {
    BOOST_TEST(is_store_unavailable(storage::errc::store_failed));
    BOOST_TEST(is_store_unavailable(storage::errc::store_closed));
    BOOST_TEST(!is_store_unavailable(storage::errc::guard_failed));
    BOOST_TEST(!is_store_unavailable(storage::errc::corrupt_record));
    BOOST_TEST(!is_store_unavailable(make_error_code(errc::account_not_found)));
}

BOOST_AUTO_TEST_CASE(taking_a_value_that_is_not_there_throws_the_code) {
    outcome<int> const none = failure{errc::account_not_found, "Nothing here."};
    BOOST_CHECK_EXCEPTION(none.value(), boost::system::system_error, [](auto const& thrown) {
        return thrown.code() == make_error_code(errc::account_not_found);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
