#pragma once

// The process log: one event is one line on stderr, as JSON (for machines; the default when stderr is no
// terminal) or as text. `log::info("listening", {{"address", address}, {"tls", true}})`.
//
// Callable from any thread at any time; never throws. While an `output` lives, a thread of its own does the
// writing, so that a slow terminal cannot hold up an I/O thread: when the queue is full the oldest lines are
// dropped and counted. Without one, lines from `warning` up are written directly: start-up failures and tests
// need no set-up.
//
// There is one log a process, as there is one stderr, which is why these are functions and not a member of
// everything. Never log a secret, a code, a state, an Authorization header or a body: `crypto::secret` does
// not compile as a value.

#include "server/runtime/log_fields.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace connectd::server::runtime::log {

enum class format { automatic, json, text }; // automatic: text when stderr is a terminal

// "debug", "info", ...; nothing for an unknown word.
std::optional<level> parse_level(std::string_view word) noexcept;
std::optional<format> parse_format(std::string_view word) noexcept;

void write(level at, std::string_view message, fields with) noexcept;

inline void debug(std::string_view message, fields with = {}) noexcept {
    write(level::debug, message, with);
}
inline void info(std::string_view message, fields with = {}) noexcept {
    write(level::info, message, with);
}
inline void warning(std::string_view message, fields with = {}) noexcept {
    write(level::warning, message, with);
}
inline void error(std::string_view message, fields with = {}) noexcept {
    write(level::error, message, with);
}

// Takes effect at once for all threads. `enabled` lets a caller skip the work of preparing fields.
void set_level(level lowest) noexcept;
bool enabled(level at) noexcept;

struct options {
    level lowest = level::info;
    format as = format::automatic;
    std::size_t queue_limit = 4096; // lines waiting for the writing thread
    // For tests: receives each line (without its newline) in the logging thread instead of stderr.
    std::function<void(std::string_view)> sink{};
};

class writer;

// The log's output for as long as it lives. Destruction writes what is queued and restores what was there
// before. Requires: outputs are destroyed in the reverse order of their making.
class output {
  public:
    explicit output(options chosen);
    output(output const&) = delete;
    output& operator=(output const&) = delete;
    ~output();

    // Lines lost because the queue was full.
    std::uint64_t dropped() const noexcept;

  private:
    std::shared_ptr<writer> writer_; // shared with threads in the middle of writing a line
    std::shared_ptr<writer> previous_;
    level previous_level_;
};

} // namespace connectd::server::runtime::log
