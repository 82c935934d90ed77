#include "server/services/reconnect_link.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {

BOOST_AUTO_TEST_SUITE(reconnect_link_test)

BOOST_AUTO_TEST_CASE(a_link_names_its_account_and_nothing_else_does) {
    storage::account row;
    row.workspace = crypto::workspace_id::make(start_of_time);
    row.id = crypto::account_id::make(start_of_time);
    settings chosen;
    chosen.public_url = "https://connect.example";
    auto const url = reconnect_url(chosen, row);
    std::string const front = "https://connect.example/reconnect/";
    BOOST_REQUIRE(url.starts_with(front));
    auto const link = url.substr(front.size());
    auto const target = parse_reconnect_link(link);
    BOOST_REQUIRE(target.has_value());
    BOOST_TEST(target->workspace == row.workspace);
    BOOST_TEST(target->account == row.id);
    for (auto const& wrong : {std::string{}, std::string{"a"}, link.substr(1), link + "AAAA", link + "=",
                              row.id.to_string(), "+" + link.substr(1)}) {
        BOOST_TEST(!parse_reconnect_link(wrong).has_value(), wrong);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
