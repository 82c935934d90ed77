// Goal: the program as an operator meets it: its announcements, its exit codes, and what is left of the data
// when it is told to end or is killed. Method: the real binary in a process of its own, asked over real
// sockets.
#include "tests/server/home/support.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace connectd::server::testing {
namespace {

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string root_key_in(std::filesystem::path const& data) {
    return read_file(data / "root.key");
}

} // namespace

BOOST_AUTO_TEST_SUITE(process_test)

BOOST_AUTO_TEST_CASE(it_serves_says_where_and_ends_in_good_order) {
    scratch_folder const scratch;
    auto const data = scratch.path() / "data";
    std::string id;
    {
        running_server server{data};
        BOOST_REQUIRE_MESSAGE(server.ready(), server.said());
        BOOST_TEST(says(server.said(), "Made a master key: " + (data / "master.key").string()));
        BOOST_TEST(says(server.said(), "Root API key: " + (data / "root.key").string()));
        BOOST_TEST(says(server.said(), "Listening on 127.0.0.1:" + std::to_string(server.port())));
        auto const key = root_key_in(data);
        BOOST_TEST(!says(server.said(), key));
        BOOST_TEST(!says(server.said(), read_file(data / "master.key")));
        BOOST_TEST(server.ask("GET", "/healthz").status == 200U);
        BOOST_TEST(server.ask("GET", "/readyz").status == 200U);
        BOOST_TEST(server.ask("GET", "/v1/workspaces").status == 401U);
        auto const made = server.make_workspace(key, "acme");
        BOOST_REQUIRE_EQUAL(made.status, 201U);
        id = std::string{made.json().at("id").as_string()};
        server.process().terminate();
        BOOST_TEST(server.process().wait_for_end() == 0);
    }
    running_server again{data};
    BOOST_REQUIRE_MESSAGE(again.ready(), again.said());
    BOOST_TEST(!says(again.said(), "Made a"));
    BOOST_TEST(again.ask("GET", "/v1/workspaces/" + id, root_key_in(data)).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_second_server_on_the_folder_is_refused) {
    scratch_folder const scratch;
    running_server server{scratch.path()};
    BOOST_REQUIRE_MESSAGE(server.ready(), server.said());
    auto const second =
        run_connectd({"serve", "--data-dir", scratch.path().string(), "--listen", "127.0.0.1:0"});
    BOOST_TEST(second.code == 1);
    BOOST_TEST(says(second.output, "another process has it open"), second.output);
    BOOST_TEST(says(second.output, scratch.path().string()), second.output);
    BOOST_TEST(server.make_workspace(root_key_in(scratch.path()), "acme").status == 201U);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_a_sentence_and_not_a_crash) {
    scratch_folder const scratch;
    boost::asio::io_context io{1};
    boost::asio::ip::tcp::acceptor const taken{io, {boost::asio::ip::address_v4::loopback(), 0}};
    auto const address = "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
    auto const done = run_connectd({"serve", "--data-dir", scratch.path().string(), "--listen", address});
    BOOST_TEST(done.code == 1);
    BOOST_TEST(says(done.output, "connectd: "), done.output);
    BOOST_TEST(says(done.output, address), done.output);
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_before_a_kill_is_there_afterwards) {
    scratch_folder const scratch;
    std::mutex guard;
    std::vector<std::pair<std::string, std::string>> acknowledged; // slug, id
    std::string key;
    {
        running_server server{scratch.path()};
        BOOST_REQUIRE_MESSAGE(server.ready(), server.said());
        key = root_key_in(scratch.path());
        std::atomic<int> answers{0};
        auto const create_until_killed = [&](int client) {
            for (int number = 0;; ++number) {
                auto const slug = "w-" + std::to_string(client) + "-" + std::to_string(number);
                auto const made = server.make_workspace(key, slug);
                if (made.status != 201) {
                    return;
                }
                {
                    std::scoped_lock const lock{guard};
                    acknowledged.emplace_back(slug, made.json().at("id").as_string());
                }
                if (++answers == 200) {
                    server.process().kill_hard();
                }
            }
        };
        {
            std::vector<std::jthread> clients;
            for (int client = 0; client < 4; ++client) {
                clients.emplace_back(create_until_killed, client);
            }
        }
        BOOST_TEST(server.process().wait_for_end() == -SIGKILL);
    }
    BOOST_TEST(acknowledged.size() >= 200U);
    running_server again{scratch.path()};
    BOOST_REQUIRE_MESSAGE(again.ready(), again.said());
    for (auto const& [slug, id] : acknowledged) {
        auto const got = again.ask("GET", "/v1/workspaces/" + id, key);
        BOOST_REQUIRE_EQUAL(got.status, 200U);
        BOOST_REQUIRE_EQUAL(std::string{got.json().at("slug").as_string()}, slug);
    }
    BOOST_TEST(again.make_workspace(key, "after").status == 201U);
    BOOST_TEST(again.make_workspace(key, acknowledged.front().first).status == 409U);
}

BOOST_AUTO_TEST_CASE(init_makes_the_folder_once) {
    scratch_folder const scratch;
    auto const data = scratch.path() / "data";
    auto const first = run_connectd({"init", "--data-dir", data.string()});
    BOOST_TEST(first.code == 0);
    BOOST_TEST(says(first.output, (data / "master.key").string()), first.output);
    BOOST_TEST(says(first.output, (data / "root.key").string()), first.output);
    auto const key = root_key_in(data);
    BOOST_TEST(!says(first.output, key));
    auto const second = run_connectd({"init", "--data-dir", data.string()});
    BOOST_TEST(second.code == 0);
    BOOST_TEST(says(second.output, "initialised already"), second.output);
    BOOST_TEST(root_key_in(data) == key);
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_lists_all_its_problems) {
    scratch_folder const scratch;
    auto const file = scratch.path() / "connectd.toml";
    write_text(file,
               "data_dir = \"d\"\nlisten = \"nowhere\"\n[limits]\nbody_bytes = \"many\"\nno_such = 1\n");
    auto const done = run_connectd({"serve", "--config", file.string()}, {"CONNECTD_LOG_LEVEL=loud"});
    BOOST_TEST(done.code == 1);
    for (std::string const part : {"connectd.toml:2", "listen", "connectd.toml:4", "limits.body_bytes",
                                   "connectd.toml:5", "no_such", "CONNECTD_LOG_LEVEL"}) {
        BOOST_TEST(says(done.output, part), part + " is not in: " + done.output);
    }
    BOOST_TEST(!std::filesystem::exists(scratch.path() / "d"));
    auto const missing = run_connectd({"serve", "--config", (scratch.path() / "none.toml").string()});
    BOOST_TEST(missing.code == 1);
    BOOST_TEST(says(missing.output, "none.toml"), missing.output);
}

BOOST_AUTO_TEST_CASE(words_of_the_command_line) {
    auto const version = run_connectd({"version"});
    BOOST_TEST(version.code == 0);
    BOOST_TEST(version.output.starts_with("connectd "), version.output);
    auto const help = run_connectd({"--help"});
    BOOST_TEST(help.code == 0);
    for (std::string const command : {"serve", "init", "platforms", "version"}) {
        BOOST_TEST(says(help.output, command), command);
    }
    auto const serve_help = run_connectd({"serve", "--help"});
    BOOST_TEST(serve_help.code == 0);
    BOOST_TEST(says(serve_help.output, "--data-dir"));
    auto const unknown = run_connectd({"fly"});
    BOOST_TEST(unknown.code != 0);
    BOOST_TEST(says(unknown.output, "connectd has no subcommand \"fly\""), unknown.output);
    BOOST_TEST(run_connectd({}).code != 0);
    BOOST_TEST(run_connectd({"serve", "--no-such-flag"}).code != 0);
}

BOOST_AUTO_TEST_CASE(a_refused_start_says_why_on_one_line) {
    scratch_folder const scratch;
    write_text(scratch.path() / "file", "in the way");
    auto const done = run_connectd({"serve", "--data-dir", (scratch.path() / "file" / "data").string()});
    BOOST_TEST(done.code == 1);
    BOOST_TEST(says(done.output, "connectd: Cannot make the data folder"), done.output);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
