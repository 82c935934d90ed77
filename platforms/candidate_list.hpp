// Reads lists of candidates over an HTTP client, page by page, up to the limits of candidates.hpp.
#pragma once

#include "platforms/candidates.hpp"
#include "platforms/task.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace connectd::platforms {

// Belongs to the thread of its client. Does not own client, descriptor and token, which must outlive it; it
// must outlive the coroutines it makes.
class candidate_list {
  public:
    candidate_list(http::client& client, descriptor const& platform, crypto::secret const& access_token,
                   deadline until) noexcept
        : client_(client), platform_(platform), access_token_(access_token), until_(until) {}
    candidate_list(candidate_list const&) = delete;
    candidate_list& operator=(candidate_list const&) = delete;

    // Adds what the list that begins with `first` names, or as much of it as the limits leave room for. An id
    // that is there already is not added twice. Returns what went wrong; what was found before it stays.
    task<std::optional<failure>> read(http::request first);

    std::vector<candidate> const& found() const noexcept { return found_; }
    std::vector<candidate> take() { return std::move(found_); }
    bool full() const noexcept;

  private:
    void add(std::vector<candidate> page);

    http::client& client_;
    descriptor const& platform_;
    crypto::secret const& access_token_;
    deadline until_;
    std::size_t pages_ = 0;
    std::set<std::string> ids_;
    std::vector<candidate> found_;
};

} // namespace connectd::platforms
