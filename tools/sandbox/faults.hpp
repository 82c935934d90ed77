// Scripted misbehaviour: which requests a pretend platform treats badly, and how. A fault holds for the next
// N requests that match it or until it is cleared; the oldest matching one wins. This is only the plan, the
// wire carries it out.
//
// Threads: any thread may call anything. While no fault is armed the plan costs one relaxed load a request.
#pragma once

#include "tools/sandbox/message.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

enum class fault_kind {
    latency,                // a true answer, late
    hang,                   // none until the client leaves or the fault is cleared
    reset_before_reading,   // RST as soon as a request begins
    reset_after_reading,    // RST once the request is complete; it is not processed
    reset_after_processing, // RST instead of the answer: what was asked has happened
    status,                 // an error status with the platform's own error body
    success_with_error,     // 200 with that body
    success_without_token,  // 200, the right shape, no token
    html,                   // a page, as gateways send
    malformed_json,         // the true answer, cut off
    huge_body,              // a body of `bytes`
    slow_drip,              // the true answer, a byte at a time
    wrong_content_type,     // the true answer as text/plain
    close_mid_body,         // half of the true answer, then the end of the connection
};

std::string_view to_string(fault_kind kind);
std::optional<fault_kind> parse_fault_kind(std::string_view text);

struct fault {
    std::string platform;
    std::string endpoint = "*"; // a name as the personality gives it, or * for all
    fault_kind kind = fault_kind::latency;
    std::optional<std::uint64_t> times; // none: until cleared
    std::chrono::milliseconds latency{0};
    bool after_processing = false; // where latency and hang wait: before the rules see the request, or after
    unsigned status = 0;           // 0: the kind's own
    std::optional<std::chrono::seconds> retry_after;
    std::optional<std::string> body; // instead of the kind's own
    std::uint64_t bytes = 50'000'000;
    std::chrono::milliseconds interval{100}; // between the bytes of a slow drip
};

// A fault as one request met it. The plan's entry may end while the request still suffers.
struct struck {
    std::uint64_t id = 0;
    std::shared_ptr<fault const> scripted;

    explicit operator bool() const noexcept { return scripted != nullptr; }
};

class fault_plan {
  public:
    std::uint64_t add(fault scripted);

    // False when there is none of that id.
    bool clear(std::uint64_t id);
    void clear();

    // Called after every `clear`, on the thread that cleared. Requires: set before the first fault.
    void on_clear(std::function<void()> told) { told_ = std::move(told); }

    struct entry {
        std::uint64_t id;
        std::shared_ptr<fault const> scripted;
        std::optional<std::uint64_t> left;
        std::uint64_t hits;
    };
    std::vector<entry> list() const;

    bool armed() const noexcept { return armed_.load(std::memory_order_relaxed); }

    // Consumes one use of the oldest fault that matches; empty when none does.
    struck strike_before_reading(std::string_view platform);
    struck strike(std::string_view platform, std::string_view endpoint);

    // Whether a fault is still in the plan, used up or not: what hangs on it goes on hanging.
    bool holds(std::uint64_t id) const;

  private:
    template <class Match>
    struck strike_if(Match match);
    void rearm();

    std::atomic<bool> armed_{false};
    mutable std::mutex mutex_;
    std::vector<entry> entries_;
    std::uint64_t last_id_ = 0;
    std::function<void()> told_ = [] {};
};

} // namespace connectd::sandbox
