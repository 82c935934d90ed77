// Wrapping: a data key can be unwrapped with any of the master keys it was wrapped under, and only as what it
// is.
#include "crypto/encoding.hpp"
#include "crypto/keyring.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace connectd::crypto {
namespace {

std::string const workspace("workspace-raw-16");
constexpr associated_data place{"tokens", "a row's key", "material"};
constexpr std::size_t wrapped_size = 89;

master_keys masters_of(std::initializer_list<std::uint8_t> fillers) {
    std::vector<guarded_key> keys;
    for (auto const filler : fillers)
        keys.push_back(guarded_key::copy_of(bytes(guarded_key::size, filler)).value());
    return master_keys::from(keys).value();
}

auto code(errc value) {
    return make_error_code(value);
}

boost::system::error_code error_of(master_keys const& masters, std::string_view owner,
                                   wrapped_data_key const& key) {
    return keyring::open(masters, owner, std::vector{key}).error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(master_keys_test)

BOOST_AUTO_TEST_CASE(an_empty_list_is_refused) {
    BOOST_TEST(master_keys::from({}).error() == code(errc::no_master_key));
}

BOOST_AUTO_TEST_CASE(ids_name_keys_without_showing_them) {
    auto const one = masters_of({1});
    auto const same = masters_of({1, 2});
    auto const other = masters_of({2});
    BOOST_TEST((one.first_id() == same.first_id()));
    BOOST_TEST((one.first_id() != other.first_id()));
    BOOST_TEST(same.contains(other.first_id()));
    BOOST_TEST(!one.contains(other.first_id()));
}

BOOST_AUTO_TEST_CASE(the_first_wraps_and_all_unwrap) {
    auto const old_only = masters_of({1});
    auto const both = masters_of({2, 1});
    auto const new_only = masters_of({2});
    auto const made = keyring::create(old_only, workspace);
    auto const sealed = made.ring.seal(as_bytes("x"), place).value();

    auto const opened = keyring::open(both, workspace, std::vector{made.first});
    BOOST_TEST(opened.value().open(sealed, place).value().reveal() == "x");
    BOOST_TEST(error_of(new_only, workspace, made.first) == code(errc::wrong_master_key));

    auto stored = made.first;
    stored.seals_used = 77;
    auto const moved = keyring::rewrap(both, workspace, stored).value();
    BOOST_TEST(moved.version == 1u);
    BOOST_TEST(moved.seals_used == 77u);
    BOOST_TEST((keyring::wrapped_by(moved).value() == new_only.first_id()));
    BOOST_TEST((keyring::wrapped_by(stored).value() == old_only.first_id()));
    auto const reopened = keyring::open(new_only, workspace, std::vector{moved});
    BOOST_TEST(reopened.value().open(sealed, place).value().reveal() == "x");
    BOOST_TEST(error_of(old_only, workspace, moved) == code(errc::wrong_master_key));
    BOOST_TEST(keyring::rewrap(old_only, workspace, moved).error() == code(errc::wrong_master_key));
}

BOOST_AUTO_TEST_CASE(a_wrapped_key_belongs_to_its_workspace_and_version) {
    auto const masters = masters_of({1});
    auto const made = keyring::create(masters, workspace);
    BOOST_TEST(error_of(masters, "workspace-raw-17", made.first) == code(errc::wrapped_key_refused));
    BOOST_TEST(error_of(masters, "", made.first) == code(errc::wrapped_key_refused));
    for (int bit = 0; bit < 32; ++bit) {
        auto moved = made.first;
        moved.version ^= std::uint32_t{1} << bit;
        BOOST_TEST(error_of(masters, workspace, moved) == code(errc::wrapped_key_refused));
    }
}

BOOST_AUTO_TEST_CASE(every_changed_bit_is_refused) {
    auto const masters = masters_of({1});
    auto const made = keyring::create(masters, workspace).first;
    BOOST_TEST(made.wrapped.size() == wrapped_size);
    for (std::size_t i = 0; i < made.wrapped.size() * 8; ++i) {
        auto changed = made;
        changed.wrapped[i / 8] = static_cast<std::uint8_t>(changed.wrapped[i / 8] ^ (1 << (i % 8)));
        auto const expected = i < 8              ? errc::unsupported_format
                              : i < (1 + 16) * 8 ? errc::wrong_master_key
                                                 : errc::wrapped_key_refused;
        BOOST_TEST(error_of(masters, workspace, changed) == code(expected));
    }
}

BOOST_AUTO_TEST_CASE(every_other_length_is_refused) {
    auto const masters = masters_of({1});
    auto const made = keyring::create(masters, workspace).first;
    for (std::size_t size = 0; size <= wrapped_size + 1; ++size) {
        auto cut = made;
        cut.wrapped.resize(size);
        if (size != wrapped_size) {
            BOOST_TEST(error_of(masters, workspace, cut) == code(errc::malformed_wrapped_key));
            BOOST_TEST(keyring::wrapped_by(cut).error() == code(errc::malformed_wrapped_key));
        }
    }
}

BOOST_AUTO_TEST_CASE(wrapping_twice_gives_different_bytes) {
    auto const masters = masters_of({1});
    auto const made = keyring::create(masters, workspace).first;
    auto const again = keyring::rewrap(masters, workspace, made).value();
    BOOST_TEST((again.wrapped != made.wrapped));
}

// The example of crypto/FORMAT.md, computed apart from this code: a stored database of format 1 stays
// readable.
BOOST_AUTO_TEST_CASE(the_documented_example_opens) {
    std::vector<guarded_key> keys;
    keys.push_back(
        guarded_key::from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").value());
    auto const masters = master_keys::from(keys).value();
    BOOST_TEST(encode_hex(masters.first_id()) == "91387bcf035e353f410f7b86657446e5");
    auto const owner = decode_hex("0190000000000102030405060708090a").value();
    wrapped_data_key const stored{
        7,
        decode_hex("0191387bcf035e353f410f7b86657446e5404142434445464748494a4b4c4d4e4f5051525354555657"
                   "8022d77e441ee0d52cadf2f0959748873b872256888dd58e80288e90f763d5cfae449ca1903f41414e6cb9456"
                   "c6e3e58")
            .value(),
        0};
    auto const ring = keyring::open(masters, as_text(owner), std::vector{stored}).value();
    auto const sealed = sealed::decode(decode_hex("0100000007606162636465666768696a6b"
                                                  "91f1ced996a45b21962f02d2548a230541d8001d555daab8f9a4d50c")
                                           .value())
                            .value();
    BOOST_TEST(ring.open(sealed, {"tokens", "row", "material"}).value().reveal() == "secret token");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
