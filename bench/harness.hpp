// What every bench shares: repeat a piece of work, take the median of several runs, print it with its spread.
//
// A run does the work often enough to last a fifth of a second; the first run only warms up and is thrown
// away. The median of the rest is the figure, the lowest and the highest are its spread. Nothing here
// asserts: benches report, tests decide. One thread; the work may start threads of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::bench {

// Makes the compiler believe that a value is used, so that it does not drop the work behind it.
template <class T>
inline void keep(T const& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

// The figures of several runs, sorted.
struct spread {
    std::vector<double> values;

    explicit spread(std::vector<double> measured) : values{std::move(measured)} {
        std::sort(values.begin(), values.end());
    }
    double median() const { return values.empty() ? 0 : values[values.size() / 2]; }
    double low() const { return values.empty() ? 0 : values.front(); }
    double high() const { return values.empty() ? 0 : values.back(); }
};

struct plan {
    std::chrono::milliseconds run = std::chrono::milliseconds{200};
    unsigned runs = 5;
};

// Nanoseconds of one call of `batch(n)` divided by n, over several runs. `batch` does the work n times: the
// loop belongs to the bench, so that what it prepares outside the loop is not measured as often as the work.
inline spread measure(std::function<void(std::uint64_t)> const& batch, plan const& how = {}) {
    using clock = std::chrono::steady_clock;
    auto timed = [&batch](std::uint64_t times) {
        auto const start = clock::now();
        batch(times);
        return std::chrono::duration<double, std::nano>(clock::now() - start).count();
    };
    auto const wanted = std::chrono::duration<double, std::nano>(how.run).count();
    std::uint64_t times = 1;
    for (double took = timed(times); took < wanted; took = timed(times)) {
        auto const factor = took > 0 ? wanted / took * 1.1 : 10.0;
        times = static_cast<std::uint64_t>(static_cast<double>(times) * std::clamp(factor, 1.2, 10.0)) + 1;
    }
    std::vector<double> runs;
    for (unsigned run = 0; run < how.runs; ++run) {
        runs.push_back(timed(times) / static_cast<double>(times));
    }
    return spread{std::move(runs)};
}

// One line: name, median, spread, calls a second.
inline void print(std::string_view name, spread const& nanoseconds) {
    auto const rate = nanoseconds.median() > 0 ? 1e9 / nanoseconds.median() : 0;
    std::printf("%-44.*s %12.1f ns  [%.1f .. %.1f]  %12.0f /s\n", static_cast<int>(name.size()), name.data(),
                nanoseconds.median(), nanoseconds.low(), nanoseconds.high(), rate);
    std::fflush(stdout);
}

inline void run(std::string_view name, std::function<void(std::uint64_t)> const& batch,
                plan const& how = {}) {
    print(name, measure(batch, how));
}

} // namespace connectd::bench
