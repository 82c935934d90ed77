// Header-only, because the distribution ships spdlog and fmt as shared objects and the product is one binary.
#define FMT_HEADER_ONLY

#include "server/runtime/log.hpp"

#include "server/runtime/clock.hpp"
#include "server/runtime/log_line.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

#include <unistd.h>

namespace connectd::server::runtime::log {

class writer {
  public:
    explicit writer(options chosen)
        : json_{chosen.as == format::json ||
                (chosen.as == format::automatic && ::isatty(STDERR_FILENO) == 0)},
          sink_{std::move(chosen.sink)} {
        if (sink_) {
            return;
        }
        pool_ = std::make_shared<spdlog::details::thread_pool>(chosen.queue_limit, 1);
        auto stderr_sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        stderr_sink->set_pattern("%v");
        logger_ = std::make_shared<spdlog::async_logger>("connectd", std::move(stderr_sink), pool_,
                                                         spdlog::async_overflow_policy::overrun_oldest);
    }

    void write(level at, std::string_view message, fields with) {
        auto const time = system_clock{}.now();
        auto const line = json_ ? json_line(time, at, message, with) : text_line(time, at, message, with);
        if (sink_) {
            sink_(line);
        } else {
            logger_->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
        }
    }

    std::uint64_t dropped() const { return pool_ ? pool_->overrun_counter() : 0; }

  private:
    bool json_;
    std::function<void(std::string_view)> sink_;
    std::shared_ptr<spdlog::details::thread_pool> pool_{};
    std::shared_ptr<spdlog::async_logger> logger_{};
};

namespace {

std::atomic<level> lowest_level{level::warning};

// Never destroyed, so that what runs after main may still log.
struct current_writer {
    std::mutex mutex{};
    std::shared_ptr<writer> value{};

    std::shared_ptr<writer> get() {
        std::lock_guard const lock{mutex};
        return value;
    }

    std::shared_ptr<writer> replace(std::shared_ptr<writer> by) {
        std::lock_guard const lock{mutex};
        return std::exchange(value, std::move(by));
    }
};

current_writer& current() {
    static auto& instance = *new current_writer;
    return instance;
}

} // namespace

std::optional<level> parse_level(std::string_view word) noexcept {
    for (auto const value : {level::debug, level::info, level::warning, level::error, level::off}) {
        if (to_string(value) == word) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<format> parse_format(std::string_view word) noexcept {
    if (word == "auto") {
        return format::automatic;
    }
    if (word == "json") {
        return format::json;
    }
    return word == "text" ? std::optional{format::text} : std::nullopt;
}

bool enabled(level at) noexcept {
    return at >= lowest_level.load(std::memory_order_relaxed) && at != level::off;
}

void set_level(level lowest) noexcept {
    lowest_level.store(lowest, std::memory_order_relaxed);
}

// A line that cannot be written is lost: a log that takes its program down is worse than a gap in it.
void write(level at, std::string_view message, fields with) noexcept {
    if (!enabled(at)) {
        return;
    }
    try {
        if (auto const to = current().get()) {
            to->write(at, message, with);
        } else if (at >= level::warning) {
            auto const line = text_line(system_clock{}.now(), at, message, with) + '\n';
            std::fwrite(line.data(), 1, line.size(), stderr);
        }
    } catch (...) {
        return;
    }
}

output::output(options chosen) {
    auto const lowest = chosen.lowest;
    writer_ = std::make_shared<writer>(std::move(chosen));
    previous_ = current().replace(writer_);
    previous_level_ = lowest_level.exchange(lowest, std::memory_order_relaxed);
}

output::~output() {
    if (auto const lost = dropped(); lost > 0) {
        warning("log lines were dropped because the reader of stderr was too slow", {{"lines", lost}});
    }
    current().replace(std::move(previous_));
    lowest_level.store(previous_level_, std::memory_order_relaxed);
}

std::uint64_t output::dropped() const noexcept {
    return writer_->dropped();
}

} // namespace connectd::server::runtime::log
