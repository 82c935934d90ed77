// A secret cannot leave by accident, which the compiler checks here, and leaves nothing behind, which is
// checked at the moment its memory is freed.
#include "crypto/secret.hpp"
#include "tests/crypto/freed_memory.hpp"

#include <boost/json/conversion.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <concepts>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace connectd::crypto {
namespace {

template <class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };
template <class T>
concept equality_comparable = requires(T const& left, T const& right) { left == right; };
template <class T>
concept unequality_comparable = requires(T const& left, T const& right) { left != right; };
template <class T>
concept ordered = requires(T const& left, T const& right) { left < right; };

static_assert(printable<std::string> && equality_comparable<std::string> && ordered<std::string>);
static_assert(!printable<secret> && !equality_comparable<secret> && !unequality_comparable<secret>);
static_assert(!ordered<secret>);
static_assert(!std::copy_constructible<secret> && !std::is_copy_assignable_v<secret>);
static_assert(std::is_nothrow_move_constructible_v<secret> && std::is_nothrow_move_assignable_v<secret>);
static_assert(!std::is_convertible_v<secret, std::string_view> &&
              !std::is_convertible_v<secret, std::string>);
static_assert(!std::is_constructible_v<std::string, secret const&>);
static_assert(!std::is_convertible_v<std::string, secret> && !std::is_convertible_v<char const*, secret>);
static_assert(!boost::json::has_value_from<secret>::value && boost::json::has_value_from<std::string>::value);

// Leaves a test out where nothing can be watched.
boost::unit_test::precondition const watching([](boost::unit_test::test_unit_id) {
    return freed_memory::can_watch;
});

void watch(secret const& value) {
    freed_memory::watch(value.reveal().data(), value.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_test)

BOOST_AUTO_TEST_CASE(keeps_what_it_was_given) {
    std::string const with_nul("to\0ken", 6);
    BOOST_TEST(secret::copy_of(with_nul).reveal() == with_nul);
    BOOST_TEST(secret::copy_of(with_nul).size() == 6u);
    BOOST_TEST(secret().empty());
    BOOST_TEST(secret::copy_of("").empty());
    auto const original = secret::copy_of("abc");
    auto const copy = original.clone();
    BOOST_TEST(copy.reveal() == "abc");
    BOOST_TEST((copy.reveal().data() != original.reveal().data()));
}

BOOST_AUTO_TEST_CASE(is_written_in_place) {
    auto value = secret::of_size(3);
    BOOST_TEST(value.reveal() == std::string_view("\0\0\0", 3));
    value.writable()[1] = 'x';
    BOOST_TEST(value.reveal() == std::string_view("\0x\0", 3));
}

BOOST_AUTO_TEST_CASE(a_moved_from_secret_is_empty) {
    auto first = secret::copy_of("abc");
    auto const second = std::move(first);
    BOOST_TEST(first.empty());
    BOOST_TEST(first.reveal().empty());
    BOOST_TEST(second.reveal() == "abc");
    secret third;
    auto fourth = second.clone();
    third = std::move(fourth);
    BOOST_TEST(fourth.empty());
    BOOST_TEST(third.reveal() == "abc");
    auto& same = third;
    third = std::move(same);
    BOOST_TEST(third.reveal() == "abc");
}

BOOST_AUTO_TEST_CASE(is_wiped_when_destroyed, *watching) {
    {
        auto const value = secret::copy_of("a short one");
        watch(value);
    }
    BOOST_TEST(freed_memory::was_wiped().value());
}

BOOST_AUTO_TEST_CASE(is_wiped_when_cleared_or_replaced, *watching) {
    auto value = secret::copy_of("first");
    watch(value);
    value.clear();
    BOOST_TEST(freed_memory::was_wiped().value());
    BOOST_TEST(value.empty());

    value = secret::copy_of("second");
    watch(value);
    value = secret::copy_of("third");
    BOOST_TEST(freed_memory::was_wiped().value());
    BOOST_TEST(value.reveal() == "third");
}

BOOST_AUTO_TEST_CASE(the_watch_sees_what_is_not_wiped, *watching) {
    {
        std::string const plain(100, 'x');
        freed_memory::watch(plain.data(), plain.size());
    }
    BOOST_TEST(!freed_memory::was_wiped().value());
}

BOOST_AUTO_TEST_CASE(taking_a_string_wipes_all_of_its_storage, *watching) {
    {
        std::string text(100, 'x');
        text.resize(10); // The other 90 characters are still in its buffer.
        freed_memory::watch(text.data(), text.capacity());
        auto const value = secret::take(std::move(text));
        BOOST_TEST(text.empty());
        BOOST_TEST(value.reveal() == "xxxxxxxxxx");
    }
    BOOST_TEST(freed_memory::was_wiped().value());
}

BOOST_AUTO_TEST_CASE(taking_a_short_string_works_too) {
    std::string text = "short";
    auto const value = secret::take(std::move(text));
    BOOST_TEST(text.empty());
    BOOST_TEST(value.reveal() == "short");
}

BOOST_AUTO_TEST_CASE(taking_bytes_wipes_them, *watching) {
    {
        bytes data(50, 7);
        freed_memory::watch(data.data(), data.size());
        auto const value = secret::take(std::move(data));
        BOOST_TEST(data.empty());
        BOOST_TEST(value.size() == 50u);
    }
    BOOST_TEST(freed_memory::was_wiped().value());
}

BOOST_AUTO_TEST_CASE(wipe_zeroes_exactly_its_range) {
    std::array<char, 4> memory{'a', 'b', 'c', 'd'};
    wipe(memory.data() + 1, 2);
    BOOST_TEST(std::string_view(memory.data(), 4) == std::string_view("a\0\0d", 4));
    wipe(nullptr, 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
