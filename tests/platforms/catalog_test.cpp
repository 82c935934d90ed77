// The catalog: the embedded files, the operator's over them, overrides over both.
#include "platforms/catalog.hpp"
#include "platforms/embedded_catalog.hpp"
#include "tests/platforms/support.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace connectd::platforms;
using connectd::tests::made_up_platform;
using connectd::tests::scratch_folder;

std::string renamed(std::string_view from, std::string_view to) {
    std::string text(made_up_platform);
    text.replace(text.find(from), from.size(), to);
    return text;
}

std::vector<std::string> lines(std::vector<problem> const& problems) {
    std::vector<std::string> list;
    for (auto const& found : problems) {
        list.push_back(to_string(found));
    }
    return list;
}

std::vector<std::string> names(catalog const& known) {
    std::vector<std::string> list;
    for (auto const* platform : known.all()) {
        list.push_back(platform->name);
    }
    return list;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_test)

BOOST_AUTO_TEST_CASE(every_embedded_file_is_valid_and_named_like_its_platform) {
    BOOST_TEST_REQUIRE(embedded_catalog().size() >= 2u);
    for (auto const& file : embedded_catalog()) {
        auto const read = parse_descriptor(file.content, file.name);
        for (auto const& found : read.problems) {
            BOOST_ERROR(to_string(found));
        }
        auto file_name = read.parsed.name + ".json";
        std::replace(file_name.begin(), file_name.end(), '-', '_'); // the names of files are snake_case
        BOOST_TEST(file_name == file.name);
        BOOST_TEST(!read.parsed.title.empty());
    }
    BOOST_TEST(built_in_catalog().all().size() == embedded_catalog().size());
}

BOOST_AUTO_TEST_CASE(aliases_lead_to_the_same_platform) {
    auto const known = built_in_catalog();
    BOOST_TEST_REQUIRE(known.find("x") != nullptr);
    BOOST_TEST(known.find("twitter") == known.find("x"));
    BOOST_TEST(known.find("bsky") == known.find("bluesky"));
    BOOST_TEST((known.find("bluesky")->connect == connect_kind::app_password));
    BOOST_TEST(known.find("X") == nullptr);
    BOOST_TEST(known.find("") == nullptr);
    BOOST_TEST(known.find("myspace") == nullptr);
}

BOOST_AUTO_TEST_CASE(references_survive_a_move) {
    auto known = built_in_catalog();
    auto const* before = known.find("x");
    catalog const moved = std::move(known);
    BOOST_TEST(moved.find("x") == before);
    BOOST_TEST(moved.find("twitter")->name == "x");
}

BOOST_AUTO_TEST_CASE(operator_files_add_and_replace) {
    scratch_folder const folder;
    folder.write("chirp.json", made_up_platform);
    folder.write("my-x.json", renamed("\"chirp\"", "\"x\""));
    folder.write("notes.txt", "not a platform");
    auto sources = catalog_sources{};
    sources.folder = folder.path();
    // Both files claim the alias "chirper".
    BOOST_TEST(lines(load_catalog(sources).problems) ==
                   std::vector<std::string>{(folder.path() / "my-x.json").string() +
                                            " at /aliases/0: is taken by the platform \"chirp\""},
               boost::test_tools::per_element());
    auto own_x = renamed("\"chirp\"", "\"x\"");
    own_x.replace(own_x.find("[\"chirper\"]"), 11, "[]");
    folder.write("my-x.json", own_x);
    auto const load = load_catalog(sources);
    BOOST_TEST(lines(load.problems).empty());
    BOOST_TEST_REQUIRE(load.loaded.has_value());
    auto expected = names(built_in_catalog());
    expected.emplace_back("chirp");
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(names(*load.loaded) == expected, boost::test_tools::per_element());
    BOOST_TEST(load.loaded->find("chirper")->title == "Chirp");
    BOOST_TEST(load.loaded->find("x")->title == "Chirp");
    BOOST_TEST(load.loaded->find("twitter") == nullptr);
}

BOOST_AUTO_TEST_CASE(problems_of_all_files_come_together) {
    scratch_folder const folder;
    folder.write("a.json", "{");
    folder.write("b.json", renamed("S256-hex", "S512"));
    folder.write("c.json", made_up_platform);
    folder.write("d.json", made_up_platform);
    auto sources = catalog_sources{};
    sources.folder = folder.path();
    sources.endpoint_overrides["myspace"]["token_url"] = "https://a.example";
    sources.endpoint_overrides["x"]["tokenurl"] = "https://a.example";
    sources.endpoint_overrides["x"]["token_url"] = "nowhere";
    auto const load = load_catalog(sources);
    BOOST_TEST(!load.loaded.has_value());
    auto const at = [&](char const* file) { return (folder.path() / file).string(); };
    auto const found = lines(load.problems);
    BOOST_TEST_REQUIRE(found.size() == 6u);
    BOOST_TEST(found[0].starts_with(at("a.json") + ": not valid JSON at line 1, column 2"));
    BOOST_TEST(found[1] == at("b.json") + " at /pkce: must be one of \"none\", \"S256\" and \"S256-hex\"");
    BOOST_TEST(found[2] ==
               at("d.json") + " at /name: is the name of the platform in " + at("c.json") + " too");
    BOOST_TEST(found[3] == "config at /platforms/myspace: is not a platform of this catalog");
    BOOST_TEST(found[4] == "config at /platforms/x/token_url: must be an absolute URL such as "
                           "\"https://api.example.com/token\"");
    BOOST_TEST(found[5] == "config at /platforms/x/tokenurl: is not an endpoint of this platform");
}

BOOST_AUTO_TEST_CASE(apps_can_be_shared_only_with_a_platform_that_is_there) {
    scratch_folder const folder;
    folder.write("chirp.json", renamed("\"title\": \"Chirp\"", "\"app_platform\": \"finch\""));
    auto sources = catalog_sources{};
    sources.folder = folder.path();
    BOOST_TEST(lines(load_catalog(sources).problems) ==
                   std::vector<std::string>{(folder.path() / "chirp.json").string() +
                                            " at /app_platform: is not a platform of this catalog"},
               boost::test_tools::per_element());
    folder.write("chirp.json", renamed("\"title\": \"Chirp\"", "\"app_platform\": \"twitter\""));
    auto const load = load_catalog(sources);
    BOOST_TEST(lines(load.problems).empty());
    BOOST_TEST(load.loaded.value().find("chirp")->app_platform == "x");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_read_is_a_problem) {
    auto sources = catalog_sources{};
    sources.folder = "/nonexistent/connectd-platforms";
    auto const load = load_catalog(sources);
    BOOST_TEST_REQUIRE(load.problems.size() == 1u);
    BOOST_TEST(to_string(load.problems[0]) ==
               "/nonexistent/connectd-platforms: cannot be read: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_clash_with_a_built_in_platform_is_the_fault_of_the_other_file) {
    scratch_folder const folder;
    folder.write("chirp.json", renamed("\"chirper\"", "\"twitter\""));
    auto sources = catalog_sources{};
    sources.folder = folder.path();
    BOOST_TEST(lines(load_catalog(sources).problems) ==
                   std::vector<std::string>{(folder.path() / "chirp.json").string() +
                                            " at /aliases/0: is taken by the platform \"x\""},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(single_files_come_over_the_folder_and_every_platform_knows_its_source) {
    scratch_folder const folder;
    folder.write("chirp.json", made_up_platform);
    scratch_folder const elsewhere;
    elsewhere.write("mine.json", made_up_platform);
    auto sources = catalog_sources{};
    sources.folder = folder.path();
    auto const source_of = [&](char const* name) {
        auto const load = load_catalog(sources);
        BOOST_TEST_REQUIRE(load.loaded.has_value());
        return std::string(load.loaded->source_of(*load.loaded->find(name)));
    };
    BOOST_TEST(source_of("x") == "built-in x.json");
    BOOST_TEST(source_of("chirper") == (folder.path() / "chirp.json").string());
    sources.files = {elsewhere.path() / "mine.json"};
    BOOST_TEST(source_of("chirp") == (elsewhere.path() / "mine.json").string());
}

BOOST_AUTO_TEST_CASE(single_files_that_are_none_are_problems) {
    auto sources = catalog_sources{};
    sources.files = {"/nonexistent/chirp.json", "/"};
    BOOST_TEST(lines(load_catalog(sources).problems) ==
                   (std::vector<std::string>{"/nonexistent/chirp.json: cannot be read", "/: is a folder"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(overrides_reach_the_platform_by_name_or_alias_of_either_kind) {
    auto sources = catalog_sources{};
    sources.endpoint_overrides["twitter"]["token_url"] = "http://127.0.0.1:9/2/oauth2/token";
    sources.endpoint_overrides["bluesky"]["plc_url"] = "http://127.0.0.1:9/plc";
    auto const load = load_catalog(sources);
    BOOST_TEST_REQUIRE(load.loaded.has_value());
    BOOST_TEST(load.loaded->find("x")->endpoints.token_url == "http://127.0.0.1:9/2/oauth2/token");
    BOOST_TEST(load.loaded->find("x")->endpoints.revoke_url == "https://api.x.com/2/oauth2/revoke");
    BOOST_TEST(named_endpoint(*load.loaded->find("bluesky"), "plc_url") == "http://127.0.0.1:9/plc");
}

BOOST_AUTO_TEST_SUITE_END()
