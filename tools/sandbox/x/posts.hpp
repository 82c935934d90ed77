// Posts on the pretend X: the newest thousand, enough to show them, to give out ids and to refuse a text that
// somebody has just posted.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/message.hpp"
#include "tools/sandbox/people.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::x {

struct post {
    std::string id; // decimal, beyond 2^53, growing with time
    person_ref author = 0;
    std::string text;
    sys_ms created_at{};
};

class posts {
  public:
    // The new post; nothing when the author's text is a duplicate. A text may be empty (a post of media
    // only), and such posts are never duplicates.
    std::optional<post> create(person_ref author, std::string_view text, sys_ms now);

    // The newest first.
    std::vector<post> list(std::size_t limit) const;
    void clear();

  private:
    mutable std::mutex mutex_;
    std::deque<post> newest_;
    std::uint64_t counter_ = 0;
};

// X's way to count (docs.x.com, Counting characters): Latin and most alphabets count one, everything else
// two, a link 23.
std::size_t weighted_length(std::string_view text);

} // namespace connectd::sandbox::x
