#include "storage/key_codec.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>
#include <vector>

namespace connectd::storage {
namespace {

using std::chrono::milliseconds;

std::string random_text(std::mt19937& random) {
    // Few letters, the awkward ones among them, so that texts often share prefixes.
    static constexpr std::string_view letters("\x00\x01\x02\x61\xfe\xff", 6);
    std::string text(std::uniform_int_distribution<std::size_t>(0, 5)(random), '\0');
    for (auto& letter : text)
        letter = letters[std::uniform_int_distribution<std::size_t>(0, letters.size() - 1)(random)];
    return text;
}

std::string text_key(std::string_view text) {
    return key_writer().text(text).take();
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_codec_test)

BOOST_AUTO_TEST_CASE(every_part_reads_back) {
    auto const workspace = crypto::workspace_id::make(sys_ms(milliseconds(1'700'000'000'000)));
    std::string const awkward("a\0b\xff\0\x01", 6);
    auto const key = key_writer()
                         .tag(7)
                         .number(std::uint32_t{0xfffefdfc})
                         .number(std::numeric_limits<std::uint64_t>::max())
                         .time(sys_ms(milliseconds(-5)))
                         .text(awkward)
                         .text("")
                         .id(workspace)
                         .raw("rest")
                         .take();
    key_reader reader(key);
    BOOST_TEST(reader.tag() == 7);
    BOOST_TEST(reader.number32() == 0xfffefdfcU);
    BOOST_TEST(reader.number64() == std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST((reader.time() == sys_ms(milliseconds(-5))));
    BOOST_TEST(reader.text() == awkward);
    BOOST_TEST(reader.text() == "");
    BOOST_TEST(reader.id<crypto::workspace_id>() == workspace);
    BOOST_TEST(reader.raw(4) == "rest");
    BOOST_TEST(reader.complete());
}

BOOST_AUTO_TEST_CASE(a_key_cut_anywhere_is_not_complete) {
    auto const key = key_writer()
                         .tag(1)
                         .text("te\0xt")
                         .number(std::uint64_t{1})
                         .id(crypto::account_id::make(sys_ms(milliseconds(1))))
                         .take();
    for (std::size_t size = 0; size <= key.size(); ++size) {
        auto const cut = key.substr(0, size);
        key_reader reader(cut);
        reader.tag();
        reader.text();
        reader.number64();
        reader.id<crypto::account_id>();
        BOOST_TEST(reader.complete() == (size == key.size()));
    }
    auto const longer = key + "x";
    key_reader reader(longer);
    reader.tag();
    reader.text();
    reader.number64();
    reader.id<crypto::account_id>();
    BOOST_TEST(!reader.complete());
}

BOOST_AUTO_TEST_CASE(a_bad_escape_is_refused) {
    std::string const bad("a\0\x02", 3);
    key_reader reader(bad);
    BOOST_TEST(reader.text() == "");
    BOOST_TEST(!reader.complete());
}

BOOST_AUTO_TEST_CASE(numbers_and_times_sort_as_their_bytes_do) {
    std::uint64_t const numbers[] = {0, 1, 127, 128, 255, 256, 65'535, 1ULL << 32, 1ULL << 63, ~0ULL};
    for (auto const left : numbers)
        for (auto const right : numbers)
            BOOST_TEST((left < right) ==
                       (key_writer().number(left).take() < key_writer().number(right).take()));
    std::int64_t const times[] = {
        std::numeric_limits<std::int64_t>::min(), -256, -1, 0, 1, 255, 256, 1'700'000'000'000,
        std::numeric_limits<std::int64_t>::max()};
    for (auto const left : times)
        for (auto const right : times)
            BOOST_TEST((left < right) == (key_writer().time(sys_ms(milliseconds(left))).take() <
                                          key_writer().time(sys_ms(milliseconds(right))).take()));
}

BOOST_AUTO_TEST_CASE(texts_sort_as_plain_bytes_whatever_follows) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        auto const left = random_text(random);
        auto const right = random_text(random);
        BOOST_TEST_INFO_SCOPE("round " << round);
        BOOST_TEST((left < right) == (text_key(left) < text_key(right)));
        // A part behind the text decides only between equal texts.
        if (left < right)
            BOOST_TEST((text_key(left) + random_text(random) < text_key(right) + random_text(random)));
    }
}

BOOST_AUTO_TEST_CASE(different_parts_never_make_one_key) {
    std::mt19937 random(2);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::string> const left{random_text(random), random_text(random)};
        std::vector<std::string> const right{random_text(random), random_text(random)};
        auto const same_key =
            text_key(left[0]) + text_key(left[1]) == text_key(right[0]) + text_key(right[1]);
        BOOST_TEST_INFO_SCOPE("round " << round);
        BOOST_TEST(same_key == (left == right));
    }
}

BOOST_AUTO_TEST_CASE(ids_sort_by_their_time) {
    auto const earlier = crypto::event_id::make(sys_ms(milliseconds(1'700'000'000'000)));
    auto const later = crypto::event_id::make(sys_ms(milliseconds(1'700'000'000'001)));
    BOOST_TEST((key_writer().id(earlier).take() < key_writer().id(later).take()));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_prefix_is_above_all_its_keys_and_below_the_next) {
    BOOST_TEST(prefix_end("a") == "b");
    BOOST_TEST(prefix_end("a\xff") == "b");
    BOOST_TEST(prefix_end(std::string("a\0", 2)) == "a\x01");
    BOOST_TEST(prefix_end("\x7f") == "\x80");
    BOOST_TEST(prefix_end("\xff\xff") == "");
    BOOST_TEST(prefix_end("") == "");
    std::mt19937 random(3);
    for (int round = 0; round < 20'000; ++round) {
        auto const prefix = random_text(random);
        auto const other = random_text(random);
        auto const end = prefix_end(prefix);
        auto const inside = other >= prefix && (end.empty() || other < end);
        BOOST_TEST_INFO_SCOPE("round " << round);
        BOOST_TEST(inside == other.starts_with(prefix));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage
