// Resumable uploads of videos: a POST with the metadata opens a session, PUTs bring the bytes in order, and
// the video exists once the last byte is there. Of the bytes only their number is kept.
//
// Threads: any thread may call anything; one mutex. The newest 1,000 sessions are remembered.
#pragma once

#include "tools/sandbox/content_range.hpp"
#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/youtube/gate.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <mutex>

namespace connectd::sandbox::youtube {

class uploads {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached.
    uploads(gate& entry, posts& written, journal& events, std::string public_url)
        : gate_{entry}, posts_{written}, events_{events}, public_url_{std::move(public_url)} {}

    reply open(call const& request, sys_ms now);
    // The session's URL is all that a PUT needs: no token.
    reply put(call const& request, sys_ms now);

    void clear();

  private:
    struct session {
        std::string id;
        person_ref author = 0;
        boost::json::object video; // what it will be
        std::optional<std::uint64_t> total;
        std::uint64_t received = 0;
        sys_ms opened_at{};
        bool complete = false;
    };

    session* find(std::string_view id, sys_ms now);
    reply take(session& at, content_range const& range, std::uint64_t size, sys_ms now);
    reply standing(session const& at) const;
    reply finish(session& at, sys_ms now);

    gate& gate_;
    posts& posts_;
    journal& events_;
    std::string const public_url_;
    std::mutex mutex_;
    std::deque<session> sessions_; // oldest first
};

} // namespace connectd::sandbox::youtube
