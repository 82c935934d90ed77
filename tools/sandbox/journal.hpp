// What happened, for tests to look at: the requests that arrived and the events of tokens and sessions. Both
// are rings of a fixed size whose slots are used again, so a busy sandbox neither grows nor allocates for
// them.
//
// Threads: any thread; a mutex each, held for a few copies.
#pragma once

#include "tools/sandbox/message.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

struct request_record {
    std::uint64_t sequence = 0;
    sys_ms at{};
    std::string platform;
    std::string endpoint;
    std::string head; // request line and headers as they arrived
    std::string body; // its first bytes
    std::uint64_t body_size = 0;
    unsigned status = 0;    // of the answer, 0 when none was sent
    std::string_view fault; // kind of the fault it met, empty when none
};

struct event_record {
    std::uint64_t sequence = 0;
    sys_ms at{};
    std::string_view platform;
    std::string_view kind; // code_issued, refresh_replayed, ...
    std::string subject;   // the code, token or session it happened to
    std::uint64_t grant = 0;
};

// The last `capacity` records, numbered from 1. Not synchronised.
template <class Record>
class ring {
  public:
    explicit ring(std::size_t capacity) : slots_(capacity) {}

    // The slot to fill; its old strings keep their memory. Requires: a capacity above zero.
    Record& next() {
        auto& slot = slots_[written_ % slots_.size()];
        slot.sequence = ++written_;
        return slot;
    }

    // Up to `limit` records after the given number, oldest first.
    std::vector<Record> after(std::uint64_t sequence, std::size_t limit) const {
        std::vector<Record> found;
        auto const oldest = written_ > slots_.size() ? written_ - slots_.size() : 0;
        for (auto i = std::max(sequence, oldest); i < written_ && found.size() < limit; ++i)
            found.push_back(slots_[i % slots_.size()]);
        return found;
    }

    bool enabled() const { return !slots_.empty(); }
    std::uint64_t written() const { return written_; }

  private:
    std::vector<Record> slots_;
    std::uint64_t written_ = 0;
};

class journal {
  public:
    // How many requests and events are kept; zero keeps none of either.
    explicit journal(std::size_t capacity) : requests_{capacity}, events_{capacity} {}

    struct arrival {
        std::string_view platform;
        std::string_view endpoint;
        std::string_view head;
        std::string_view body;
        unsigned status = 0;
        std::string_view fault;
    };
    void request(arrival const& arrived, sys_ms now);

    // Requires: texts in static storage as platform and kind.
    void event(std::string_view platform, std::string_view kind, std::string_view subject,
               std::uint64_t grant, sys_ms now);

    std::vector<request_record> requests(std::uint64_t after, std::size_t limit) const;
    std::vector<event_record> events(std::uint64_t after, std::size_t limit) const;
    std::uint64_t requests_seen() const;

  private:
    mutable std::mutex requests_mutex_;
    ring<request_record> requests_;
    mutable std::mutex events_mutex_;
    ring<event_record> events_;
};

} // namespace connectd::sandbox
