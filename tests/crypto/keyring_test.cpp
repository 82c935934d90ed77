// The keyring from the outside: what it seals opens again in the right place and nowhere else.
#include "crypto/encoding.hpp"
#include "crypto/keyring.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace connectd::crypto {
namespace {

std::string const workspace("workspace-raw-16");
constexpr associated_data place{"tokens", "a row's key", "material"};

guarded_key key_of(std::uint8_t filler) {
    return guarded_key::copy_of(bytes(guarded_key::size, filler)).value();
}

master_keys masters_of(std::initializer_list<std::uint8_t> fillers) {
    std::vector<guarded_key> keys;
    for (auto const filler : fillers)
        keys.push_back(key_of(filler));
    return master_keys::from(keys).value();
}

auto code(errc value) {
    return make_error_code(value);
}

std::string opened(result<secret> const& value) {
    return std::string(value.value().reveal());
}

struct fixture {
    master_keys masters = masters_of({1});
    keyring::created made = keyring::create(masters, workspace);
    keyring const& ring = made.ring;
};

// The text with one bit changed, for every bit.
std::vector<std::string> with_one_bit_changed(std::string_view text) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < text.size() * 8; ++i) {
        std::string changed(text);
        changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
        all.push_back(std::move(changed));
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(keyring_test)

BOOST_FIXTURE_TEST_CASE(what_is_sealed_opens, fixture) {
    for (std::size_t const size : {0u, 1u, 15u, 16u, 17u, 500u, 100'000u}) {
        std::string const plain(size, 'p');
        auto const sealed = ring.seal(secret::copy_of(plain), place).value();
        BOOST_TEST(sealed.key_version() == 1u);
        BOOST_TEST(sealed.encode().size() == size + sealed::overhead);
        BOOST_TEST(opened(ring.open(sealed, place)) == plain);
        auto const stored = sealed::decode(bytes(sealed.encode())).value();
        BOOST_TEST(opened(ring.open(stored, place)) == plain);
    }
    BOOST_TEST(opened(ring.open(ring.seal(as_bytes("bytes"), place).value(), place)) == "bytes");
}

BOOST_FIXTURE_TEST_CASE(equal_values_are_sealed_differently, fixture) {
    std::set<bytes> nonces;
    for (int i = 0; i < 2000; ++i) {
        auto const sealed = ring.seal(as_bytes("same"), place).value();
        nonces.emplace(sealed.nonce().begin(), sealed.nonce().end());
    }
    BOOST_TEST(nonces.size() == 2000u);
}

BOOST_FIXTURE_TEST_CASE(every_changed_bit_of_a_sealed_value_is_refused, fixture) {
    auto const sealed = ring.seal(as_bytes("a refresh token"), place).value();
    auto const encoded = std::string(as_text(sealed.encode()));
    for (auto const& changed : with_one_bit_changed(encoded)) {
        auto const read = sealed::decode(as_bytes(changed));
        if (!read) // The format byte.
            BOOST_TEST(read.error() == code(errc::unsupported_format));
        else if (read->key_version() != 1)
            BOOST_TEST(ring.open(*read, place).error() == code(errc::unknown_key_version));
        else
            BOOST_TEST(ring.open(*read, place).error() == code(errc::sealed_value_refused));
    }
    BOOST_TEST(opened(ring.open(sealed, place)) == "a refresh token");
}

// A key version that was changed to another one that exists must not open either.
BOOST_AUTO_TEST_CASE(the_key_version_is_authenticated) {
    auto const masters = masters_of({1});
    auto ring = keyring::create(masters, workspace).ring;
    auto encoded = ring.seal(as_bytes("x"), place).value().encode();
    ring.add_new_version(masters).value();
    write_u32(encoded.data() + 1, 2);
    BOOST_TEST(ring.open(sealed::decode(encoded).value(), place).error() == code(errc::sealed_value_refused));
}

BOOST_FIXTURE_TEST_CASE(a_sealed_value_cut_at_any_length_is_refused, fixture) {
    auto const sealed = ring.seal(as_bytes("a refresh token"), place).value();
    for (std::size_t size = 0; size < sealed.encode().size(); ++size) {
        auto const cut = sealed::decode(bytes_view(sealed.encode()).first(size));
        BOOST_TEST((!cut || ring.open(*cut, place).has_error()), "opened at length " << size);
    }
    auto longer = sealed.encode();
    longer.push_back(0);
    BOOST_TEST(ring.open(sealed::decode(longer).value(), place).error() == code(errc::sealed_value_refused));
}

BOOST_FIXTURE_TEST_CASE(no_value_opens_nowhere, fixture) {
    BOOST_TEST(ring.open(sealed(), place).error() == code(errc::malformed_sealed_value));
}

BOOST_FIXTURE_TEST_CASE(every_changed_bit_of_the_place_is_refused, fixture) {
    auto const sealed = ring.seal(as_bytes("x"), place).value();
    auto const refuses = [&](associated_data const& where) {
        return ring.open(sealed, where).error() == code(errc::sealed_value_refused);
    };
    for (auto const& changed : with_one_bit_changed(place.family))
        BOOST_TEST(refuses({changed, place.record_key, place.field}));
    for (auto const& changed : with_one_bit_changed(place.record_key))
        BOOST_TEST(refuses({place.family, changed, place.field}));
    for (auto const& changed : with_one_bit_changed(place.field))
        BOOST_TEST(refuses({place.family, place.record_key, changed}));
    BOOST_TEST(refuses({}));
    BOOST_TEST(refuses({place.family, place.record_key, ""}));
    BOOST_TEST(refuses({place.record_key, place.family, place.field}));
}

// The parts are told apart by their lengths, not by what joins them.
BOOST_FIXTURE_TEST_CASE(parts_of_the_place_cannot_be_shifted, fixture) {
    auto const sealed = ring.seal(as_bytes("x"), {"ab", "cd", "ef"}).value();
    for (auto const& where : {associated_data{"a", "bcd", "ef"}, associated_data{"abc", "d", "ef"},
                              associated_data{"ab", "cde", "f"}, associated_data{"ab", "c", "def"},
                              associated_data{"abcdef", "", ""}, associated_data{"", "abcd", "ef"}})
        BOOST_TEST(ring.open(sealed, where).error() == code(errc::sealed_value_refused));
}

BOOST_FIXTURE_TEST_CASE(another_workspace_cannot_open_it, fixture) {
    auto const other = keyring::create(masters, "workspace-raw-17");
    auto const sealed = ring.seal(as_bytes("x"), place).value();
    BOOST_TEST(other.ring.open(sealed, place).error() == code(errc::sealed_value_refused));
}

BOOST_FIXTURE_TEST_CASE(a_value_that_is_too_large_is_refused_and_not_counted, fixture) {
    BOOST_TEST(ring.seal(bytes(sealed::max_plaintext), place).has_value());
    BOOST_TEST(ring.seal(bytes(sealed::max_plaintext + 1), place).error() == code(errc::value_too_large));
    BOOST_TEST(ring.seals_used() == 1u);
}

BOOST_AUTO_TEST_CASE(a_rotated_key_seals_and_the_old_one_still_opens) {
    auto const masters = masters_of({1});
    auto [ring, first] = keyring::create(masters, workspace);
    auto const before = ring.seal(as_bytes("before"), place).value();

    auto rotated = ring; // As a server does it: the ring in use stays as it is until the new key is stored.
    auto const second = rotated.add_new_version(masters).value();
    BOOST_TEST(second.version == 2u);
    BOOST_TEST(ring.newest_version() == 1u);
    BOOST_TEST(rotated.newest_version() == 2u);
    auto const after = rotated.seal(as_bytes("after"), place).value();
    BOOST_TEST(after.key_version() == 2u);
    BOOST_TEST(opened(rotated.open(before, place)) == "before");
    BOOST_TEST(ring.open(after, place).error() == code(errc::unknown_key_version));

    for (auto const& stored : {std::vector{first, second}, std::vector{second, first}}) {
        auto const reopened = keyring::open(masters, workspace, stored).value();
        BOOST_TEST(reopened.newest_version() == 2u);
        BOOST_TEST(opened(reopened.open(before, place)) == "before");
        BOOST_TEST(opened(reopened.open(after, place)) == "after");
    }
}

BOOST_AUTO_TEST_CASE(copies_count_seals_together) {
    auto const masters = masters_of({1});
    auto const ring = keyring::create(masters, workspace).ring;
    auto const copy = ring;
    ring.seal(as_bytes("x"), place).value();
    copy.seal(as_bytes("x"), place).value();
    BOOST_TEST(ring.seals_used() == 2u);
}

BOOST_AUTO_TEST_CASE(a_data_key_that_is_used_up_seals_no_more) {
    auto const masters = masters_of({1});
    auto ring = keyring::create(masters, workspace, 4).ring;
    auto const first = ring.seal(as_bytes("x"), place).value();
    BOOST_TEST(!ring.rotation_due());
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(ring.seal(as_bytes("x"), place).has_value());
    BOOST_TEST(ring.rotation_due());
    BOOST_TEST(ring.seals_used() == 4u);
    BOOST_TEST(ring.seal(as_bytes("x"), place).error() == code(errc::key_exhausted));
    BOOST_TEST(ring.seals_used() == 4u);
    BOOST_TEST(opened(ring.open(first, place)) == "x");

    ring.add_new_version(masters).value();
    BOOST_TEST(ring.seals_used() == 0u);
    BOOST_TEST(!ring.rotation_due());
    BOOST_TEST(ring.seal(as_bytes("x"), place).value().key_version() == 2u);
}

BOOST_AUTO_TEST_CASE(seals_made_before_a_restart_count) {
    auto const masters = masters_of({1});
    auto stored = keyring::create(masters, workspace).first;
    stored.seals_used = 3;
    auto const ring = keyring::open(masters, workspace, std::vector{stored}, 4).value();
    BOOST_TEST(ring.seals_used() == 3u);
    BOOST_TEST(ring.seal(as_bytes("x"), place).has_value());
    BOOST_TEST(ring.seal(as_bytes("x"), place).error() == code(errc::key_exhausted));
    stored.seals_used = 1000;
    auto const past = keyring::open(masters, workspace, std::vector{stored}, 4).value();
    BOOST_TEST(past.seal(as_bytes("x"), place).error() == code(errc::key_exhausted));
}

BOOST_AUTO_TEST_CASE(threads_cannot_pass_the_limit_together) {
    constexpr std::uint64_t limit = 1000;
    auto const masters = masters_of({1});
    auto const ring = keyring::create(masters, workspace, limit).ring;
    std::atomic<std::uint64_t> done{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 400; ++i)
                if (auto const sealed = ring.seal(as_bytes("x"), place); sealed && ring.open(*sealed, place))
                    ++done;
        });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(done == limit);
    BOOST_TEST(ring.seals_used() == limit);
}

