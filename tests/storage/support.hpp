// What the tests of this folder share: an event loop to run coroutines in, and a folder that is gone
// afterwards.
#pragma once

#include "storage/kv.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
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

// How a coroutine that runs beside the test ended; empty while it has not.
template <class T>
struct ending {
    std::optional<T> value;
    std::exception_ptr thrown;

    bool came() const { return value || thrown; }

    T& get() {
        if (thrown)
            std::rethrow_exception(thrown);
        return value.value();
    }
};

// One io_context, as an I/O thread of the server has.
class loop {
  public:
    boost::asio::io_context& context() { return context_; }

    // Starts a coroutine; it runs when the loop does.
    template <class T>
    std::shared_ptr<ending<T>> start(task<T> work) {
        auto ended = std::make_shared<ending<T>>();
        boost::asio::co_spawn(context_, std::move(work), record(ended));
        return ended;
    }

    template <class T>
    std::shared_ptr<ending<T>> start(task<T> work, boost::asio::cancellation_signal& cancel) {
        auto ended = std::make_shared<ending<T>>();
        boost::asio::co_spawn(context_, std::move(work),
                              boost::asio::bind_cancellation_slot(cancel.slot(), record(ended)));
        return ended;
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
    template <class T>
    static auto record(std::shared_ptr<ending<T>> ended) {
        return [ended](std::exception_ptr thrown, T value) {
            ended->thrown = thrown;
            if (!thrown)
                ended->value.emplace(std::move(value));
        };
    }

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
