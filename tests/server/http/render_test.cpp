#include "crypto/id.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::server::http {
namespace {

runtime::sys_ms at(std::int64_t milliseconds) {
    return runtime::sys_ms{std::chrono::milliseconds{milliseconds}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(render_test)

BOOST_AUTO_TEST_CASE(times_are_utc_with_milliseconds) {
    BOOST_TEST(render_time(at(0)) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(render_time(at(1'788'246'000'000)) == "2026-09-01T07:00:00.000Z");
    BOOST_TEST(render_time(at(1'709'251'199'999)) == "2024-02-29T23:59:59.999Z");
    BOOST_TEST(render_time(at(253'402'300'799'999)) == "9999-12-31T23:59:59.999Z");
    BOOST_TEST(render_time(at(-1)) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_null) {
    BOOST_TEST(render_time(std::optional<runtime::sys_ms>{}).is_null());
    BOOST_TEST(render_time(std::optional{at(0)}).as_string() == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(render_text("").is_null());
    BOOST_TEST(render_text("a").as_string() == "a");
    BOOST_TEST(render_id(crypto::account_id{}).is_null());
    auto const id = crypto::account_id::make(at(1'800'000'000'000));
    BOOST_TEST(std::string{render_id(id).as_string()} == id.to_string());
    BOOST_TEST(render_list({}).empty());
    BOOST_TEST(render_list({"a", "b"}).at(1).as_string() == "b");
}

BOOST_AUTO_TEST_CASE(metadata_is_shown_as_the_json_it_is) {
    BOOST_TEST(render_metadata("").as_object().empty());
    BOOST_TEST(render_metadata(R"({"a":[1,2]})").as_object().at("a").as_array().size() == 2U);
    // A row that does not hold JSON must not break the answer that shows it.
    BOOST_TEST(render_metadata("{not json").as_object().empty());
}

BOOST_AUTO_TEST_CASE(html_keeps_text_as_text) {
    BOOST_TEST(escape_html("plain text 1/2") == "plain text 1/2");
    BOOST_TEST(escape_html("<script>alert('1')</script>") ==
               "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
    BOOST_TEST(escape_html("\" onmouseover=\"x") == "&quot; onmouseover=&quot;x");
    BOOST_TEST(escape_html("&lt;") == "&amp;lt;");
    BOOST_TEST(escape_html("caf\xc3\xa9") == "caf\xc3\xa9");
    std::string every;
    for (int c = 1; c < 256; ++c) {
        every.push_back(static_cast<char>(c));
    }
    auto const escaped = escape_html(every);
    BOOST_TEST(escaped.find_first_of("<>\"'") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(durations_are_whole_seconds) {
    BOOST_TEST(render_seconds(std::chrono::hours{2}) == 7200);
    BOOST_TEST(render_seconds(std::chrono::seconds{0}) == 0);
    BOOST_TEST(render_seconds(std::nullopt).is_null());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::http
