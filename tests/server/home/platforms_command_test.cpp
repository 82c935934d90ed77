// Goal: `connectd platforms` as an operator who writes a platform file uses it. Method: the real binary.
#include "tests/platforms/support.hpp"
#include "tests/server/home/support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::server::testing {
namespace {

struct command_fixture {
    scratch_folder scratch;

    std::string file(std::string const& name, std::string_view text) const {
        auto const path = scratch.path() / name;
        write_text(path, text);
        return path.string();
    }
    // The made-up platform with one thing changed.
    std::string chirp(std::string const& name, std::string_view from = "", std::string_view to = "") const {
        std::string text{tests::made_up_platform};
        if (!from.empty()) {
            auto const at = text.find(from);
            BOOST_REQUIRE(at != std::string::npos);
            text.replace(at, from.size(), to);
        }
        return file(name, text);
    }
};

// Where the line begins with that word; empty when none does.
std::string line_of(std::string const& text, std::string const& word) {
    auto const at = ("\n" + text).find("\n" + word + " ");
    return at == std::string::npos ? std::string{} : text.substr(at, text.find('\n', at) - at);
}

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(platforms_command_test, command_fixture)

BOOST_AUTO_TEST_CASE(the_table_has_a_line_for_every_platform) {
    chirp("chirp.json");
    auto const done = run_connectd({"platforms", "list", "--platforms-dir", scratch.path().string()});
    BOOST_TEST(done.code == 0);
    BOOST_TEST(done.output.starts_with("NAME "), done.output);
    auto const x = line_of(done.output, "x");
    for (auto const* part :
         {"X", "rotating", "/v1/connect/callback/x", "built-in x.json", "offline.access"}) {
        BOOST_TEST(says(x, part), part + (" is not in: " + x));
    }
    BOOST_TEST(says(line_of(done.output, "bluesky"), " - "), done.output);
    auto const own = line_of(done.output, "chirp");
    for (auto const& part : {std::string{"Chirp"}, std::string{"static"}, std::string{"me post"},
                             (scratch.path() / "chirp.json").string()}) {
        BOOST_TEST(says(own, part), part + " is not in: " + own);
    }
    // Columns stand below each other.
    BOOST_TEST(done.output.find("TITLE") == x.find("X "));
}

BOOST_AUTO_TEST_CASE(json_says_more_and_knows_the_configuration) {
    auto const config = file("connectd.toml", "public_url = \"https://connect.example.com\"\n"
                                              "[platforms.x]\nenabled = false\n");
    auto const done = run_connectd({"platforms", "list", "--config", config, "--json"});
    BOOST_TEST(done.code == 0);
    auto const all = boost::json::parse(done.output).as_array();
    auto const found = std::ranges::find_if(all, [](auto const& each) { return each.at("name") == "x"; });
    BOOST_REQUIRE(found != all.end());
    auto const& x = found->as_object();
    BOOST_TEST(x.at("available") == false);
    BOOST_TEST(x.at("redirect_uri") == "https://connect.example.com/v1/connect/callback/x");
    BOOST_TEST(x.at("source") == "built-in x.json");
    BOOST_TEST(x.at("refresh").at("access_lifetime") == 7200);
    BOOST_TEST(!x.contains("credentials_configured"));
}

BOOST_AUTO_TEST_CASE(a_good_file_is_summed_up) {
    auto const path = chirp("chirp.json");
    auto const done = run_connectd({"platforms", "check", path});
    BOOST_TEST(done.code == 0);
    BOOST_TEST(done.output == path + " is good: chirp (Chirp), oauth2, refresh static, scopes me post\n");
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_told_with_its_place) {
    auto const wrong = chirp("wrong.json", "S256-hex", "S512");
    auto const taken = chirp("taken.json", "\"chirper\"", "\"twitter\"");
    auto const broken = file("broken.json", "{");
    auto const done = run_connectd({"platforms", "check", wrong, taken, broken, "/nonexistent.json"});
    BOOST_TEST(done.code == 1);
    BOOST_TEST(says(done.output, wrong + " at /pkce: must be one of"), done.output);
    BOOST_TEST(says(done.output, taken + " at /aliases/0: is taken by the platform \"x\""), done.output);
    BOOST_TEST(says(done.output, broken + ": not valid JSON at line 1"), done.output);
    BOOST_TEST(says(done.output, "/nonexistent.json: cannot be read"), done.output);
    BOOST_TEST(!says(done.output, "is good"), done.output);
}

BOOST_AUTO_TEST_CASE(a_folder_with_a_bad_file_ends_the_list_with_its_problems) {
    auto const wrong = chirp("wrong.json", "S256-hex", "S512");
    auto const done =
        run_connectd({"platforms", "list"}, {"CONNECTD_PLATFORMS_DIR=" + scratch.path().string()});
    BOOST_TEST(done.code == 1);
    BOOST_TEST(says(done.output, wrong + " at /pkce"), done.output);
}

BOOST_AUTO_TEST_CASE(the_command_explains_itself) {
    auto const help = run_connectd({"platforms", "--help"});
    BOOST_TEST(help.code == 0);
    BOOST_TEST(says(help.output, "list"), help.output);
    BOOST_TEST(says(help.output, "check"), help.output);
    BOOST_TEST(run_connectd({"platforms"}).code != 0);
    BOOST_TEST(run_connectd({"platforms", "check"}).code != 0);
    auto const unknown = run_connectd({"platforms", "fly"});
    BOOST_TEST(unknown.code != 0);
    BOOST_TEST(says(unknown.output, "platforms has no subcommand \"fly\""), unknown.output);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
