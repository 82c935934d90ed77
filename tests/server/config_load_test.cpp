#include "server/config_load.hpp"
#include "tests/server/config_text.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <stdlib.h>

using namespace connectd::server;
using namespace std::chrono_literals;
using connectd::tests::scratch_folder;

BOOST_AUTO_TEST_SUITE(config_load_test)

BOOST_AUTO_TEST_CASE(every_part_of_a_file_arrives) {
    auto const made = from_file(R"(
        data_dir = "/var/lib/connectd"
        listen = ["0.0.0.0:80", "[::1]:8080"]
        public_url = "HTTPS://Connect.Example.com:443/"
        io_threads = 3
        master_keys = ["file:/k", "env:KEY", "credential:old.key"]
        [tls]
        certificate = "c.pem"
        key = "k.pem"
        [log]
        level = "debug"
        format = "text"
        access = false
        [limits]
        body_bytes = "2MiB"
        connections = 5
        idle_timeout = "2m"
        [connect]
        return_schemes = ["com.example.app"]
        [outbound]
        ca_file = "ca.pem"
        [plans.team]
        credential_slots = 7
        [plans.own]
        features = ["proxy"]
        [plans]
        default = "own"
        [platforms.x]
        enabled = false
        token_url = "http://127.0.0.1:9000/token"
        [shutdown]
        grace = "0s"
    )");
    using kind = secret_source::kind;
    BOOST_TEST((made.data_dir == "/var/lib/connectd"));
    BOOST_TEST((made.listen == std::vector{endpoint("0.0.0.0", 80), endpoint("::1", 8080)}));
    BOOST_TEST(made.public_url.value() == "https://connect.example.com");
    BOOST_TEST(made.io_threads == 3U);
    BOOST_TEST((made.master_keys == std::vector<secret_source>{{kind::file, "/k"},
                                                               {kind::environment, "KEY"},
                                                               {kind::credential, "old.key"}}));
    BOOST_TEST((made.tls == tls_files{"c.pem", "k.pem"}));
    BOOST_TEST((made.log == log_settings{runtime::log::level::debug, runtime::log::format::text, false}));
    BOOST_TEST(made.limits.body_bytes == 2U * 1024 * 1024);
    BOOST_TEST(made.limits.connections == 5U);
    BOOST_TEST((made.limits.idle_timeout == 2min));
    BOOST_TEST((made.connect.return_schemes == std::vector<std::string>{"com.example.app"}));
    BOOST_TEST((made.outbound.ca_file == "ca.pem"));
    BOOST_TEST(made.plans.at("team").credential_slots.value() == 7U);
    BOOST_TEST(made.plans.at("team").features.contains("webhooks"));
    BOOST_TEST((made.plans.at("own") == plan_settings{{"proxy"}, std::nullopt}));
    BOOST_TEST(made.default_plan == "own");
    BOOST_TEST(!made.platforms.at("x").enabled);
    BOOST_TEST(made.platforms.at("x").endpoints.at("token_url") == "http://127.0.0.1:9000/token");
    BOOST_TEST((made.shutdown_grace == 0s));
}

BOOST_AUTO_TEST_CASE(quickstart_apps_name_the_places_of_their_secrets) {
    auto const made = from_file(R"(
        [quickstart.x]
        client_id = "operators-app"
        client_secret_file = "/etc/connectd/x.secret"
        [quickstart.linkedin]
        client_id = "another"
        client_secret_env = "LINKEDIN_SECRET"
        [quickstart.instagram]
        client_secret_credential = "instagram"
        client_id = "third"
        [quickstart.chirp]
        client_id = "public"
    )");
    using kind = secret_source::kind;
    BOOST_TEST((made.quickstart ==
                std::map<std::string, quickstart_settings>{
                    {"x", {"operators-app", secret_source{kind::file, "/etc/connectd/x.secret"}}},
                    {"linkedin", {"another", secret_source{kind::environment, "LINKEDIN_SECRET"}}},
                    {"instagram", {"third", secret_source{kind::credential, "instagram"}}},
                    {"chirp", {"public", std::nullopt}}}));
}

