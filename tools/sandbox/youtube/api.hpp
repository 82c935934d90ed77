// The YouTube Data API as a connected product uses it, but for uploads: the channel of the person, playlists
// (the smallest thing to write), comments.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/youtube/gate.hpp"

namespace connectd::sandbox::youtube {

class api {
  public:
    // Requires: all references outlive this object. `public_url` is for picture links.
    api(gate& entry, posts& written, journal& events, std::string public_url)
        : gate_{entry}, posts_{written}, events_{events}, public_url_{std::move(public_url)} {}

    reply channels(call const& request, sys_ms now);
    reply insert_playlist(call const& request, sys_ms now);
    reply insert_comment(call const& request, sys_ms now);

  private:
    boost::json::object channel(person const& who, std::vector<std::string> const& parts) const;
    void add_post(std::string const& id, caller const& by, std::string text, std::string_view kind,
                  sys_ms now);

    gate& gate_;
    posts& posts_;
    journal& events_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::youtube
