// The boards of the pretend Pinterest. Whoever has none yet has two from the first look on, so that there is
// somewhere to pin.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/people.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::pinterest {

struct board {
    std::string id; // decimal
    std::string name;
    std::string description;
    std::string privacy = "PUBLIC"; // PROTECTED, SECRET
    sys_ms created_at{};
};

class boards {
  public:
    // Nothing when the owner has a board of that name.
    std::optional<board> create(person_ref owner, board wanted, sys_ms now);

    // Theirs, oldest first.
    std::vector<board> list(person_ref owner, sys_ms now);
    std::optional<board> find(person_ref owner, std::string_view id, sys_ms now);

    void clear();

  private:
    std::vector<board>& of(person_ref owner, sys_ms now);
    std::string next_id();

    std::mutex mutex_;
    std::map<person_ref, std::vector<board>> by_owner_;
    std::uint64_t made_ = 0;
};

} // namespace connectd::sandbox::pinterest
