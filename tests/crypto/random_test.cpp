#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace connectd::crypto {
namespace {

using sample = std::array<std::uint8_t, 16>;

sample draw() {
    sample bytes{};
    random_fill(bytes);
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_test)

// 16 bytes repeat once in 2^64 draws: a repetition here means bytes were handed out twice.
BOOST_AUTO_TEST_CASE(no_bytes_are_handed_out_twice) {
    std::set<sample> seen;
    std::vector<std::vector<sample>> of_threads(4);
    std::vector<std::thread> threads;
    for (auto& drawn : of_threads)
        threads.emplace_back([&drawn] {
            for (int i = 0; i < 1000; ++i)
                drawn.push_back(draw());
        });
    for (auto& thread : threads)
        thread.join();
    for (auto const& drawn : of_threads)
        seen.insert(drawn.begin(), drawn.end());
    BOOST_TEST(seen.size() == 4000u);
}

BOOST_AUTO_TEST_CASE(every_length_is_filled) {
    for (std::size_t const size : {0u, 1u, 12u, 63u, 64u, 65u, 511u, 512u, 513u, 5000u}) {
        bytes filled(size);
        bytes seen(size); // Which positions were not zero in at least one of the draws.
        for (int draws = 0; draws < 20; ++draws) {
            random_fill(filled);
            for (std::size_t i = 0; i < size; ++i)
                seen[i] |= filled[i];
        }
        BOOST_TEST((std::find(seen.begin(), seen.end(), 0) == seen.end()),
                   "a byte stayed zero at size " << size);
    }
}

// A child that drew from the block it inherited would use the same nonces as its parent.
BOOST_AUTO_TEST_CASE(a_forked_child_draws_its_own) {
    draw(); // The block of this thread is filled now.
    std::array<int, 2> pipe_ends{};
    BOOST_REQUIRE(::pipe(pipe_ends.data()) == 0);
    auto const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        auto const drawn = draw();
        auto const written = ::write(pipe_ends[1], drawn.data(), drawn.size());
        ::_exit(written == static_cast<ssize_t>(drawn.size()) ? 0 : 1);
    }
    auto const of_parent = draw();
    sample of_child{};
    BOOST_TEST(::read(pipe_ends[0], of_child.data(), of_child.size()) ==
               static_cast<ssize_t>(of_child.size()));
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    BOOST_TEST((of_child != of_parent));
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
}

BOOST_AUTO_TEST_CASE(tokens_carry_the_bytes_asked_for) {
    BOOST_TEST(decode_base64url(random_token(32)).value().size() == 32u);
    BOOST_TEST(random_token(32).size() == 43u);
    BOOST_TEST(random_token(32) != random_token(32));
    BOOST_TEST(random_token(0).empty());
    auto const token = random_secret_token(24);
    BOOST_TEST(decode_base64url(token.reveal()).value().size() == 24u);
    BOOST_TEST(token.reveal() != random_secret_token(24).reveal());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
