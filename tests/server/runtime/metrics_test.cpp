#include "server/runtime/metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace connectd::server::runtime;

BOOST_AUTO_TEST_SUITE(metrics_test)

BOOST_AUTO_TEST_CASE(the_text_form_lists_families_by_name_with_help_and_type) {
    metrics_registry registry;
    auto& ok = registry.add_counter("http_requests_total", "Requests answered.",
                                    {{"status", "200"}, {"method", "GET"}});
    registry.add_counter("http_requests_total", "Requests answered.", {{"status", "500"}, {"method", "GET"}});
    auto& open = registry.add_gauge("connections", "Connections open.");
    ok.add();
    ok.add(2);
    open.add(3);
    open.subtract();
    BOOST_TEST(registry.expose() == "# HELP connections Connections open.\n"
                                    "# TYPE connections gauge\n"
                                    "connections 2\n"
                                    "# HELP http_requests_total Requests answered.\n"
                                    "# TYPE http_requests_total counter\n"
                                    "http_requests_total{method=\"GET\",status=\"200\"} 3\n"
                                    "http_requests_total{method=\"GET\",status=\"500\"} 0\n");
}

BOOST_AUTO_TEST_CASE(a_histogram_counts_up_to_and_including_each_bound) {
    metrics_registry registry;
    auto& seconds = registry.add_histogram("seconds", "Time.", {0.1, 1}, {{"stage", "parse"}});
    for (double const value : {0.05, 0.1, 0.5, 7.0}) {
        seconds.observe(value);
    }
    BOOST_TEST(seconds.count() == 4U);
    BOOST_TEST(registry.expose() == "# HELP seconds Time.\n"
                                    "# TYPE seconds histogram\n"
                                    "seconds_bucket{stage=\"parse\",le=\"0.1\"} 2\n"
                                    "seconds_bucket{stage=\"parse\",le=\"1\"} 3\n"
                                    "seconds_bucket{stage=\"parse\",le=\"+Inf\"} 4\n"
                                    "seconds_sum{stage=\"parse\"} 7.65\n"
                                    "seconds_count{stage=\"parse\"} 4\n");
}

BOOST_AUTO_TEST_CASE(help_and_label_values_are_escaped) {
    metrics_registry registry;
    registry.add_gauge("odd", "back\\slash \"quote\"\nfeed", {{"name", "back\\slash \"quote\"\nfeed"}});
    BOOST_TEST(registry.expose() == "# HELP odd back\\\\slash \"quote\"\\nfeed\n"
                                    "# TYPE odd gauge\n"
                                    "odd{name=\"back\\\\slash \\\"quote\\\"\\nfeed\"} 0\n");
}

BOOST_AUTO_TEST_CASE(registering_twice_gives_the_same_metric) {
    metrics_registry registry;
    auto& first = registry.add_counter("a_total", "A.", {{"x", "1"}, {"y", "2"}});
    auto& again = registry.add_counter("a_total", "A.", {{"y", "2"}, {"x", "1"}});
    auto& other = registry.add_counter("a_total", "A.", {{"x", "2"}, {"y", "2"}});
    BOOST_TEST(&first == &again);
    BOOST_TEST(&first != &other);
    auto& seconds = registry.add_histogram("seconds", "Time.", {1, 2});
    BOOST_TEST(&seconds == &registry.add_histogram("seconds", "Time.", {1, 2}));
}

BOOST_AUTO_TEST_CASE(what_prometheus_would_not_read_is_refused) {
    metrics_registry registry;
    registry.add_gauge("taken", "One thing.");
    registry.add_histogram("seconds", "Time.", {1, 2});
    BOOST_CHECK_THROW(registry.add_gauge("taken", "Another thing."), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_histogram("taken", "One thing.", {1}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_histogram("seconds", "Time.", {1, 3}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge("1st", "Name."), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge("with-dash", "Name."), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_counter("requests", "No suffix."), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge("g", "Label.", {{"a:b", ""}}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge("g", "Label.", {{"__name__", ""}}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge("g", "Label.", {{"a", "1"}, {"a", "2"}}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_histogram("h", "Label.", {1}, {{"le", "1"}}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_histogram("h", "Bounds.", {2, 1}), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_histogram("h", "Bounds.", {}), std::invalid_argument);
    registry.add_gauge_reader("asked", "Asked.", [] { return 1.0; });
    BOOST_CHECK_THROW(registry.add_gauge("asked", "Asked."), std::invalid_argument);
    BOOST_CHECK_THROW(registry.add_gauge_reader("taken", "One thing.", [] { return 1.0; }),
                      std::invalid_argument);
    // What was refused left nothing behind that would break the exposition.
    BOOST_TEST(registry.expose().find("\nh") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(readers_are_asked_at_each_exposition) {
    metrics_registry registry;
    double value = 0.5;
    registry.add_gauge_reader("ratio", "A ratio.", [&value] { return value; });
    registry.add_counter_reader("seconds_total", "Seconds.", [&value] { return value * 2; });
    BOOST_TEST(registry.expose().find("ratio 0.5\n") != std::string::npos);
    value = 1e300;
    BOOST_TEST(registry.expose().find("ratio 1e+300\n") != std::string::npos);
    BOOST_TEST(registry.expose().find("# TYPE seconds_total counter\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_count_is_lost_between_threads) {
    metrics_registry registry;
    auto& hits = registry.add_counter("hits_total", "Hits.");
    auto& sizes = registry.add_histogram("sizes", "Sizes.", {1, 10});
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&] {
            auto& busy = registry.add_gauge("busy", "Busy.");
            for (int round = 0; round < 5000; ++round) {
                busy.add();
                hits.add();
                sizes.observe(2);
                busy.subtract();
            }
        });
    }
    for (int look = 0; look < 20; ++look) {
        BOOST_TEST(registry.expose().find("hits_total ") != std::string::npos);
    }
    for (auto& thread : threads) {
        thread.join();
    }
    BOOST_TEST(hits.value() == 20'000U);
    BOOST_TEST(sizes.count() == 20'000U);
    BOOST_TEST(sizes.sum() == 40'000.0);
    BOOST_TEST(registry.add_gauge("busy", "Busy.").value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
