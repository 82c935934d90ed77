// What people published on one pretend platform: the newest thousand, enough to show them, to give out ids
// and to refuse a text that somebody has just posted.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/message.hpp"
#include "tools/sandbox/people.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

struct post {
    std::string id; // as the platform shows it
    person_ref author = 0;
    std::string text;
    boost::json::object details{}; // what else a test may want to see of it
    sys_ms created_at{};
    std::string place{}; // which of the author's pages, where they have several
};

class posts {
  public:
    // For an id: beyond 2^53, growing with time, never given twice.
    std::uint64_t number(sys_ms now);

    void add(post written);
    // The same, unless the author has that text among those kept of that place: then that post comes back and
    // nothing is added. A text may be empty (a post of media only), and such posts are never duplicates.
    std::optional<post> add_if_new(post written);

    std::optional<post> find(std::string_view id) const;

    // The newest first.
    std::vector<post> list(std::size_t limit) const;
    void clear();

  private:
    void push(post written);

    mutable std::mutex mutex_;
    std::deque<post> newest_;
    std::uint64_t counter_ = 0;
};

} // namespace connectd::sandbox
