#include "server/services/return_url.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

bool accepted(std::string_view url, settings const& chosen = usual_settings()) {
    auto const checked = check_return_url(chosen, url);
    if (checked.has_error()) {
        BOOST_TEST(checked.error().code == make_error_code(errc::return_url_refused));
        BOOST_TEST(checked.error().field == "return_url");
        BOOST_TEST(!checked.error().detail.empty());
    }
    return checked.has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(return_url_test)

BOOST_AUTO_TEST_CASE(what_a_browser_may_be_sent_to) {
    for (std::string_view const good : {
             "https://app.example",
             "https://app.example/done",
             "https://app.example:8443/done?x=1&y=2#part",
             "HTTPS://app.example/done",
             "https://[2001:db8::1]/done",
             "http://localhost:3000/done",
             "http://127.0.0.1/done",
             "http://127.8.9.1:5000/",
             "http://[::1]:5000/",
         }) {
        BOOST_TEST(accepted(good), good);
    }
}

BOOST_AUTO_TEST_CASE(what_it_may_not_be_sent_to) {
    for (std::string_view const bad : {
             "",
             "/done",
             "//app.example/done",
             "app.example/done",
             "https:/app.example",
             "https://",
             "https:///done",
             "https://user@app.example/done",
             "https://user:word@app.example/done",
             "https://app.example@evil.example/done",
             "https://app.example/a b",
             "https://app.example/\r\nSet-Cookie: a=b",
             "https://app.example/%zz",
             "http://app.example/done",
             "http://localhost.evil.example/",
             "http://127.0.0.1.evil.example/",
             "http://10.0.0.1/",
             "http://[::2]/",
             "javascript:alert(1)",
             "JavaScript://app.example/%0aalert(1)",
             "data:text/html,hello",
             "file:///etc/passwd",
             "myapp://done",
             "ftp://app.example/",
             " https://app.example/",
         }) {
        BOOST_TEST(!accepted(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(the_length_is_bounded) {
    std::string const start = "https://app.example/";
    BOOST_TEST(accepted(start + std::string(2048 - start.size(), 'a')));
    BOOST_TEST(!accepted(start + std::string(2049 - start.size(), 'a')));
}

BOOST_AUTO_TEST_CASE(loopback_and_app_schemes_are_the_operators_choice) {
    auto strict = usual_settings();
    strict.return_to_http_loopback = false;
    BOOST_TEST(!accepted("http://localhost/done", strict));
    BOOST_TEST(accepted("https://app.example/done", strict));
    auto mobile = usual_settings();
    mobile.return_schemes = {"myapp"};
    BOOST_TEST(accepted("myapp://done", mobile));
    BOOST_TEST(accepted("MyApp:/done?x=1", mobile));
    BOOST_TEST(!accepted("otherapp://done", mobile));
    BOOST_TEST(!accepted("myapp://user@done", mobile));
}

BOOST_AUTO_TEST_CASE(what_we_say_is_added_to_the_query) {
    std::vector<std::pair<std::string, std::string>> const said{{"status", "connected"},
                                                                {"account_id", "acc_1"}};
    BOOST_TEST(extend_return_url("https://app.example", said) ==
               "https://app.example?status=connected&account_id=acc_1");
    BOOST_TEST(extend_return_url("https://app.example/done?x=1#part", said) ==
               "https://app.example/done?x=1&status=connected&account_id=acc_1#part");
    BOOST_TEST(extend_return_url("https://app.example/done?", {}) == "https://app.example/done?");
}

BOOST_AUTO_TEST_CASE(forged_parameters_are_replaced) {
    std::vector<std::pair<std::string, std::string>> const said{{"status", "failed"}};
    for (std::string const forged :
         {"https://app.example/?status=connected", "https://app.example/?status=connected&status=connected",
          "https://app.example/?%73tatus=connected", "https://app.example/?status"}) {
        BOOST_TEST(extend_return_url(forged, said) == "https://app.example/?status=failed", forged);
    }
    BOOST_TEST(extend_return_url("https://app.example/?a=1&status=connected&b=2", said) ==
               "https://app.example/?a=1&b=2&status=failed");
}

BOOST_AUTO_TEST_CASE(values_cannot_break_out_of_their_place) {
    auto const extended = extend_return_url("https://app.example/", {{"detail", "a&b=c#d e+f%20\"<>"}});
    auto const query = extended.substr(extended.find('?') + 1);
    BOOST_TEST(query.starts_with("detail="));
    BOOST_TEST(query.find_first_of("&#\"<> ") == std::string::npos, extended);
    auto const read = query.substr(7);
    BOOST_TEST(read.find("%26") != std::string::npos);
    BOOST_TEST(read.find("%23") != std::string::npos);
    BOOST_TEST(read.find("%2520") != std::string::npos);
    // Form decoding, as most servers do it, takes a bare plus for a space.
    BOOST_TEST(read.find("%2B") != std::string::npos, extended);
}

BOOST_AUTO_TEST_CASE(a_url_lies_below_a_prefix_of_its_own_origin_and_path) {
    for (auto const* const below : {"https://shop.example/done", "https://shop.example/done/",
                                    "https://shop.example/done/x?y=z#f", "https://SHOP.example:443/done",
                                    "https://shop.example/a/../done?a=b", "https://shop.example/done?q"}) {
        BOOST_TEST(lies_below(below, "https://shop.example/done"), below);
    }
    for (auto const* const elsewhere :
         {"https://shop.example/donext", "https://shop.example/", "https://shop.example/done/../else",
          "https://shop.example/done/%2e%2e/else", "http://shop.example/done",
          "https://shop.example:444/done", "https://shop.example.evil/done", "https://evil.example/done",
          "https://shop.example@evil.example/done"}) {
        BOOST_TEST(!lies_below(elsewhere, "https://shop.example/done"), elsewhere);
    }
    BOOST_TEST(lies_below("https://shop.example/any", "https://shop.example"));
    BOOST_TEST(lies_below("https://shop.example", "https://shop.example"));
    BOOST_TEST(lies_below("com.example.app:/done/1", "com.example.app:/done"));
    BOOST_TEST(!lies_below("com.example.app:/other", "com.example.app:/done"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
