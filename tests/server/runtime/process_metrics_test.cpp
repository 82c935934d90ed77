#include "server/runtime/process_metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace connectd::server::runtime;

namespace {

double value_of(metrics_registry const& registry, std::string const& name) {
    auto const text = registry.expose();
    auto const at = text.find("\n" + name + " ");
    BOOST_REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + name.size() + 2));
}

} // namespace

BOOST_AUTO_TEST_SUITE(process_metrics_test)

BOOST_AUTO_TEST_CASE(the_figures_are_those_of_this_process) {
    metrics_registry registry;
    add_process_metrics(registry);
    auto const resident = value_of(registry, "process_resident_memory_bytes");
    BOOST_TEST(resident > 1e6);
    BOOST_TEST(value_of(registry, "process_virtual_memory_bytes") > resident);
    BOOST_TEST(value_of(registry, "process_threads") >= 1.0);
    BOOST_TEST(value_of(registry, "process_cpu_seconds_total") >= 0.0);
    auto const now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto const started = value_of(registry, "process_start_time_seconds");
    BOOST_TEST(started > 1.6e9);
    BOOST_TEST(started < now + 2);
}

BOOST_AUTO_TEST_CASE(an_open_file_counts) {
    metrics_registry registry;
    add_process_metrics(registry);
    auto const before = value_of(registry, "process_open_fds");
    int const file = ::open("/dev/null", O_RDONLY);
    BOOST_TEST(value_of(registry, "process_open_fds") == before + 1);
    ::close(file);
    BOOST_TEST(value_of(registry, "process_open_fds") == before);
    BOOST_TEST(value_of(registry, "process_max_fds") > before);
}

BOOST_AUTO_TEST_SUITE_END()
