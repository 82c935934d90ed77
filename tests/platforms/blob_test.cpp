// The bytes of sealed blobs: big-endian numbers, sized texts, and nothing read beyond the end.
#include "platforms/blob.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;

} // namespace

BOOST_AUTO_TEST_SUITE(blob_test)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_and_fills_the_blob_exactly) {
    auto const blob = make_blob([](blob_writer& out) {
        out.number(0x0102, 2);
        out.number(0xfffffffffffffffeU, 8);
        out.sized_text("ab", 4);
        out.sized_text("", 1);
        out.text("end");
    });
    BOOST_TEST(blob.reveal() == std::string_view("\x01\x02\xff\xff\xff\xff\xff\xff\xff\xfe\0\0\0\x02"
                                                 "ab\0end",
                                                 20));
    blob_reader in(blob.reveal());
    BOOST_TEST(in.number(2).value() == 0x0102u);
    BOOST_TEST(in.number(8).value() == 0xfffffffffffffffeU);
    BOOST_TEST(in.sized_text(4).value() == "ab");
    BOOST_TEST(in.sized_text(1).value() == "");
    BOOST_TEST(!in.done());
    BOOST_TEST(in.text(3).value() == "end");
    BOOST_TEST(in.done());
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_nothing) {
    blob_reader in(std::string_view("\0\x05"
                                    "abc",
                                    5));
    BOOST_TEST(!in.number(8).has_value());
    BOOST_TEST(!in.text(6).has_value());
    BOOST_TEST(!blob_reader("").number(1).has_value());
    BOOST_TEST(!in.sized_text(2).has_value());
    BOOST_TEST(make_blob([](blob_writer&) {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
