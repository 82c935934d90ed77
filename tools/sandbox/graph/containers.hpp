// What Instagram and Threads publish from: a container is made of a text and perhaps the URL of a medium,
// becomes ready after a while on the sandbox's clock, is published, and ends after a day. A medium whose file
// name begins with "broken" ends in an error.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/graph/error.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::graph {

struct container {
    std::string id{};
    std::string account{}; // whom it belongs to
    std::string text{};
    boost::json::object details{};
    sys_ms created_at{};
    std::chrono::seconds processing{0};
    bool broken = false;
    bool published = false;
};

class containers {
  public:
    // Gives it an id.
    std::string add(container made);
    std::optional<container> find(std::string_view id) const;
    void publish(std::string_view id);
    void clear();

    // An id for something published, which is another than that of its container.
    std::string media_id();

  private:
    mutable std::mutex mutex_;
    std::deque<container> newest_;
    std::uint64_t made_ = 0;
    std::uint64_t published_ = 0;
};

// IN_PROGRESS, FINISHED, ERROR, EXPIRED or PUBLISHED.
std::string_view status_of(container const& shown, sys_ms now);

// Whether the file that a URL names is one that never works.
bool is_broken(std::string_view url);

} // namespace connectd::sandbox::graph
