// Who takes gzip, and what is read from it.
#include "server/http/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace connectd::tests {
namespace {

namespace http = server::http;

// python3 -c "import gzip; print(gzip.compress(b'hello hello hello', 9, mtime=0))"
constexpr std::string_view hello{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb"
                                 "H\xcd\xc9\xc9W\xc8@\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00",
                                 28};

} // namespace

BOOST_AUTO_TEST_SUITE(gzip_test)

BOOST_AUTO_TEST_CASE(a_client_takes_what_it_names) {
    for (std::string_view const takes :
         {"gzip", "GZIP", "x-gzip", "deflate, gzip, br", "br;q=1.0,gzip;q=0.001", "*", "deflate , *;q=0.5",
          "*;q=0, gzip", "gzip ; q=1"}) {
        BOOST_TEST(http::accepts_gzip(takes), takes);
    }
    for (std::string_view const refuses :
         {"", "identity", "deflate, br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "*, gzip;q=0", ",", "zip"}) {
        BOOST_TEST(!http::accepts_gzip(refuses), refuses);
    }
}

BOOST_AUTO_TEST_CASE(a_member_is_unpacked) {
    BOOST_TEST(http::unpack_gzip(hello) == "hello hello hello");
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_refused) {
    std::string const whole{hello};
    for (auto const& damaged :
         {std::string{}, whole.substr(1), whole.substr(0, 20), std::string{whole}.replace(24, 1, "\x12"),
          std::string{whole}.replace(3, 1, "\x08")}) {
        BOOST_CHECK_THROW(http::unpack_gzip(damaged), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