BOOST_AUTO_TEST_CASE(a_quickstart_app_comes_from_the_environment_too) {
    environment_map const environment{{"CONNECTD_QUICKSTART_X_CLIENT_ID", "operators-app"},
                                      {"CONNECTD_QUICKSTART_X_CLIENT_SECRET_ENV", "CONNECTD_X_SECRET"},
                                      {"CONNECTD_X_SECRET", "the-secret-itself"}};
    auto const made = make_config(std::nullopt, environment, {});
    using kind = secret_source::kind;
    BOOST_TEST((made.quickstart.at("x") ==
                quickstart_settings{"operators-app", secret_source{kind::environment, "CONNECTD_X_SECRET"}}));
    // Whoever takes the setting for the secret is told, and the secret is not.
    auto const wrong = problem_of("", {{"CONNECTD_QUICKSTART_X_CLIENT_SECRET", "the-secret-itself"}});
    BOOST_TEST(wrong.starts_with("environment CONNECTD_QUICKSTART_X_CLIENT_SECRET: is no setting"));
    BOOST_TEST(wrong.find("the-secret-itself") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_quickstart_app_that_is_not_whole_is_reported_where_it_stands) {
    BOOST_TEST(problem_of("[quickstart.x]\nclient_secret_file = \"s\"") ==
               "connectd.toml:2: quickstart.x.client_secret_file: needs quickstart.x.client_id beside it");
    BOOST_TEST(problem_of("[quickstart.x]\nclient_id = \"a b\"")
                   .starts_with("connectd.toml:2: quickstart.x.client_id: \"a b\" is no client id"));
    auto const two = problem_of("[quickstart.x]\nclient_id = \"a\"\nclient_secret_env = \"S\"\n"
                                "client_secret_file = \"s\"");
    BOOST_TEST(two.starts_with("connectd.toml:4: quickstart.x.client_secret_file: names a second place"),
               two);
    auto const pasted = problem_of("[quickstart.x]\nclient_id = \"a\"\nclient_secret_env = \"s3cr3t/+=\"");
    BOOST_TEST(pasted.starts_with("connectd.toml:3: quickstart.x.client_secret_env: must be a name"), pasted);
    BOOST_TEST(pasted.find("s3cr3t") == std::string::npos);
    auto const plain = problem_of("[quickstart.x]\nclient_id = \"a\"\nclient_secret = \"s3cr3t\"");
    BOOST_TEST(plain.starts_with("connectd.toml:3: quickstart.x.client_secret: is unknown"), plain);
    BOOST_TEST(plain.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(flags_win_over_the_environment_and_that_over_the_file) {
    std::string const file = R"(
        data_dir = "file"
        listen = "127.0.0.1:1"
        log.level = "error"
    )";
    environment_map const environment{{"CONNECTD_DATA_DIR", "environment"},
                                      {"CONNECTD_LISTEN", "127.0.0.1:2, [::1]:2"}};
    config_flags flags;
    flags.data_dir = "flag";
    auto const made = make_config(config_text{"connectd.toml", file}, environment, flags);
    BOOST_TEST((made.data_dir == "flag"));
    BOOST_TEST((made.listen == std::vector{endpoint("127.0.0.1", 2), endpoint("::1", 2)}));
    BOOST_TEST((made.log.level == runtime::log::level::error));
    // A wrong value is wrong even where another one wins.
    BOOST_TEST(problem_of("data_dir = 1", environment, flags) ==
               "connectd.toml:1: data_dir: must be a path, not the number 1");
}

BOOST_AUTO_TEST_CASE(every_flag_arrives) {
    config_flags flags;
    flags.listen = {"[::1]:0", "127.0.0.1:0"};
    flags.public_url = "http://localhost:3000";
    flags.platforms_dir = "platforms";
    flags.log_level = "warning";
    flags.log_format = "json";
    auto const made = make_config(std::nullopt, {}, flags);
    BOOST_TEST((made.listen == std::vector{endpoint("::1", 0), endpoint("127.0.0.1", 0)}));
    BOOST_TEST(made.public_url.value() == "http://localhost:3000");
    BOOST_TEST((made.platforms_dir == "platforms"));
    BOOST_TEST((made.log.level == runtime::log::level::warning));
    BOOST_TEST((made.log.format == runtime::log::format::json));
    flags.listen = {"somewhere"};
    BOOST_TEST(problem_of("", {}, flags).starts_with(R"(flag --listen: listen: "somewhere" is no address)"));
}

BOOST_AUTO_TEST_CASE(the_environment_reaches_every_kind_of_setting) {
    auto const made = make_config(std::nullopt,
                                  {{"CONNECTD_OUTBOUND_CA_FILE", "ca.pem"},
                                   {"CONNECTD_OUTBOUND_ALLOW_HTTP", "yes"},
                                   {"CONNECTD_LIMITS_CONNECTIONS", "12"},
                                   {"CONNECTD_LIMITS_BODY_BYTES", "64KiB"},
                                   {"CONNECTD_CONNECT_SESSION_LIFETIME", "1h"},
                                   {"CONNECTD_CONNECT_CHOICE_LIFETIME", "5m"},
                                   {"CONNECTD_CONNECT_RETURN_SCHEMES", "app.one , app.two"},
                                   {"CONNECTD_PLANS_DEFAULT", "free"},
                                   {"CONNECTD_PLANS_FREE_FEATURES", "proxy,webhooks"},
                                   {"CONNECTD_PLANS_FREE_CREDENTIAL_SLOTS", "unlimited"},
                                   {"CONNECTD_PLATFORMS_DIR", "own"},
                                   {"CONNECTD_PLATFORMS_X_TOKEN_URL", "http://sandbox:1/token"},
                                   {"CONNECTD_PLATFORMS_GOOGLE_BUSINESS_API_BASE", "https://b.example"},
                                   {"CONNECTD_PLATFORMS_BLUESKY_ENABLED", "off"},
                                   {"CONNECTD_PUBLIC_URL", ""}},
                                  {});
    BOOST_TEST((made.outbound.ca_file == "ca.pem"));
    BOOST_TEST(made.outbound.allow_http);
    BOOST_TEST(made.limits.connections == 12U);
    BOOST_TEST(made.limits.body_bytes == 65536U);
    BOOST_TEST((made.connect.session_lifetime == 1h));
    BOOST_TEST((made.connect.choice_lifetime == 5min));
    BOOST_TEST((made.connect.return_schemes == std::vector<std::string>{"app.one", "app.two"}));
    BOOST_TEST((made.plans.at("free") == plan_settings{{"proxy", "webhooks"}, std::nullopt}));
    BOOST_TEST((made.platforms_dir == "own"));
    BOOST_TEST(made.platforms.at("x").endpoints.at("token_url") == "http://sandbox:1/token");
    BOOST_TEST(made.platforms.at("google_business").endpoints.contains("api_base"));
    BOOST_TEST(!made.platforms.at("bluesky").enabled);
    BOOST_TEST(!made.public_url.has_value());
}

BOOST_AUTO_TEST_CASE(a_variable_nobody_knows_is_a_problem_unless_it_has_a_reason) {
    BOOST_TEST(problem_of("", {{"CONNECTD_LISTN", "127.0.0.1:1"}}) ==
               "environment CONNECTD_LISTN: is no setting, did you mean CONNECTD_LISTEN?");
    BOOST_TEST(
        problem_of("", {{"CONNECTD_PORT", "8080"}}).starts_with("environment CONNECTD_PORT: is no setting"));
    BOOST_TEST(
        problem_of("", {{"CONNECTD_MASTER_KEY", "x"}}).starts_with("environment CONNECTD_MASTER_KEY: "));
    BOOST_TEST(
        problems_of(R"(master_keys = "env:CONNECTD_MASTER_KEY")", {{"CONNECTD_MASTER_KEY", "x"}}).empty());
    BOOST_TEST(problems_of("", {{"CONNECTD_CONFIG", "connectd.toml"},
                                {"CONNECTD_SERVICE_HOST", "10.0.0.1"},
                                {"CONNECTD_PORT", "tcp://10.0.0.1:80"},
                                {"CONNECTD_PORT_80_TCP_ADDR", "10.0.0.1"}})
                   .empty());
}

BOOST_AUTO_TEST_CASE(all_problems_are_reported_at_once_in_the_order_of_the_lines) {
    std::string const file = "listen = \"nowhere\"\n"
                             "data_dri = \"x\"\n"
                             "[limits]\n"
                             "body_bytes = 5\n"
                             "connections = 0\n"
                             "header_timeout = \"soon\"\n"
                             "[outbuond]\n"
                             "allow_http = true\n"
                             "[log]\n"
                             "level = \"loud\"\n";
    auto const problems = problems_of(file, {{"CONNECTD_IO_THREADS", "many"}});
    std::vector<std::string> const expected{
        R"(connectd.toml:1: listen: "nowhere" is no address to listen on: )"
        R"(write "127.0.0.1:8080", "0.0.0.0:8080" or "[::1]:8080")",
        R"(connectd.toml:2: data_dri: is unknown, did you mean "data_dir"?)",
        R"(connectd.toml:4: limits.body_bytes: must be a size such as "1MiB", not the number 5)",
        R"(connectd.toml:5: limits.connections: 0 is out of range: 1 to 1000000)",
        R"(connectd.toml:6: limits.header_timeout: "soon" is no duration: )"
        R"(write a whole number with ms, s, m, h or d, such as "30s")",
        R"(connectd.toml:7: outbuond: is unknown, did you mean "outbound"?)",
        R"(connectd.toml:10: log.level: "loud" is no level: debug, info, warning, error or off)",
        R"(environment CONNECTD_IO_THREADS: io_threads: must be a whole number, not "many")"};
    std::vector<std::string> lines;
    std::istringstream text{config_error{problems}.what()};
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_keys_get_the_nearest_known_one) {
    BOOST_TEST(problem_of("[platforms.x]\ntokn_url = \"https://a.example\"") ==
               R"(connectd.toml:2: platforms.x.tokn_url: is unknown, did you mean "platforms.x.token_url"?)");
    BOOST_TEST(problem_of("ca_file = \"x\"") ==
               R"(connectd.toml:1: ca_file: is unknown, did you mean "outbound.ca_file"?)");
    BOOST_TEST(
        problem_of("[plans.team]\nslots = 1").starts_with("connectd.toml:2: plans.team.slots: is unknown"));
    BOOST_TEST(problem_of("entirely_different = 1") == "connectd.toml:1: entirely_different: is unknown");
    BOOST_TEST(problem_of("[entirely.different]\na = 1\nb = 2") == "connectd.toml:1: entirely: is unknown");
}

BOOST_AUTO_TEST_CASE(wrong_kinds_of_values_are_named) {
    BOOST_TEST(problem_of("log = \"info\"") == "connectd.toml:1: log: must be a table, [log]");
    BOOST_TEST(problem_of("platforms.x = true") ==
               "connectd.toml:1: platforms.x: must be a table, [platforms.x]");
    BOOST_TEST(problem_of("[data_dir]\nx = 1") == "connectd.toml:1: data_dir: must be a path, not a table");
    BOOST_TEST(problem_of("io_threads = 1.5") ==
               "connectd.toml:1: io_threads: must be a whole number, not a number with a fraction");
    BOOST_TEST(problem_of("io_threads = \"2\"") ==
               R"(connectd.toml:1: io_threads: must be a whole number, not "2")");
    BOOST_TEST(problem_of("log.access = 1") ==
               "connectd.toml:1: log.access: must be true or false, not the number 1");
    BOOST_TEST(problem_of("listen = [1]").ends_with("not a list with something else than strings in it"));
    BOOST_TEST(problem_of("listen = []").ends_with("listen: must name at least one address"));
    BOOST_TEST(problem_of("listen = [\"127.0.0.1:1\", \"127.0.0.1:1\"]")
                   .ends_with(R"("127.0.0.1:1" is there twice)"));
    BOOST_TEST(problem_of("data_dir = \"\"").ends_with(R"("" is no path)"));
    BOOST_TEST(problem_of("plans.team.credential_slots = \"3\"").find(R"(or "unlimited", not "3")") !=
               std::string::npos);
    BOOST_TEST(problem_of("plans.team.features = [\"flying\"]")
                   .find(R"("flying" is no feature: there are branding)") != std::string::npos);
    BOOST_TEST(problem_of("[platforms.\"X!\"]\nenabled = true").find(R"("X!" is no name)") !=
               std::string::npos);
    BOOST_TEST(problem_of("outbound.user_agent = \"a\\nb\"").find("is no user agent") != std::string::npos);
    BOOST_TEST(problem_of("connect.return_schemes = [\"javascript\"]").find("cannot be allowed") !=
               std::string::npos);
    BOOST_TEST(problem_of("log.format = \"xml\"").find("is no format: auto, json or text") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_toml_says_where) {
    auto const problems = problems_of("data_dir = \"x\"\nlisten = [\n");
    BOOST_REQUIRE(problems.size() == 1U);
    BOOST_TEST(problems[0].where.starts_with("connectd.toml:"));
    BOOST_TEST(problem_of("io_threads = 1\nio_threads = 2").starts_with("connectd.toml:2: "));
}

BOOST_AUTO_TEST_CASE(settings_that_do_not_go_together_are_problems) {
    BOOST_TEST(problem_of("[tls]\ncertificate = \"c\"") ==
               "connectd.toml:2: tls.certificate: needs tls.key beside it");
    BOOST_TEST(problem_of("[tls]\nkey = \"c\"") ==
               "connectd.toml:2: tls.key: needs tls.certificate beside it");
    BOOST_TEST(problem_of("plans.default = \"none\"") ==
               R"(connectd.toml:1: plans.default: "none" is no plan of the table)");
    BOOST_TEST(problem_of("limits.request_timeout = \"20s\"")
                   .starts_with("connectd.toml:1: limits.request_timeout: "));
    BOOST_TEST(problem_of("connect.exchange_timeout = \"2m\"")
                   .starts_with("connectd.toml:1: connect.exchange_timeout: "));
    BOOST_TEST(problem_of("listen = \"192.0.2.1:8080\"").find("public_url must be set") != std::string::npos);
    BOOST_TEST(problems_of("listen = \"192.0.2.1:8080\"\npublic_url = \"https://c.example\"").empty());
    BOOST_TEST(problems_of("listen = \"0.0.0.0:8080\"").empty());
}

BOOST_AUTO_TEST_CASE(plain_http_needs_a_loopback_host_or_leave) {
    BOOST_TEST(
        problem_of("public_url = \"http://connect.example.com\"") ==
        R"(connectd.toml:1: public_url: "http://connect.example.com" must be https (http is for loopback hosts only))");
    BOOST_TEST(problems_of("outbound.allow_http = true\npublic_url = \"http://c.example\"").size() == 1U);
    std::string const endpoint_url = "[platforms.x]\ntoken_url = \"http://sandbox.example/token\"\n";
    BOOST_TEST(problem_of(endpoint_url).find("connectd.toml:2: platforms.x.token_url: ") == 0U);
    BOOST_TEST(problems_of(endpoint_url + "[outbound]\nallow_http = true").empty());
}

BOOST_AUTO_TEST_CASE(a_key_or_password_pasted_by_mistake_is_not_repeated) {
    std::string const pasted = "c2VjcmV0LWtleS1tYXRlcmlhbA";
    auto const text = problem_of("master_keys = [\"file:/k\", \"" + pasted + "\"]");
    BOOST_TEST(text.starts_with("connectd.toml:1: master_keys: member 2 is no place of a key"));
    BOOST_TEST(text.find(pasted) == std::string::npos);
    BOOST_TEST(problem_of("", {{"CONNECTD_MASTER_KEYS", pasted}}).find(pasted) == std::string::npos);
    auto const url = problem_of("public_url = \"https://user:" + pasted + "@connect.example.com\"");
    BOOST_TEST(url.find("must not contain a user name or password") != std::string::npos);
    BOOST_TEST(url.find(pasted) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_is_read_from_disk_or_its_absence_reported) {
    scratch_folder const folder;
    auto const path = folder.path() / "c.toml";
    std::ofstream{path} << "io_threads = 9\n";
    BOOST_TEST(load_config(path, {}, {}).io_threads == 9U);
    BOOST_TEST((load_config(std::nullopt, {}, {}) == config{}));
    for (auto const& wrong : {folder.path() / "absent.toml", folder.path()}) {
        BOOST_CHECK_EXCEPTION(load_config(wrong, {}, {}), config_error, [&wrong](config_error const& error) {
            return std::string{error.what()}.starts_with(wrong.string() + ": cannot be read: ");
        });
    }
}

BOOST_AUTO_TEST_CASE(only_our_variables_are_taken_from_the_environment) {
    ::setenv("CONNECTD_IO_THREADS", "4=5", 1);
    auto const variables = connectd_environment();
    ::unsetenv("CONNECTD_IO_THREADS");
    BOOST_TEST(variables.at("CONNECTD_IO_THREADS") == "4=5");
    BOOST_TEST(std::all_of(variables.begin(), variables.end(),
                           [](auto const& each) { return each.first.starts_with("CONNECTD_"); }));
}

BOOST_AUTO_TEST_SUITE_END()
