#include "storage/error.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

namespace connectd::storage {

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(every_code_has_a_sentence_of_its_own) {
    std::set<std::string> sentences;
    for (int code = static_cast<int>(errc::guard_failed); code <= static_cast<int>(errc::open_failed); ++code)
        sentences.insert(error_category().message(code));
    BOOST_TEST(sentences.size() == static_cast<std::size_t>(errc::open_failed));
    BOOST_TEST(!sentences.contains(error_category().message(0)));
}

BOOST_AUTO_TEST_CASE(an_unchecked_open_failure_throws_its_sentence) {
    boost::system::result<int, open_failure> const failed(open_failure{errc::store_locked, "cannot open it"});
    BOOST_CHECK_EXCEPTION(failed.value(), boost::system::system_error, [](auto const& thrown) {
        return thrown.code() == errc::store_locked &&
               std::string_view(thrown.what()).starts_with("cannot open it");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage
