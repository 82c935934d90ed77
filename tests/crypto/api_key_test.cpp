#include "crypto/api_key.hpp"
#include "crypto/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace connectd::crypto {
namespace {

// The example of crypto/FORMAT.md, computed apart from this code.
constexpr std::string_view example = "cd_live_0123456789ABCDEFGHIJabcdefghij98765432100vegNC";
constexpr std::string_view example_digest =
    "c127741fb1f1f6a6b1d282adfc52126437fe25e2be67adf26e2bee94e237d9e9";

auto refused() {
    return make_error_code(errc::malformed_api_key);
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_key_test)

BOOST_AUTO_TEST_CASE(the_documented_example_is_read) {
    auto const parsed = parse_api_key(example).value();
    BOOST_TEST((parsed.kind == api_key_kind::live));
    BOOST_TEST(encode_hex(parsed.digest) == example_digest);
    BOOST_TEST(display_hint(example) == "cd_live_0123");
}

BOOST_AUTO_TEST_CASE(what_is_made_is_read) {
    struct {
        api_key_kind kind;
        std::string_view prefix;
    } const kinds[] = {
        {api_key_kind::live, "cd_live_"}, {api_key_kind::test, "cd_test_"}, {api_key_kind::root, "cd_root_"}};
    for (auto const& [kind, prefix] : kinds) {
        auto const made = make_api_key(kind);
        auto const text = made.text.reveal();
        BOOST_TEST(text.starts_with(prefix));
        BOOST_TEST(text.size() == 54u);
        BOOST_TEST(made.hint == text.substr(0, 12));
        auto const parsed = parse_api_key(text).value();
        BOOST_TEST((parsed.kind == kind));
        BOOST_TEST((parsed.digest == made.digest));
        BOOST_TEST((parsed.digest == sha256(text)));
    }
}

BOOST_AUTO_TEST_CASE(keys_differ_and_use_the_whole_alphabet) {
    std::set<std::string> keys;
    std::set<char> characters;
    for (int i = 0; i < 500; ++i) {
        auto const made = make_api_key(api_key_kind::test);
        keys.emplace(made.text.reveal());
        for (char const c : made.text.reveal().substr(8, 40))
            characters.insert(c);
    }
    BOOST_TEST(keys.size() == 500u);
    BOOST_TEST(characters.size() == 62u);
}

BOOST_AUTO_TEST_CASE(every_one_character_change_is_refused) {
    auto const made = make_api_key(api_key_kind::live);
    for (auto const original : {made.text.reveal(), example})
        for (std::size_t i = 0; i < original.size(); ++i)
            for (int c = 0; c < 256; ++c) {
                std::string changed(original);
                if (changed[i] == static_cast<char>(c))
                    continue;
                changed[i] = static_cast<char>(c);
                BOOST_REQUIRE(parse_api_key(changed).error() == refused());
            }
}

BOOST_AUTO_TEST_CASE(every_swap_of_neighbours_is_refused) {
    for (std::size_t i = 0; i + 1 < example.size(); ++i) {
        std::string changed(example);
        std::swap(changed[i], changed[i + 1]);
        if (changed != example)
            BOOST_TEST(parse_api_key(changed).error() == refused());
    }
}

BOOST_AUTO_TEST_CASE(other_shapes_are_refused) {
    std::string const key(example);
    for (std::size_t size = 0; size < key.size(); ++size)
        BOOST_TEST(parse_api_key(key.substr(0, size)).error() == refused());
    for (auto const& text :
         {key + "0", " " + key, key + " ", key + "\n", "Bearer " + key, key + key, "cd_test_" + key.substr(8),
          "cd_root_" + key.substr(8), "xx_live_" + key.substr(8)})
        BOOST_TEST(parse_api_key(text).error() == refused(), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
