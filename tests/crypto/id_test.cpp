#include "crypto/id.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <concepts>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_set>

namespace connectd::crypto {
namespace {

using namespace std::string_view_literals;
using namespace std::string_literals;

template <class Left, class Right>
concept comparable = requires(Left const& left, Right const& right) { left == right; };
template <class Left, class Right>
concept ordered = requires(Left const& left, Right const& right) { left < right; };

static_assert(comparable<account_id, account_id> && ordered<account_id, account_id>);
static_assert(!comparable<account_id, profile_id> && !ordered<account_id, profile_id>);
static_assert(!std::is_constructible_v<account_id, profile_id> &&
              !std::is_assignable_v<account_id&, profile_id>);
static_assert(!std::is_constructible_v<account_id, std::string> &&
              !std::is_convertible_v<account_id, std::string>);

id_time at(std::int64_t milliseconds) {
    return id_time(std::chrono::milliseconds(milliseconds));
}

// The example in the ULID specification, whose text and time are known.
constexpr auto known_time = 1469918176385;
constexpr auto known_digits = "01ARYZ6S41TSV4RRFFQ69G5FAV"sv;

using all_ids = boost::mpl::list<workspace_id, api_key_id, credentials_id, profile_id, session_id, account_id,
                                 token_id, event_id, webhook_id, operator_id>;

} // namespace

BOOST_AUTO_TEST_SUITE(id_test)

BOOST_AUTO_TEST_CASE(reads_a_published_example) {
    auto const id = account_id::parse("acc_" + std::string(known_digits)).value();
    BOOST_TEST((id.created_at() == at(known_time)));
    BOOST_TEST(id.to_string() == "acc_" + std::string(known_digits));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(text_and_raw_bytes_lead_back, Id, all_ids) {
    auto const id = Id::make(at(known_time));
    BOOST_TEST(!id.is_nil());
    BOOST_TEST((id.created_at() == at(known_time)));
    BOOST_TEST(id.raw().size() == 16u);
    BOOST_TEST(Id::parse(id.to_string()).value() == id);
    BOOST_TEST(Id::from_raw(id.raw()).value() == id);
    std::ostringstream out;
    out << id;
    BOOST_TEST(out.str() == id.to_string());
}

BOOST_AUTO_TEST_CASE(prefixes_are_the_documented_ones) {
    auto const zeros = "_00000000000000000000000000"s;
    BOOST_TEST(workspace_id().to_string() == "wsp" + zeros);
    BOOST_TEST(api_key_id().to_string() == "key" + zeros);
    BOOST_TEST(credentials_id().to_string() == "app" + zeros);
    BOOST_TEST(profile_id().to_string() == "prof" + zeros);
    BOOST_TEST(session_id().to_string() == "cs" + zeros);
    BOOST_TEST(account_id().to_string() == "acc" + zeros);
    BOOST_TEST(token_id().to_string() == "tok" + zeros);
    BOOST_TEST(event_id().to_string() == "evt" + zeros);
    BOOST_TEST(webhook_id().to_string() == "whk" + zeros);
    BOOST_TEST(operator_id().to_string() == "op" + zeros);
    BOOST_TEST(workspace_id().is_nil());
}

BOOST_AUTO_TEST_CASE(order_follows_time_in_every_form) {
    auto previous = event_id::make(at(0));
    for (std::int64_t const time :
         {1LL, 255LL, 256LL, 65535LL, 65536LL, 1469918176385LL, 281474976710655LL}) {
        auto const next = event_id::make(at(time));
        BOOST_TEST(previous < next);
        BOOST_TEST(next > previous);
        BOOST_TEST((previous.raw() < next.raw()));
        BOOST_TEST((previous.to_string() < next.to_string()));
        previous = next;
    }
}

BOOST_AUTO_TEST_CASE(the_last_id_is_the_largest_text) {
    auto const last = account_id::from_raw(std::string(16, '\xff')).value();
    BOOST_TEST(last.to_string() == "acc_7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    BOOST_TEST(account_id::parse(last.to_string()).value() == last);
}

BOOST_AUTO_TEST_CASE(ids_of_one_millisecond_differ) {
    std::unordered_set<account_id> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(account_id::make(at(known_time)));
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(times_that_do_not_fit_are_refused) {
    BOOST_CHECK_THROW(account_id::make(at(-1)), std::out_of_range);
    BOOST_CHECK_THROW(account_id::make(at(std::int64_t{1} << 48)), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(only_the_canonical_text_is_read) {
    auto const digits = std::string(known_digits);
    for (auto const& text :
         {""s, "acc"s, "acc_"s, digits, "acc" + digits, "acc-" + digits, "ACC_" + digits, "prof_" + digits,
          "wsp_" + digits, "_" + digits, "acc__" + digits.substr(1), "acc_" + digits + "0",
          "acc_" + digits.substr(1), " acc_" + digits, "acc_" + digits + " ", "acc_" + digits + "\0"s,
          "acc_8ZZZZZZZZZZZZZZZZZZZZZZZZZ"s,  // more than 128 bits
          "acc_01aryz6s41tsv4rrffq69g5fav"s}) // lower case
        BOOST_TEST(account_id::parse(text).error() == make_error_code(errc::malformed_id), text);
}

// Whatever is read is printed the same: no two texts name one id.
BOOST_AUTO_TEST_CASE(every_changed_character_is_refused_or_another_id) {
    auto const text = account_id::make(at(known_time)).to_string();
    for (std::size_t i = 0; i < text.size(); ++i)
        for (int c = 0; c < 256; ++c) {
            auto changed = text;
            changed[i] = static_cast<char>(c);
            if (auto const id = account_id::parse(changed))
                BOOST_REQUIRE_EQUAL(id->to_string(), changed);
        }
}

BOOST_AUTO_TEST_CASE(raw_bytes_of_another_length_are_refused) {
    for (std::size_t size = 0; size < 40; ++size)
        if (size != 16)
            BOOST_TEST(account_id::from_raw(std::string(size, 'x')).error() ==
                       make_error_code(errc::malformed_id));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
