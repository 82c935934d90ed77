// How long a call waits, by the platform's own word.
#include "platforms/catalog.hpp"
#include "server/services/proxy/pauses.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

namespace connectd::server::services::proxy {
namespace {

using namespace std::chrono_literals;

constexpr runtime::sys_ms now{std::chrono::seconds{1'800'000'000}};

struct saying {
    char const* name;
    unsigned status;
    platforms::http::header_list headers;
    std::chrono::seconds wait; // 0: none
    bool whole_app = false;
};

std::ostream& operator<<(std::ostream& out, saying const& one) {
    return out << one.name;
}

saying const sayings[] = {
    {"retry after", 429, {{"Retry-After", "30"}}, 30s},
    {"down for a while", 503, {{"retry-after", "120"}}, 120s},
    {"nothing said", 429, {}, 0s},
    {"a success", 200, {{"Retry-After", "30"}, {"x-rate-limit-remaining", "0"}}, 0s},
    {"a moment", 429, {{"X-Rate-Limit-Remaining", "0"}, {"x-rate-limit-reset", "1800000090"}}, 90s},
    {"a moment that is over",
     429,
     {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "1799999990"}},
     0s},
    {"some remain", 429, {{"x-rate-limit-remaining", "1"}, {"x-rate-limit-reset", "1800000090"}}, 0s},
    {"the later of two",
     429,
     {{"x-rate-limit-remaining", "0"},
      {"x-rate-limit-reset", "1800000090"},
      {"x-user-limit-24hour-remaining", "0"},
      {"x-user-limit-24hour-reset", "1800000600"}},
     600s},
    {"the app's own limit",
     429,
     {{"x-app-limit-24hour-remaining", "0"}, {"x-app-limit-24hour-reset", "1800000600"}},
     600s,
     true},
    {"its own word first",
     429,
     {{"Retry-After", "5"}, {"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "1800000090"}},
     5s},
    {"a span", 429, {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "45"}}, 45s},
    {"a written moment",
     429,
     {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "2027-01-15T08:01:00.000Z"}},
     60s},
    {"no moment", 429, {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "2027-13-15T08:01:00Z"}}, 0s},
    {"longer than a day",
     429,
     {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "1900000000"}},
     86400s},
};

storage::account account_of(std::uint8_t letter, crypto::credentials_id app) {
    storage::account row;
    row.id = crypto::account_id::make(now + std::chrono::milliseconds{letter});
    row.credentials = app;
    row.platform = "x";
    return row;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pauses_test)

BOOST_DATA_TEST_CASE(what_an_answer_says, sayings, one) {
    auto const catalog = platforms::built_in_catalog();
    auto const found =
        read_wait(catalog.find("x")->proxy, {.status = one.status, .headers = one.headers}, now);
    BOOST_TEST((found ? found->how_long : 0ms) == std::chrono::milliseconds{one.wait});
    BOOST_TEST((found && found->whole_app) == one.whole_app);
}

BOOST_AUTO_TEST_CASE(a_wait_holds_for_one_call_of_one_account_until_it_is_over) {
    auto const app = crypto::credentials_id::make(now);
    auto const mine = account_of(1, app);
    pauses table;
    table.set(mine, "POST", "tweets", {60s}, now);
    BOOST_TEST((table.left(mine, "POST", "tweets", now + 20s) == 40s));
    BOOST_TEST(!table.left(mine, "GET", "tweets", now));
    BOOST_TEST(!table.left(mine, "POST", "media", now));
    BOOST_TEST(!table.left(account_of(2, app), "POST", "tweets", now));
    BOOST_TEST(!table.left(mine, "POST", "tweets", now + 60s));
    BOOST_TEST(!table.left(mine, "POST", "tweets", now + 20s)); // forgotten
}

BOOST_AUTO_TEST_CASE(an_apps_wait_holds_for_all_its_accounts) {
    auto const app = crypto::credentials_id::make(now);
    pauses table;
    table.set(account_of(1, app), "POST", "tweets", {60s, true}, now);
    BOOST_TEST((table.left(account_of(2, app), "GET", "users/me", now) == 60s));
    BOOST_TEST(!table.left(account_of(3, crypto::credentials_id::make(now)), "GET", "users/me", now));
}

BOOST_AUTO_TEST_CASE(a_full_table_makes_room_by_what_is_over_and_takes_no_more) {
    auto const mine = account_of(1, crypto::credentials_id::make(now));
    pauses table;
    for (std::size_t index = 0; index < pauses::most; ++index) {
        table.set(mine, "GET", std::to_string(index), {index == 0 ? 1s : 60s}, now);
    }
    table.set(mine, "GET", "one more", {60s}, now);
    BOOST_TEST(!table.left(mine, "GET", "one more", now));
    table.set(mine, "GET", "one more", {60s}, now + 1s);
    BOOST_TEST(table.left(mine, "GET", "one more", now + 1s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::proxy
