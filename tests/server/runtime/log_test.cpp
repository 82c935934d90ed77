#include "crypto/secret.hpp"
#include "server/runtime/log.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <sstream>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <unistd.h>

using namespace connectd::server::runtime;

namespace {

struct captured {
    std::vector<std::string> lines{};

    log::options to(log::level lowest) {
        return {lowest, log::format::json, 16, [this](std::string_view line) { lines.emplace_back(line); }};
    }
};

// Leads stderr into a pipe for as long as it lives.
class piped_stderr {
  public:
    piped_stderr() : kept_{::dup(STDERR_FILENO)} {
        BOOST_REQUIRE(::pipe(ends_) == 0);
        BOOST_REQUIRE(::dup2(ends_[1], STDERR_FILENO) == STDERR_FILENO);
        ::close(ends_[1]);
    }
    piped_stderr(piped_stderr const&) = delete;
    piped_stderr& operator=(piped_stderr const&) = delete;
    ~piped_stderr() {
        restore();
        ::close(ends_[0]);
    }

    // What was written, read by a thread of its own until `restore`.
    std::future<std::string> read_all() {
        return std::async(std::launch::async, [from = ends_[0]] {
            std::string text;
            char buffer[4096];
            for (ssize_t size = 0; (size = ::read(from, buffer, sizeof buffer)) > 0;) {
                text.append(buffer, static_cast<std::size_t>(size));
            }
            return text;
        });
    }

    void restore() {
        if (kept_ >= 0) {
            ::dup2(kept_, STDERR_FILENO);
            ::close(kept_);
            kept_ = -1;
        }
    }

  private:
    int kept_;
    int ends_[2]{-1, -1};
};

std::vector<std::string> lines_of(std::string const& text) {
    std::istringstream stream{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_test)

BOOST_AUTO_TEST_CASE(only_lines_of_the_level_and_above_come_out) {
    captured out;
    log::output const output{out.to(log::level::info)};
    log::debug("hidden");
    log::info("shown", {{"count", 2}});
    log::error("shown too");
    BOOST_TEST(out.lines.size() == 2U);
    BOOST_TEST((boost::json::parse(out.lines[0]).at("message").as_string() == "shown"));
    BOOST_TEST(boost::json::parse(out.lines[0]).at("count").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(the_level_changes_at_run_time) {
    captured out;
    log::output const output{out.to(log::level::error)};
    log::info("hidden");
    BOOST_TEST(!log::enabled(log::level::debug));
    log::set_level(log::level::debug);
    BOOST_TEST(log::enabled(log::level::debug));
    log::debug("shown");
    log::set_level(log::level::off);
    log::error("hidden again");
    BOOST_TEST(out.lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_output_that_ends_gives_way_to_the_one_before) {
    captured first;
    captured second;
    log::output const outer{first.to(log::level::info)};
    {
        log::output const inner{second.to(log::level::error)};
        log::error("inner");
    }
    log::info("outer");
    BOOST_TEST(first.lines.size() == 1U);
    BOOST_TEST(second.lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(words_of_the_configuration_are_understood) {
    BOOST_TEST((log::parse_level("warning") == log::level::warning));
    BOOST_TEST((log::parse_level("off") == log::level::off));
    BOOST_TEST(!log::parse_level("Warning").has_value());
    BOOST_TEST((log::parse_format("auto") == log::format::automatic));
    BOOST_TEST((log::parse_format("json") == log::format::json));
    BOOST_TEST((log::parse_format("text") == log::format::text));
    BOOST_TEST(!log::parse_format("xml").has_value());
}

BOOST_AUTO_TEST_CASE(a_secret_is_no_value) {
    static_assert(!std::is_constructible_v<log::value, connectd::crypto::secret const&>);
    static_assert(!std::is_constructible_v<log::value, void*>);
    static_assert(std::is_constructible_v<log::value, std::string const&>);
    BOOST_TEST((std::is_constructible_v<log::value, char const*>));
}

BOOST_AUTO_TEST_CASE(stderr_gets_json_lines_when_it_is_no_terminal) {
    piped_stderr piped;
    auto reading = piped.read_all();
    {
        log::output const output{{}};
        log::info("first");
        log::info("second\nhalf");
    }
    piped.restore();
    auto const lines = lines_of(reading.get());
    BOOST_REQUIRE(lines.size() == 2U);
    BOOST_TEST((boost::json::parse(lines[1]).at("message").as_string() == "second\nhalf"));
}

BOOST_AUTO_TEST_CASE(without_an_output_warnings_go_straight_to_stderr) {
    piped_stderr piped;
    auto reading = piped.read_all();
    log::info("not this one");
    log::warning("this one");
    piped.restore();
    auto const lines = lines_of(reading.get());
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines[0].ends_with("warning this one"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_does_not_read_costs_lines_and_blocks_nobody) {
    piped_stderr piped;
    std::future<std::string> reading;
    {
        log::output const output{{log::level::info, log::format::json, 32, {}}};
        // Far more than the pipe and the queue hold together.
        std::string const filler(1000, 'x');
        for (int line = 0; line < 2000; ++line) {
            log::info("line", {{"filler", filler}});
        }
        BOOST_TEST(output.dropped() > 0U);
        reading = piped.read_all();
    }
    piped.restore();
    auto const lines = lines_of(reading.get());
    BOOST_TEST(lines.size() < 2000U);
    BOOST_TEST(lines.back().find("log lines were dropped") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(threads_log_at_once_and_every_line_is_whole) {
    piped_stderr piped;
    auto reading = piped.read_all();
    {
        log::output const output{{log::level::info, log::format::json, 4096, {}}};
        std::vector<std::thread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([number] {
                for (int line = 0; line < 200; ++line) {
                    log::info("line", {{"thread", number}, {"line", line}});
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
    }
    piped.restore();
    auto const lines = lines_of(reading.get());
    BOOST_TEST(lines.size() == 800U);
    for (auto const& line : lines) {
        boost::system::error_code error;
        boost::json::parse(line, error);
        BOOST_TEST(!error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
