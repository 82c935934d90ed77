// com.atproto.repo.createRecord: the checks of the reference server and of the post lexicon (August 2026),
// and the newest records that came through them.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/bluesky/session_methods.hpp"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace connectd::sandbox::bluesky {

struct record {
    std::string uri;
    std::string cid;
    std::string content; // JSON text
    sys_ms created_at{};
};

class records {
  public:
    // Requires: all references outlive this object.
    records(people const& persons, session_methods const& guard, journal& events, rate_limits& limits)
        : people_{persons}, guard_{guard}, events_{events}, limits_{limits} {}

    reply create(call const& request, sys_ms now);

    // The newest first.
    std::vector<record> list(std::size_t limit) const;
    void clear();

  private:
    std::optional<reply> refuse_repo(std::string_view repo, person const& caller) const;
    reply store(person const& owner, boost::json::object const& input, sys_ms now);

    people const& people_;
    session_methods const& guard_;
    journal& events_;
    rate_limits& limits_;
    mutable std::mutex mutex_;
    std::deque<record> newest_;
    std::uint64_t counter_ = 0;
};

} // namespace connectd::sandbox::bluesky
