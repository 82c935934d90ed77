#include "crypto/encoding.hpp"
#include "crypto/guarded_key.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connectd::crypto {
namespace {

template <class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };
template <class T>
concept equality_comparable = requires(T const& left, T const& right) { left == right; };

static_assert(!std::copy_constructible<guarded_key> && !std::is_copy_assignable_v<guarded_key>);
static_assert(std::is_nothrow_move_constructible_v<guarded_key>);
static_assert(!printable<guarded_key> && !equality_comparable<guarded_key>);

constexpr std::string_view digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

// Whether a child process that runs `act` is killed by the system for touching memory it must not touch.
template <class Act>
bool is_killed(Act act) {
    auto const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::signal(SIGSEGV, SIG_DFL); // Boost.Test and the sanitizers would turn the fault into something else.
        ::signal(SIGABRT, SIG_DFL);
        act();
        ::_exit(0);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status);
}

} // namespace

BOOST_AUTO_TEST_SUITE(guarded_key_test)

BOOST_AUTO_TEST_CASE(hex_leads_there_and_back) {
    auto const key = guarded_key::from_hex(digits).value();
    BOOST_TEST(encode_hex(key.reveal()) == digits);
    BOOST_TEST(key.to_hex().reveal() == digits);
    BOOST_TEST(encode_hex(guarded_key::copy_of(key.reveal()).value().reveal()) == digits);
}

BOOST_AUTO_TEST_CASE(anything_but_32_bytes_is_refused) {
    auto const refused = make_error_code(errc::malformed_key);
    for (std::size_t size = 0; size < 70; ++size) {
        if (size != 32)
            BOOST_TEST(guarded_key::copy_of(bytes(size)).error() == refused);
        if (size != 64)
            BOOST_TEST(guarded_key::from_hex(std::string(size, '0')).error() == refused);
    }
    BOOST_TEST(guarded_key::from_hex(std::string(63, '0') + "g").error() == refused);
    BOOST_TEST(guarded_key::from_hex(std::string(digits) + "\n").error() == refused);
}

BOOST_AUTO_TEST_CASE(random_keys_and_serials_differ) {
    auto const one = guarded_key::random();
    auto const other = guarded_key::random();
    BOOST_TEST((as_text(one.reveal()) != as_text(other.reveal())));
    BOOST_TEST(one.serial() != other.serial());
    BOOST_TEST(one.serial() != 0u);
}

BOOST_AUTO_TEST_CASE(a_move_keeps_the_key_and_its_serial) {
    auto first = guarded_key::from_hex(digits).value();
    auto const serial = first.serial();
    auto const second = std::move(first);
    BOOST_TEST(encode_hex(second.reveal()) == digits);
    BOOST_TEST(second.serial() == serial);
}

BOOST_AUTO_TEST_CASE(the_key_cannot_be_overwritten) {
    auto const key = guarded_key::from_hex(digits).value();
    BOOST_TEST(is_killed([&] {
        auto* const memory = const_cast<std::uint8_t volatile*>(key.reveal().data());
        memory[0] = 1;
    }));
    BOOST_TEST(!is_killed([&] {
        auto const* const memory = const_cast<std::uint8_t const volatile*>(key.reveal().data());
        static_cast<void>(memory[0]);
    }));
}

// sodium_malloc places the key against the guard page behind it.
BOOST_AUTO_TEST_CASE(reading_past_the_key_faults) {
    auto const key = guarded_key::from_hex(digits).value();
    BOOST_TEST(is_killed([&] {
        auto const* const memory = const_cast<std::uint8_t const volatile*>(key.reveal().data());
        static_cast<void>(memory[guarded_key::size]);
    }));
}

BOOST_AUTO_TEST_CASE(many_keys_can_be_held) {
    std::vector<guarded_key> keys;
    for (int i = 0; i < 1000; ++i)
        keys.push_back(guarded_key::random());
    BOOST_TEST((as_text(keys.front().reveal()) != as_text(keys.back().reveal())));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
