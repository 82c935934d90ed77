// The small parts of Graph APIs, without sockets: fields, parameters, versions, ids and tokens.
#include "tools/sandbox/graph/fields.hpp"
#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/graph/parameters.hpp"
#include "tools/sandbox/graph/versions.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace connectd::tests {
namespace {

using namespace sandbox::graph;
using namespace std::chrono_literals;

sandbox::call typed(sandbox::call request, std::string_view type) {
    request.headers.emplace_back("Content-Type", type);
    return request;
}

BOOST_AUTO_TEST_SUITE(graph_values_test)

BOOST_AUTO_TEST_CASE(fields_nest_and_have_modifiers) {
    auto const fields = parse_fields("id,picture.type(large).width(9),account{id,owner{name}},name").value();
    BOOST_TEST_REQUIRE(fields.size() == 4U);
    BOOST_TEST(fields[1].name == "picture");
    BOOST_TEST(fields[1].modifiers == ".type(large).width(9)");
    BOOST_TEST_REQUIRE(fields[2].inner.size() == 2U);
    BOOST_TEST(fields[2].inner[1].inner.at(0).name == "name");
    BOOST_TEST(fields[3].name == "name");
    for (auto const* const wrong : {"id,", ",id", "id name", "a{b", "a}b", "a.b", "a.type(", "a{}", "a.(b)"})
        BOOST_TEST(!parse_fields(wrong).has_value(), wrong);
    BOOST_TEST(parse_fields("")->empty());
    BOOST_TEST(!parse_fields(std::string(10'000, '{')).has_value());
}

BOOST_AUTO_TEST_CASE(parameters_come_from_query_and_body) {
    auto const form =
        typed(sandbox::make_call("POST", "/p?a=1&b=2", "b=3&c=4"), "application/x-www-form-urlencoded");
    auto const read = read_parameters(form).value();
    BOOST_TEST(read.get("a") == "1");
    BOOST_TEST(read.get("b") == "3");
    BOOST_TEST(read_parameters(form, {.query = false})->get("a").empty());
    auto const json =
        typed(sandbox::make_call("POST", "/p", R"({"a":"1","b":[2],"c":true})"), "application/json");
    BOOST_TEST(read_parameters(json)->get("b") == "[2]");
    BOOST_TEST(read_parameters(json)->get("c") == "true");
    BOOST_TEST(read_parameters(json, {.json = false})->fields().empty());
    BOOST_TEST(
        !read_parameters(typed(sandbox::make_call("POST", "/p", "[1]"), "application/json")).has_value());
    BOOST_TEST(!read_parameters(sandbox::make_call("GET", "/p?a=%q")).has_value());
}

BOOST_AUTO_TEST_CASE(multipart_is_read_strictly) {
    constexpr auto type = "multipart/form-data; boundary=\"b 0\"";
    std::string const good = "--b 0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n"
                             "--b 0\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--b 0--\r\n";
    auto const read = read_parameters(typed(sandbox::make_call("POST", "/p", good), type)).value();
    BOOST_TEST(read.get("a") == "one\r\ntwo");
    BOOST_TEST(read.has("b"));
    for (auto const& wrong :
         {good.substr(1), good.substr(0, good.size() - 10), std::string{"--b 0\r\n\r\nx--b 0--"}})
        BOOST_TEST(!read_parameters(typed(sandbox::make_call("POST", "/p", wrong), type)).has_value(), wrong);
    BOOST_TEST(
        !read_parameters(typed(sandbox::make_call("POST", "/p", good), "multipart/form-data")).has_value());
}

BOOST_AUTO_TEST_CASE(ended_versions_are_served_by_another) {
    sandbox::sys_ms const autumn = std::chrono::sys_days{2026y / 10 / 1};
    BOOST_TEST(split_version("/v26.0/me", autumn).path == "/me");
    BOOST_TEST(split_version("/v25.0/me", autumn).served_by == "v25.0");
    BOOST_TEST(split_version("/v20.0/me", autumn).served_by == "v21.0");
    BOOST_TEST(split_version("/v20.0/me", autumn - std::chrono::days{30}).served_by == "v20.0");
    BOOST_TEST(split_version("/v3.1/me", autumn).path == "/me");
    BOOST_TEST(split_version("/me", autumn).served_by == "v21.0");
    BOOST_TEST(split_version("/v26.0", autumn).path == "/");
    for (auto const* const none :
         {"/v27.0/me", "/v99.0/me", "/v26/me", "/v0.1/me", "/version/me", "/v26.x/me"})
        BOOST_TEST(split_version(none, autumn).path == none);
}

BOOST_AUTO_TEST_CASE(app_scoped_ids_differ_by_app_product_and_person) {
    sandbox::person one;
    one.number = 1;
    sandbox::person fresh;
    fresh.number = (std::uint64_t{1} << 40) + 7;
    std::set<std::string> const ids{app_scoped_id("12", "app-a", one), app_scoped_id("12", "app-b", one),
                                    app_scoped_id("25", "app-a", one), app_scoped_id("12", "app-a", fresh)};
    BOOST_TEST(ids.size() == 4U);
    for (auto const& id : ids) {
        BOOST_TEST(id.size() == 17U);
        BOOST_TEST(std::stoull(id) > std::uint64_t{1} << 53);
    }
    BOOST_TEST(app_scoped_id("12", "app-a", one) == app_scoped_id("12", "app-a", one));
}

BOOST_AUTO_TEST_CASE(tokens_are_letters_and_digits_of_the_length_asked_for) {
    auto const text = token_text("EAA", 160, "ZD");
    BOOST_TEST(text.size() == 165U);
    BOOST_TEST(text.starts_with("EAA"));
    BOOST_TEST(text.ends_with("ZD"));
    BOOST_TEST(text.find_first_of("-_") == std::string::npos);
    BOOST_TEST(token_text("EAA", 160) != token_text("EAA", 160));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
