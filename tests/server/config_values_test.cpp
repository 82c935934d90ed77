#include "server/config_values.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace connectd::server;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(config_values_test)

BOOST_AUTO_TEST_CASE(durations_have_a_number_and_a_unit) {
    BOOST_TEST((*parse_duration("0s") == 0ms));
    BOOST_TEST((*parse_duration("500ms") == 500ms));
    BOOST_TEST((*parse_duration("30s") == 30s));
    BOOST_TEST((*parse_duration("15m") == 15min));
    BOOST_TEST((*parse_duration("12h") == 12h));
    BOOST_TEST((*parse_duration("7d") == 7 * 24h));
    for (std::string const wrong : {"", "30", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1h30m",
                                    "1sec", "99999999999999999999s", "9223372036854775807s"}) {
        BOOST_TEST(!parse_duration(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(sizes_are_in_powers_of_two) {
    BOOST_TEST(*parse_size("512B") == 512U);
    BOOST_TEST(*parse_size("16KiB") == 16384U);
    BOOST_TEST(*parse_size("1MiB") == 1048576U);
    BOOST_TEST(*parse_size("2GiB") == 2147483648U);
    for (std::string const wrong : {"", "16", "16KB", "16K", "1mib", "MiB", "-1B", "17179869184GiB"}) {
        BOOST_TEST(!parse_size(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(what_is_shown_can_be_read_again) {
    for (auto const span : {0ms, 1ms, 1500ms, 30'000ms, 90'000ms, 3'600'000ms, 86'400'000ms}) {
        BOOST_TEST((*parse_duration(duration_text(span)) == span));
    }
    for (std::size_t const size : {0U, 1U, 1024U, 1536U, 1048576U, 3221225472U}) {
        BOOST_TEST(*parse_size(size_text(size)) == size);
    }
    BOOST_TEST(duration_text(90s) == "90s");
    BOOST_TEST(size_text(64 * 1024) == "64KiB");
}

BOOST_AUTO_TEST_CASE(listen_addresses_are_numeric) {
    BOOST_TEST(parse_listen_address("127.0.0.1:8080")->port() == 8080);
    BOOST_TEST(parse_listen_address("[::]:0")->address().is_v6());
    BOOST_TEST(parse_listen_address("[fe80::1]:65535")->port() == 65535);
    for (std::string const wrong :
         {"", "8080", ":8080", "localhost:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1",
          "::1:8080", "[::1]", "[127.0.0.1]:80", "[::1:80", "1.2.3:80"}) {
        BOOST_TEST(!parse_listen_address(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_public_url_is_an_origin) {
    BOOST_TEST(*parse_public_url("https://a.example") == "https://a.example");
    BOOST_TEST(*parse_public_url("https://A.example:8443/") == "https://a.example:8443");
    BOOST_TEST(*parse_public_url("http://localhost:3000") == "http://localhost:3000");
    BOOST_TEST(*parse_public_url("http://127.0.0.2") == "http://127.0.0.2");
    BOOST_TEST(*parse_public_url("http://[::1]:80") == "http://[::1]");
    for (std::string const wrong :
         {"", "a.example", "//a.example", "ftp://a.example", "http://a.example", "http://localhost.example",
          "http://127.0.0.1.example", "https://", "https://a.example/path", "https://a.example?q",
          "https://a.example#f", "https://u:p@a.example", "https://a.example:0", "https://a.example:99999",
          "https://a b"}) {
        BOOST_TEST(!parse_public_url(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(endpoint_urls_keep_their_path_and_query) {
    BOOST_TEST(*parse_endpoint_url("https://a.example/x?y=z", false) == "https://a.example/x?y=z");
    BOOST_TEST(*parse_endpoint_url("http://localhost:1/x", false) == "http://localhost:1/x");
    BOOST_TEST(!parse_endpoint_url("http://a.example/x", false));
    BOOST_TEST(*parse_endpoint_url("http://a.example/x", true) == "http://a.example/x");
    BOOST_TEST(!parse_endpoint_url("https://a.example/x#y", true));
    BOOST_TEST(!parse_endpoint_url("/x", true));
    BOOST_TEST(!parse_endpoint_url("http://127.0.0.1.example/x", false));
    BOOST_TEST(!parse_endpoint_url("https://192.0.2.1.example/x", true));
}

BOOST_AUTO_TEST_CASE(key_sources_name_a_place) {
    BOOST_TEST(parse_key_source("file:relative/key")->name == "relative/key");
    BOOST_TEST((parse_key_source("env:A_KEY")->from == secret_source::kind::environment));
    for (std::string const wrong : {"", "file:", "env:", "env:A B", "env:A=B", "credential:../etc/passwd",
                                    "credential:.hidden", "/etc/key", "key:x"}) {
        BOOST_TEST(!parse_key_source(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(return_schemes_belong_to_apps) {
    BOOST_TEST(*parse_return_scheme("com.example.app") == "com.example.app");
    for (std::string const wrong :
         {"", "https", "http", "javascript", "data", "Upper", "1st", "a:b", "a/b"}) {
        BOOST_TEST(!parse_return_scheme(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(the_nearest_word_is_near) {
    std::vector<std::string> const words{"listen", "log.level", "tls.key"};
    BOOST_TEST(nearest("listn", words).value() == "listen");
    BOOST_TEST(nearest("lsiten", words).value() == "listen");
    BOOST_TEST(nearest("log.levle", words).value() == "log.level");
    BOOST_TEST(!nearest("quite_unlike", words).has_value());
    BOOST_TEST(!nearest("", words).has_value());
}

BOOST_AUTO_TEST_CASE(hosts_are_names_with_or_without_a_port) {
    BOOST_TEST(*parse_host("API.example.com") == "api.example.com");
    BOOST_TEST(*parse_host("api.example.com:8443") == "api.example.com:8443");
    for (std::string const wrong :
         {"", "https://api.example.com", "api.example.com/v1", "me@example.com", "a b"}) {
        BOOST_TEST(!parse_host(wrong), wrong);
    }
}

BOOST_AUTO_TEST_SUITE_END()
