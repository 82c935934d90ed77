// Records read back as written, grow by appending, and no damaged input does worse than an error.
#include "crypto/secret.hpp"
#include "storage/record_codec.hpp"
#include "tests/storage/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <random>

namespace connectd::storage {
namespace {

enum class colour : std::uint8_t { red = 1, green = 2 };
BOOST_DESCRIBE_ENUM(colour, red, green)

struct inner {
    std::string name;
    std::int32_t number = 0;
    bool operator==(inner const&) const = default;
};
BOOST_DESCRIBE_STRUCT(inner, (), (name, number))

struct everything {
    bool flag = false;
    std::uint8_t small = 0;
    std::int16_t negative = 0;
    std::uint64_t large = 0;
    colour shade = colour::red;
    std::string text;
    crypto::bytes raw;
    sys_ms moment{};
    crypto::account_id account;
    crypto::sealed secret;
    std::optional<std::string> maybe_text;
    std::optional<sys_ms> maybe_moment;
    std::optional<inner> maybe_inner;
    std::vector<std::string> texts;
    std::vector<inner> inners;
    std::map<std::string, std::string> pairs;
    inner nested;
    bool operator==(everything const&) const = default;
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (flag, small, negative, large, shade, text, raw, moment, account, secret, maybe_text,
                       maybe_moment, maybe_inner, texts, inners, pairs, nested))

// One record as three versions of the program know it.
struct version_1 {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(version_1, (), (name))
struct version_2 {
    std::string name;
    std::uint32_t retries = 3;
};
BOOST_DESCRIBE_STRUCT(version_2, (), (name, retries))
struct version_3 {
    std::string name;
    std::uint32_t retries = 3;
    std::vector<inner> notes{{"default", 1}};
};
BOOST_DESCRIBE_STRUCT(version_3, (), (name, retries, notes))

struct holds_secret {
    crypto::secret password;
};
BOOST_DESCRIBE_STRUCT(holds_secret, (), (password))
struct hides_secret {
    std::optional<std::vector<holds_secret>> deep;
};
BOOST_DESCRIBE_STRUCT(hides_secret, (), (deep))

static_assert(record_type<everything>);
static_assert(!record_field<crypto::secret>);
static_assert(!record_field<std::optional<crypto::secret>>);
static_assert(!record_type<holds_secret>, "a plain secret must not be storable");
static_assert(!record_type<hides_secret>, "not even deep inside");
static_assert(!record_field<double> && !record_field<char const*> && !record_type<std::string>);

struct one_small {
    std::uint8_t value = 0;
};
BOOST_DESCRIBE_STRUCT(one_small, (), (value))
struct one_signed {
    std::int8_t value = 0;
};
BOOST_DESCRIBE_STRUCT(one_signed, (), (value))
struct one_large {
    std::uint64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(one_large, (), (value))
struct one_wide {
    std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(one_wide, (), (value))
struct one_flag {
    bool value = false;
};
BOOST_DESCRIBE_STRUCT(one_flag, (), (value))
struct one_colour {
    colour value = colour::red;
};
BOOST_DESCRIBE_STRUCT(one_colour, (), (value))
struct one_id {
    crypto::account_id value;
};
BOOST_DESCRIBE_STRUCT(one_id, (), (value))
struct one_sealed {
    crypto::sealed value;
};
BOOST_DESCRIBE_STRUCT(one_sealed, (), (value))
struct one_map {
    std::map<std::string, std::string> value;
};
BOOST_DESCRIBE_STRUCT(one_map, (), (value))
struct one_list {
    std::vector<std::string> value;
};
BOOST_DESCRIBE_STRUCT(one_list, (), (value))
struct one_maybe {
    std::optional<std::string> value;
};
BOOST_DESCRIBE_STRUCT(one_maybe, (), (value))

everything filled() {
    crypto::bytes blob(crypto::sealed::overhead + 20, 0xab);
    blob[0] = crypto::sealed::format;
    everything record;
    record.flag = true;
    record.small = 255;
    record.negative = -12345;
    record.large = std::numeric_limits<std::uint64_t>::max();
    record.shade = colour::green;
    record.text = std::string(300, 't') + '\0';
    record.raw = {0, 1, 255};
    record.moment = sys_ms(std::chrono::milliseconds(1'700'000'000'000));
    record.account = crypto::account_id::make(record.moment);
    record.secret = crypto::sealed::decode(crypto::bytes_view(blob)).value();
    record.maybe_text = "";
    record.maybe_moment = sys_ms(std::chrono::milliseconds(-1));
    record.maybe_inner = inner{"inside", -1};
    record.texts = {"", "a", std::string(200, 'x')};
    record.inners = {{"one", 1}, {"two", 2}};
    record.pairs = {{"", ""}, {"key", "value"}};
    record.nested = {"nested", std::numeric_limits<std::int32_t>::min()};
    return record;
}

// A record of one member with these bytes.
std::string with_member(std::string_view bytes) {
    return std::string("\x01\x01", 2) + static_cast<char>(bytes.size()) + std::string(bytes);
}

template <class T>
bool refuses(std::string_view member) {
    return decode_record<T>(with_member(member)).error() == errc::corrupt_record;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_codec_test)

BOOST_AUTO_TEST_CASE(a_record_reads_back_as_written) {
    auto const record = filled();
    BOOST_TEST((decode_record<everything>(encode_record(record)).value() == record));
    BOOST_TEST((decode_record<everything>(encode_record(everything{})).value() == everything{}));
}

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_the_format_document) {
    BOOST_TEST(encode_record(version_2{"ab", 300}) == std::string("\x01\x02\x02"
                                                                  "ab\x02\xac\x02",
                                                                  8));
}

BOOST_AUTO_TEST_CASE(older_records_leave_new_members_at_their_defaults) {
    auto const from_1 = decode_record<version_3>(encode_record(version_1{"old"})).value();
    BOOST_TEST(from_1.name == "old");
    BOOST_TEST(from_1.retries == 3U);
    BOOST_TEST(from_1.notes.size() == 1U);
    auto const from_2 = decode_record<version_3>(encode_record(version_2{"newer", 7})).value();
    BOOST_TEST(from_2.retries == 7U);
    BOOST_TEST(from_2.notes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(members_of_newer_records_are_skipped) {
    auto const encoded = encode_record(version_3{"new", 9, {{"note", 1}, {"another", 2}}});
    BOOST_TEST(decode_record<version_1>(encoded).value().name == "new");
    BOOST_TEST(decode_record<version_2>(encoded).value().retries == 9U);
}

BOOST_AUTO_TEST_CASE(a_record_cut_at_any_length_is_an_error) {
    for (auto const& encoded : {encode_record(filled()), encode_record(version_3{"n", 1, {{"note", 1}}})}) {
        for (std::size_t size = 0; size < encoded.size(); ++size) {
            auto const cut = std::string_view(encoded).substr(0, size);
            BOOST_TEST_INFO_SCOPE("cut at " << size);
            BOOST_TEST(decode_record<everything>(cut).has_error());
            BOOST_TEST(decode_record<version_1>(cut).error() == errc::corrupt_record);
        }
        BOOST_TEST(decode_record<version_1>(encoded + 'x').error() == errc::corrupt_record);
    }
}

// A changed byte may make another valid record; it may not do anything else. The sanitizers watch.
BOOST_AUTO_TEST_CASE(damaged_records_never_do_worse_than_decode_or_fail) {
    auto const encoded = encode_record(filled());
    std::size_t refused = 0;
    for (std::size_t at = 0; at < encoded.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto damaged = encoded;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
            auto const decoded = decode_record<everything>(damaged);
            if (decoded)
                BOOST_TEST((decode_record<everything>(encode_record(*decoded)).value() == *decoded));
            else
                ++refused;
        }
    BOOST_TEST(refused > 0U);

    std::mt19937 random(4);
    for (int round = 0; round < 100'000; ++round) {
        std::string noise(std::uniform_int_distribution<std::size_t>(0, 60)(random), '\0');
        for (auto& byte : noise)
            byte = static_cast<char>(std::uniform_int_distribution<int>(0, 255)(random));
        if (!noise.empty())
            noise[0] = static_cast<char>(record_format);
        if (auto const decoded = decode_record<everything>(noise))
            BOOST_TEST((decode_record<everything>(encode_record(*decoded)).value() == *decoded));
    }
}

BOOST_AUTO_TEST_CASE(huge_counts_cost_nothing) {
    // "2^63 elements follow", in nine bytes: refused before anything is allocated.
    std::string const huge("\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9);
    BOOST_TEST(refuses<one_list>(huge));
    BOOST_TEST(refuses<one_map>(huge));
    BOOST_TEST(decode_record<version_1>(std::string("\x01", 1) + huge).error() == errc::corrupt_record);
}

BOOST_AUTO_TEST_CASE(values_outside_their_type_are_refused) {
    using namespace std::string_view_literals;
    BOOST_TEST(decode_record<one_small>(with_member("\xff\x01"sv)).value().value == 255);
    BOOST_TEST(refuses<one_small>("\x80\x02"sv));  // 256
    BOOST_TEST(refuses<one_small>(""sv));          // no number at all
    BOOST_TEST(refuses<one_small>("\x01\x01"sv));  // something behind it
    BOOST_TEST(refuses<one_small>("\x81\x00"sv));  // a longer spelling of 1
    BOOST_TEST(refuses<one_signed>("\x80\x02"sv)); // 128
    BOOST_TEST(decode_record<one_signed>(with_member("\xff\x01"sv)).value().value == -128);
    BOOST_TEST(refuses<one_large>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv));     // 2^64 and more
    BOOST_TEST(refuses<one_large>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv)); // eleven bytes
    BOOST_TEST(refuses<one_flag>("\x02"sv));
    BOOST_TEST(refuses<one_flag>(""sv));
    BOOST_TEST(refuses<one_colour>("\x03"sv));
    BOOST_TEST(refuses<one_colour>("\x00"sv));
    BOOST_TEST(refuses<one_id>("fifteen bytes.."sv));
    BOOST_TEST(refuses<one_sealed>("\x01too short"sv));
    BOOST_TEST(refuses<one_maybe>("\x02text"sv));
    BOOST_TEST(refuses<one_map>("\x02\x01k\x01v\x01k\x01w"sv)); // one key twice
}

BOOST_AUTO_TEST_CASE(the_extremes_of_numbers_survive) {
    for (auto const value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                             std::numeric_limits<std::int64_t>::max()})
        BOOST_TEST(decode_record<one_wide>(encode_record(one_wide{value})).value().value == value);
}

BOOST_AUTO_TEST_CASE(another_format_version_is_refused) {
    auto encoded = encode_record(version_1{"x"});
    encoded[0] = 2;
    BOOST_TEST(decode_record<version_1>(encoded).error() == errc::corrupt_record);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage
