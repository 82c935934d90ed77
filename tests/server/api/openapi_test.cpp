#include "server/api/openapi.hpp"
#include "server/api/routes.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/event_types.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/json/parse.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

namespace connectd::server::api {
namespace {

using names = std::set<std::string>;

boost::json::object const& document() {
    static auto const parsed = boost::json::parse(openapi_document()).as_object();
    return parsed;
}

std::string text(boost::json::object const& of, std::string_view member) {
    auto const* found = of.if_contains(member);
    return found == nullptr ? std::string{} : std::string{found->as_string()};
}

std::string upper(std::string_view word) {
    std::string loud{word};
    std::ranges::transform(loud, loud.begin(), [](unsigned char c) { return std::toupper(c); });
    return loud;
}

bool is_method(std::string_view member) {
    return member == "get" || member == "post" || member == "put" || member == "patch" || member == "delete";
}

// {path} of a path that takes any number of segments, any method: {path*}.
std::string pattern_of(std::string path, boost::json::object const& item) {
    auto const* parameters = item.if_contains("parameters");
    for (auto const& each : parameters == nullptr ? boost::json::array{} : parameters->as_array()) {
        if (each.as_object().contains("x-multi-segment")) {
            path.insert(path.rfind('}'), "*");
        }
    }
    return path;
}

std::string line(std::string_view method, std::string_view pattern, std::string_view needs,
                 std::string_view scope) {
    return std::string{method} + " " + std::string{pattern} + " " + std::string{needs} + " " +
           std::string{scope};
}

names documented_lines() {
    names lines;
    for (auto const& [path, item] : document().at("paths").as_object()) {
        auto const pattern = pattern_of(path, item.as_object());
        bool const any = pattern.find('*') != std::string::npos;
        for (auto const& [method, operation] : item.as_object()) {
            if (is_method(method)) {
                auto const& said = operation.as_object();
                lines.insert(
                    line(any ? "*" : upper(method), pattern, text(said, "x-access"), text(said, "x-scope")));
            }
        }
    }
    return lines;
}

names table_lines() {
    constexpr std::string_view words[] = {"open", "root", "workspace", "either"};
    names lines;
    for (auto const& each : routes()) {
        lines.insert(line(each.method, each.pattern, words[static_cast<int>(each.needs)], each.scope));
    }
    return lines;
}

names missing_from(names const& there, names const& wanted) {
    names missing;
    std::ranges::set_difference(wanted, there, std::inserter(missing, missing.end()));
    return missing;
}

// Every code that a problem of some answer can have.
void collect_codes(boost::json::value const& at, names& into) {
    if (auto const* list = at.if_array()) {
        std::ranges::for_each(*list, [&](auto const& each) { collect_codes(each, into); });
        return;
    }
    auto const* object = at.if_object();
    for (auto const& [member, value] : object == nullptr ? boost::json::object{} : *object) {
        auto const* choice = value.if_object();
        auto const* codes = choice == nullptr ? nullptr : choice->if_contains("enum");
        if (member == "code" && codes != nullptr) {
            for (auto const& code : codes->as_array()) {
                into.emplace(code.as_string());
            }
        }
        collect_codes(value, into);
    }
}

names enumeration(std::string_view schema) {
    names words;
    auto const& schemas = document().at("components").as_object().at("schemas").as_object();
    for (auto const& word : schemas.at(schema).as_object().at("enum").as_array()) {
        words.emplace(word.as_string());
    }
    return words;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi_test)

BOOST_AUTO_TEST_CASE(every_route_is_documented_and_nothing_else) {
    auto const documented = documented_lines();
    auto const served = table_lines();
    BOOST_TEST(missing_from(documented, served) == names{}, boost::test_tools::per_element());
    BOOST_TEST(missing_from(served, documented) == names{}, boost::test_tools::per_element());
    BOOST_TEST(documented.size() == routes().size());
}

BOOST_AUTO_TEST_CASE(an_open_route_asks_for_no_key_and_all_others_do) {
    for (auto const& [path, item] : document().at("paths").as_object()) {
        for (auto const& [method, operation] : item.as_object()) {
            if (is_method(method)) {
                auto const& said = operation.as_object();
                BOOST_TEST(said.contains("security") == (text(said, "x-access") == "open"), path);
                BOOST_TEST(said.at("responses").as_object().contains("default"), path);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(scopes_and_types_of_events_are_those_of_the_services) {
    auto const scopes = services::all_scopes();
    BOOST_TEST(enumeration("Scope") == names(scopes.begin(), scopes.end()), boost::test_tools::per_element());
    auto const types = services::event_types();
    names const known(types.begin(), types.end());
    BOOST_TEST(enumeration("EventType") == known, boost::test_tools::per_element());
    names sent;
    for (auto const& [type, item] : document().at("webhooks").as_object()) {
        sent.emplace(type);
    }
    BOOST_TEST(missing_from(sent, known) == names{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_code_of_a_service_is_documented_where_it_can_come) {
    names documented;
    collect_codes(document(), documented);
    names codes;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<services::errc>>(
        [&](auto each) { codes.insert(services::public_code(services::failure{each.value})); });
    // Answered on pages of browsers only, whose problems may have any code: platforms have words of their
    // own.
    names const of_pages{"app_forgotten", "platform_account_missing", "platform_needs_browser"};
    BOOST_TEST(missing_from(documented, codes) == of_pages, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api
