#pragma once

// Counters, gauges and histograms with labels, and their Prometheus text form. A small registry of our own:
// Debian ships prometheus-cpp as a shared object only, and the product is one binary.
//
// Metrics are registered up front, at start, and returned by reference; the reference is valid as long as the
// registry. Registering the same name and labels again returns the same metric, so that each thread's copy of
// an object may do it. Changing a metric is one relaxed atomic operation and may be done from any thread; so
// may registering and exposing, which take a lock.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::runtime {

// A cache line each, so that two busy metrics of two threads do not slow each other.
class alignas(64) counter {
  public:
    void add(std::uint64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

class alignas(64) gauge {
  public:
    void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    void add(std::int64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
    void subtract(std::int64_t amount = 1) noexcept { value_.fetch_sub(amount, std::memory_order_relaxed); }
    std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::int64_t> value_{0};
};

class alignas(64) histogram {
  public:
    // A last bucket for everything above the bounds is added. Throws std::invalid_argument unless they are
    // finite, ascending and not empty.
    explicit histogram(std::vector<double> bounds);

    void observe(double value) noexcept;

    std::uint64_t count() const noexcept;
    double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }
    std::vector<double> const& bounds() const noexcept { return bounds_; }
    // Observations of one bucket alone, not cumulative. Requires: index <= bounds().size().
    std::uint64_t bucket(std::size_t index) const noexcept {
        return buckets_[index].load(std::memory_order_relaxed);
    }

  private:
    std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> buckets_;
    std::atomic<double> sum_{0};
};

// 0.5 ms to 30 s, for durations in seconds.
std::vector<double> latency_bounds();

using metric_labels = std::vector<std::pair<std::string, std::string>>;

class metrics_registry {
  public:
    metrics_registry();
    metrics_registry(metrics_registry const&) = delete;
    metrics_registry& operator=(metrics_registry const&) = delete;
    ~metrics_registry();

    // Throws std::invalid_argument for a name or label the text form does not allow, for a counter that does
    // not end in
    // `_total`, and for a name already taken by another kind, another help text or other bounds.
    counter& add_counter(std::string_view name, std::string_view help, metric_labels labels = {});
    gauge& add_gauge(std::string_view name, std::string_view help, metric_labels labels = {});
    histogram& add_histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                             metric_labels labels = {});

    // Values read when somebody looks, for what is cheap to ask and has an owner already. `read` is called
    // under the registry's lock from the exposing thread and must not register or expose. Requires: what it
    // refers to outlives the registry.
    void add_gauge_reader(std::string_view name, std::string_view help, std::function<double()> read,
                          metric_labels labels = {});
    void add_counter_reader(std::string_view name, std::string_view help, std::function<double()> read,
                            metric_labels labels = {});

    // Everything in the Prometheus text form 0.0.4, families in order of name.
    std::string expose() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

} // namespace connectd::server::runtime