// A data key of the last version, wrapped apart from this code as crypto/FORMAT.md says.
BOOST_AUTO_TEST_CASE(the_last_version_number_cannot_be_passed) {
    std::vector<guarded_key> keys;
    keys.push_back(
        guarded_key::from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").value());
    auto const masters = master_keys::from(keys).value();
    auto const owner = decode_hex("0190000000000102030405060708090a").value();
    wrapped_data_key const last{
        0xffffffff,
        decode_hex("0191387bcf035e353f410f7b86657446e5404142434445464748494a4b4c4d4e4f5051525354555657"
                   "8022d77e441ee0d52cadf2f0959748873b872256888dd58e80288e90f763d5cfc4a19f0b5f36e41a1a759b4b4"
                   "e9efe02")
            .value(),
        0};
    auto ring = keyring::open(masters, as_text(owner), std::vector{last}).value();
    BOOST_TEST(ring.add_new_version(masters).error() == code(errc::key_exhausted));
    BOOST_TEST(ring.newest_version() == 0xffffffffu);
    BOOST_TEST(ring.seal(as_bytes("x"), place).has_value());
}

BOOST_AUTO_TEST_CASE(a_workspace_needs_a_data_key) {
    BOOST_TEST(keyring::open(masters_of({1}), workspace, {}).error() == code(errc::no_data_key));
}

BOOST_FIXTURE_TEST_CASE(one_version_cannot_be_two_keys, fixture) {
    auto const again = keyring::create(masters, workspace).first;
    BOOST_TEST(keyring::open(masters, workspace, std::vector{made.first, again}).error() ==
               code(errc::duplicate_key_version));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
