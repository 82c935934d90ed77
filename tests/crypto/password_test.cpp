// Argon2id against the known answers of the reference implementation's own test program (one lane, version
// 1.3).
#include "crypto/password.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <stdexcept>
#include <string>

namespace connectd::crypto {
namespace {

struct known {
    std::string_view password;
    std::string_view hash;

    friend std::ostream& operator<<(std::ostream& out, known const& value) { return out << value.hash; }
};

known const reference[] = {
    {"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
    {"password", "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"},
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
    {"password", "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw"},
    {"differentpassword",
     "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"},
};

// As cheap as libsodium allows: these tests are about the text, not the cost.
constexpr password_cost cheap{1, 8192};

} // namespace

BOOST_AUTO_TEST_SUITE(password_test)

BOOST_DATA_TEST_CASE(known_answers, boost::unit_test::data::make(reference), vector) {
    BOOST_TEST(verify_password(vector.hash, vector.password));
    BOOST_TEST(!verify_password(vector.hash, "another password"));
}

BOOST_AUTO_TEST_CASE(what_is_hashed_is_verified) {
    auto const hash = hash_password("correct horse", cheap);
    BOOST_TEST(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    BOOST_TEST(verify_password(hash, "correct horse"));
    BOOST_TEST(!verify_password(hash, "correct horse "));
    BOOST_TEST(!verify_password(hash, ""));
    BOOST_TEST(hash != hash_password("correct horse", cheap));
    using namespace std::string_view_literals;
    auto const with_nul = hash_password("one\0two"sv, cheap);
    BOOST_TEST(verify_password(with_nul, "one\0two"sv));
    BOOST_TEST(!verify_password(with_nul, "one"));
}

BOOST_AUTO_TEST_CASE(the_usual_cost_is_that_of_rfc_9106) {
    auto const hash = hash_password("x");
    BOOST_TEST(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    BOOST_TEST(!needs_rehash(hash));
}

BOOST_AUTO_TEST_CASE(another_cost_needs_a_new_hash) {
    auto const hash = hash_password("x", cheap);
    BOOST_TEST(!needs_rehash(hash, cheap));
    BOOST_TEST(needs_rehash(hash));
    BOOST_TEST(needs_rehash("not a hash"));
}

BOOST_AUTO_TEST_CASE(text_that_is_no_hash_verifies_nothing) {
    auto const hash = hash_password("x", cheap);
    for (std::size_t size = 0; size < hash.size(); ++size)
        BOOST_TEST(!verify_password(hash.substr(0, size), "x"));
    BOOST_TEST(!verify_password(hash + "A", "x"));
    BOOST_TEST(!verify_password(hash + std::string("\0junk", 5), "x"));
    BOOST_TEST(!verify_password(std::string(10'000, '$'), "x"));
    // Argon2i of "password" from the same reference list: genuine, but not the function we use.
    BOOST_TEST(!verify_password(
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8", "password"));
}

BOOST_AUTO_TEST_CASE(every_changed_character_is_refused) {
    auto const hash = hash_password("x", cheap);
    // From the salt on: a change of the cost before it could ask for gigabytes.
    for (auto i = hash.find("p=1$") + 4; i < hash.size(); ++i)
        for (char const c : {'A', 'B', '/', '$', '=', '!'})
            if (hash[i] != c) {
                auto changed = hash;
                changed[i] = c;
                BOOST_TEST(!verify_password(changed, "x"), changed);
            }
}

BOOST_AUTO_TEST_CASE(a_cost_below_the_least_is_refused) {
    BOOST_CHECK_THROW(hash_password("x", {0, 8192}), std::invalid_argument);
    BOOST_CHECK_THROW(hash_password("x", {1, 8191}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
