// Posting at TikTok (Content Posting API, November 2026): what a creator may do, drafts and posts that are
// begun, the bytes of videos, and how far each is. Of the bytes only their number is kept.
//
// Threads: any thread may call anything; one mutex. The newest 1,000 posts are remembered.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/tiktok/gate.hpp"
#include "tools/sandbox/tiktok/post_body.hpp"

#include <deque>
#include <mutex>

namespace connectd::sandbox::tiktok {

class publishing {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached.
    publishing(people const& persons, oauth::apps const& registered, gate& entry, journal& events,
               posts& written, std::string public_url)
        : people_{persons},
          apps_{registered},
          gate_{entry},
          events_{events},
          posts_{written},
          public_url_{std::move(public_url)} {}

    reply creator_info(call const& request, sys_ms now);
    reply begin_photo(call const& request, sys_ms now);
    reply begin_video(call const& request, post_kind kind, sys_ms now);
    // No token: the URL is the permission, for an hour.
    reply upload(call const& request, sys_ms now);
    reply status(call const& request, sys_ms now);

    void clear();

  private:
    struct publication {
        std::string id;
        std::uint64_t number = 0; // of the post it becomes
        oauth::access by;
        post_body body;
        sys_ms begun_at{};
        std::uint64_t received = 0;

        bool has_all_bytes() const { return !body.urls.empty() || received == body.size; }
    };

    reply begin(call const& request, post_reading reading, sys_ms now);
    std::optional<reply> refuse(oauth::access const& by, post_body const& wanted, sys_ms now);
    std::size_t pending_drafts(person_ref author, sys_ms now);

    people const& people_;
    oauth::apps const& apps_;
    gate& gate_;
    journal& events_;
    posts& posts_;
    std::string const public_url_;
    std::mutex mutex_;
    std::deque<publication> begun_; // oldest first
};

} // namespace connectd::sandbox::tiktok
