// Scripted answers of a Graph API: errors that no request provokes, because they tell what happened to a
// person or a page elsewhere (a changed password, a checkpoint, a lost role, a block). A trouble holds for
// the calls that match it until it is cleared, or for a number of them; the oldest that matches wins.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/error.hpp"

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::graph {

// Empty members match everything.
struct trouble {
    std::string person{};   // by name: whose token it is
    std::string object{};   // an id: that the path names, or that the token stands for
    std::string endpoint{}; // as the personality names it
    graph_error error{};
    std::optional<std::uint64_t> times{}; // none: until cleared
};

class troubles {
  public:
    std::uint64_t add(trouble scripted);

    // False when there is none of that id.
    bool clear(std::uint64_t id);
    void clear();

    struct entry {
        std::uint64_t id = 0;
        trouble scripted;
        std::uint64_t hits = 0;
    };
    std::vector<entry> list() const;

    // Consumes one use of the oldest that matches.
    std::optional<graph_error> strike(std::string_view person,
                                      std::initializer_list<std::string_view> objects,
                                      std::string_view endpoint);

  private:
    mutable std::mutex mutex_;
    std::vector<entry> entries_;
    std::uint64_t last_id_ = 0;
};

} // namespace connectd::sandbox::graph
