#include "tools/sandbox/journal.hpp"

namespace connectd::sandbox {
namespace {

constexpr std::size_t most_body_kept = 4096;

} // namespace

void journal::request(arrival const& arrived, sys_ms now) {
    if (!requests_.enabled())
        return;
    std::lock_guard const lock{requests_mutex_};
    auto& record = requests_.next();
    record.at = now;
    record.platform = arrived.platform;
    record.endpoint = arrived.endpoint;
    record.head = arrived.head;
    record.body = arrived.body.substr(0, most_body_kept);
    record.body_size = arrived.body.size();
    record.status = arrived.status;
    record.fault = arrived.fault;
}

void journal::event(std::string_view platform, std::string_view kind, std::string_view subject,
                    std::uint64_t grant, sys_ms now) {
    if (!events_.enabled())
        return;
    std::lock_guard const lock{events_mutex_};
    auto& record = events_.next();
    record.at = now;
    record.platform = platform;
    record.kind = kind;
    record.subject = subject;
    record.grant = grant;
}

std::vector<request_record> journal::requests(std::uint64_t after, std::size_t limit) const {
    std::lock_guard const lock{requests_mutex_};
    return requests_.after(after, limit);
}

std::vector<event_record> journal::events(std::uint64_t after, std::size_t limit) const {
    std::lock_guard const lock{events_mutex_};
    return events_.after(after, limit);
}

std::uint64_t journal::requests_seen() const {
    std::lock_guard const lock{requests_mutex_};
    return requests_.written();
}

} // namespace connectd::sandbox
