// What the tests of this folder share: an event loop to run coroutines in, and a folder that is gone
// afterwards.
#pragma once

#include "storage/kv.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace connectd::storage {

// How Boost.Test prints a code that a test expects.
inline std::ostream& boost_test_print_type(std::ostream& out, errc code) {
    return out << make_error_code(code);
}

} // namespace connectd::storage

namespace connectd::storage::testing {

// A coroutine that runs beside the test, and how it ended.
template <class T>
using running = tests::running<T>;

// One io_context, as an I/O thread of the server has.
class loop {
  public:
    boost::asio::io_context& context() { return context_; }

    // Starts a coroutine; it runs when the loop does.
    template <class T>
    std::shared_ptr<running<T>> start(task<T> work) {
        return tests::start(context_, std::move(work));
    }

    // Runs everything that was started to its end.
    void finish() {
        context_.restart();
        context_.run();
    }

    // Runs what can run without waiting.
    void poll() {
        context_.restart();
        context_.poll();
    }

    template <class T>
    T run(task<T> work) {
        auto const ended = start(std::move(work));
        finish();
        return std::move(ended->get());
    }

  private:
    boost::asio::io_context context_{1};
};

// Several loops with a thread each.
class loops {
  public:
    explicit loops(std::size_t count) {
        for (std::size_t at = 0; at < count; ++at)
            all_.push_back(std::make_unique<loop>());
    }

    loop& operator[](std::size_t at) { return *all_[at % all_.size()]; }

    void finish() {
        std::vector<std::jthread> threads;
        for (auto& each : all_)
            threads.emplace_back([&each] { each->finish(); });
    }

  private:
    std::vector<std::unique_ptr<loop>> all_;
};

using tests::scratch_folder;

inline write_batch putting(family where, std::string key, std::string value) {
    write_batch batch;
    batch.put(where, std::move(key), std::move(value));
    return batch;
}

} // namespace connectd::storage::testing
