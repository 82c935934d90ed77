// Goal: a disk that runs full loses nothing that was acknowledged and is reported clearly.
// Method: a child process with a small disk of its own (full_disk_writer.cpp), since mounting needs a process
// of its own.
#include "tests/storage/child_process.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {

BOOST_AUTO_TEST_SUITE(full_disk_test)

BOOST_AUTO_TEST_CASE(a_full_disk_stops_writing_and_loses_nothing_acknowledged) {
    child_process writer({FULL_DISK_WRITER});
    auto const words = writer.read_all();
    auto const code = writer.wait_for_end();
    if (code == 77) {
        BOOST_WARN_MESSAGE(code != 77, "skipped: the kernel allows no disk of our own here: " << words);
        return;
    }
    BOOST_TEST_CONTEXT("it said: " << words) {
        BOOST_TEST(code == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing
