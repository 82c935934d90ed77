#include "server/api/render.hpp"
#include "server/http/time_input.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::http {

BOOST_AUTO_TEST_SUITE(time_input_test)

BOOST_AUTO_TEST_CASE(what_we_print_is_read_back) {
    for (std::int64_t const moment : {0LL, 1'000LL, 1'709'208'000'001LL, 1'800'000'000'999LL}) {
        runtime::sys_ms const when{std::chrono::milliseconds{moment}};
        BOOST_TEST((read_time(render_time(when)) == when));
    }
    BOOST_TEST((read_time("2026-09-01T07:00:00Z") == read_time("2026-09-01T07:00:00.000Z")));
    BOOST_TEST((read_time("2026-09-01T07:00:00.5Z") == read_time("2026-09-01T07:00:00.500Z")));
}

BOOST_AUTO_TEST_CASE(other_programs_write_offsets_and_microseconds) {
    auto const when = read_time("2026-09-01T07:00:00.123Z");
    for (auto const* text :
         {"2026-09-01T07:00:00.123+00:00", "2026-09-01T09:00:00.123+02:00", "2026-09-01T00:30:00.123-06:30",
          "2026-09-01T07:00:00.123999+00:00", "2026-09-02T06:59:00.123456789+23:59"}) {
        BOOST_TEST((read_time(text) == when), text);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (auto const* text : {"",
                             "2026-09-01",
                             "2026-09-01T07:00:00",
                             "2026-09-01 07:00:00Z",
                             "2026-09-01T07:00:00+2:00",
                             "2026-02-29T07:00:00Z",
                             "2026-13-01T07:00:00Z",
                             "2026-09-01T24:00:00Z",
                             "2026-09-01T07:60:00Z",
                             "2026-09-01T07:00:60Z",
                             "2026-09-01T07:00:00.Z",
                             "2026-09-01T07:00:00.0000000000Z",
                             "2026-09-01T07:00:00ZZ",
                             "+026-09-01T07:00:00Z",
                             "2026-09-01T07:00:-1Z",
                             "2026-09-01T07:00:00+24:00",
                             "2026-09-01T07:00:00+02:60",
                             "2026-09-01T07:00:00+0200",
                             "2026-09-01T07:00:00Z+02:00",
                             "yesterday"}) {
        BOOST_TEST(!read_time(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::http
