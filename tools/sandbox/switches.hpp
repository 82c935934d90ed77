// What a pretend platform does in another way when it is told to: an older version of it, a variant seen in
// the world. Everything is off at first.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

class switches {
  public:
    // These are on, all others off.
    void set(std::vector<std::string> on);

    bool on(std::string_view name) const;
    std::vector<std::string> list() const;

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> on_;
};

} // namespace connectd::sandbox
