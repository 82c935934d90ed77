// Ten thousand clients that keep their connection and say nothing: a fresh request is answered nevertheless.
// Half of them have been served before. They live in a process of their own, because both ends of 10,000
// connections would need more descriptors than a process gets by default.

#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connectd::tests {

namespace {

using http::request;
using http::response;
using runtime::task;

constexpr std::uint32_t wanted = 10'000;
// Descriptors for everything that is not such a connection.
constexpr rlim_t reserve = 200;

task<response> hello(request&) {
    co_return response::text(200, "hello");
}

void fill(http::router& routes, boost::asio::io_context&) {
    routes.add("GET", "/hello", hello);
}

void raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint32_t affordable() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<std::uint32_t>(std::min<rlim_t>(wanted, limit.rlim_cur - reserve));
}

// Bytes of memory of this process that are in use.
std::size_t resident() {
    std::ifstream statistics{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t pages = 0;
    statistics >> total >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// A process that opens connections when it is told the port, says so, and holds them until its input ends.
class crowd {
  public:
    crowd() {
        if (::pipe(to_.data()) != 0 || ::pipe(from_.data()) != 0) {
            throw std::runtime_error{"no pipes"};
        }
        child_ = ::fork();
        if (child_ == 0) {
            ::close(to_[1]);
            ::close(from_[0]);
            ::_exit(live());
        }
        ::close(to_[0]);
        ::close(from_[1]);
    }
    crowd(crowd const&) = delete;
    crowd& operator=(crowd const&) = delete;
    ~crowd() {
        ::close(to_[1]);
        ::close(from_[0]);
        ::waitpid(child_, nullptr, 0);
    }

    // How many of them were served or at least connected.
    std::uint32_t gather(std::uint16_t port, std::uint32_t count) {
        std::array<std::uint32_t, 2> const order{port, count};
        std::uint32_t gathered = 0;
        if (::write(to_[1], order.data(), sizeof order) != sizeof order ||
            ::read(from_[0], &gathered, sizeof gathered) != sizeof gathered) {
            throw std::runtime_error{"the crowd is gone"};
        }
        return gathered;
    }

  private:
    int live() {
        std::array<std::uint32_t, 2> order{};
        if (::read(to_[0], order.data(), sizeof order) != sizeof order) {
            return 1;
        }
        std::vector<raw_client> clients;
        std::uint32_t gathered = 0;
        try {
            for (std::uint32_t index = 0; index < order[1]; ++index) {
                clients.emplace_back(static_cast<std::uint16_t>(order[0]));
                gathered += index % 2 == 0 || clients.back().ask(get("/hello")).status == 200 ? 1U : 0U;
            }
        } catch (std::exception const&) {
            // The parent sees that some are missing.
        }
        if (::write(from_[1], &gathered, sizeof gathered) != sizeof gathered) {
            return 1;
        }
        char end = 0;
        return ::read(to_[0], &end, 1) == 0 ? 0 : 1;
    }

    std::array<int, 2> to_{};
    std::array<int, 2> from_{};
    pid_t child_ = -1;
};

} // namespace

BOOST_AUTO_TEST_SUITE(idle_connections_test)

BOOST_AUTO_TEST_CASE(ten_thousand_of_them_leave_room_for_a_fresh_request) {
    raise_descriptor_limit();
    auto const count = affordable();
    BOOST_REQUIRE_GE(count, 2'000U);
    crowd others; // before there are threads
    server_setup setup{.connections = wanted + 10};
    setup.options.timeouts.idle = std::chrono::hours{1};
    test_server server{fill, std::move(setup)};
    BOOST_TEST(raw_client{server.port()}.ask(get("/hello")).status == 200U);
    auto const before = resident();
    BOOST_REQUIRE_EQUAL(others.gather(server.port(), count), count);
    raw_client fresh{server.port()};
    BOOST_TEST(fresh.ask(get("/hello")).body == "hello");
    BOOST_TEST(server.connections() >= count);
    BOOST_TEST_MESSAGE(count << " idle connections, " << (resident() - before) / count << " bytes each");
    BOOST_TEST(fresh.ask(get("/hello")).body == "hello");
    BOOST_TEST(server.stop());
    BOOST_TEST(server.budget().used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
