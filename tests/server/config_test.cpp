#include "server/config.hpp"
#include "server/config_keys.hpp"
#include "server/config_settings.hpp"
#include "tests/server/config_text.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace connectd::server;

namespace {

std::string example_text() {
    std::ifstream file{CONNECTD_EXAMPLE_TOML};
    BOOST_REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>{file}, {}};
}

// With every setting that is commented out brought to life.
std::string example_in_full() {
    std::istringstream lines{example_text()};
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        bool const setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        text += (setting ? line.substr(1) : line) + '\n';
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_test)

BOOST_AUTO_TEST_CASE(nothing_at_all_is_a_configuration) {
    auto const made = make_config(std::nullopt, {}, {});
    BOOST_TEST((made == config{}));
    BOOST_TEST((from_file("") == config{}));
    BOOST_TEST(public_url_of(made, made.listen.front()) == "http://127.0.0.1:8080");
}

BOOST_AUTO_TEST_CASE(the_example_shows_the_defaults) {
    BOOST_TEST((from_file(example_text()) == config{}));
}

BOOST_AUTO_TEST_CASE(the_example_names_every_key_and_all_of_it_loads) {
    auto const made = from_file(example_in_full());
    BOOST_TEST(made.public_url.value() == "https://connect.example.com");
    BOOST_TEST(made.master_keys.size() == 3U);
    BOOST_TEST(made.platforms.at("x").endpoints.size() == 6U);
    BOOST_TEST(made.quickstart.size() == 3U);
    BOOST_TEST(made.dialects.at("unipost").hosts.size() == 1U);
    // No key takes a date, so with one for every value each key is reported under its name.
    auto text = example_in_full();
    std::regex const assignment{R"(^([a-z_]+ = ).*$)", std::regex::multiline};
    text = std::regex_replace(text, assignment, "$1 1979-05-27");
    std::set<std::string> seen;
    for (auto const& problem : problems_of(text)) {
        seen.insert(pattern_of(problem.key).key);
    }
    auto const& known = known_keys();
    BOOST_TEST(seen == std::set<std::string>(known.begin(), known.end()), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_two_keys_share_a_variable) {
    std::set<std::string> names;
    for (auto const& key : known_keys()) {
        auto const variable = environment_name(key);
        BOOST_TEST(names.insert(variable).second);
        BOOST_TEST(key_of_environment(variable, known_keys()).has_value());
    }
}

BOOST_AUTO_TEST_CASE(the_public_url_follows_from_the_bound_address) {
    config made;
    BOOST_TEST(public_url_of(made, endpoint("0.0.0.0", 8080)) == "http://127.0.0.1:8080");
    BOOST_TEST(public_url_of(made, endpoint("::1", 80)) == "http://[::1]");
    made.tls = tls_files{"c", "k"};
    BOOST_TEST(public_url_of(made, endpoint("192.0.2.1", 443)) == "https://192.0.2.1");
    made.public_url = "https://connect.example.com";
    BOOST_TEST(public_url_of(made, endpoint("127.0.0.1", 1)) == "https://connect.example.com");
}

BOOST_AUTO_TEST_SUITE_END()
