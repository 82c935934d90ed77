// The servers of Flock (tests/support/flock.hpp) as the server under test meets them: every consent is Ada's,
// a code is anything, and the pages are what the test says.
//
// Safe from all threads: the script runs on its own.
#pragma once

#include "tests/support/scratch_folder.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

class scripted_server; // whose header has another thing called answer

class flock_server {
  public:
    flock_server();
    ~flock_server();

    // A folder with the operator's files of Flock and its like, for `platforms_dir`.
    std::filesystem::path const& platform_files() const { return files_.path(); }

    // The pages that Ada's next consents reach, by their ids.
    void set_pages(std::vector<std::string> ids);
    // The answer to the list of pages instead, until set_pages.
    void fail_pages(std::string status);

    std::size_t requests(std::string_view target) const;
    // The tokens that were revoked, in order.
    std::vector<std::string> revoked() const;

    static std::string token_of_page(std::string const& id) { return "flock-token-of-page-" + id; }
    static constexpr std::string_view token_of_ada = "flock-token-of-ada";

  private:
    std::string answer_to(std::string const& request);
    std::string pages() const;

    mutable std::mutex guard_;
    std::vector<std::string> ids_;
    std::string failure_;
    std::vector<std::string> targets_;
    std::vector<std::string> revoked_;
    scratch_folder files_;
    std::unique_ptr<scripted_server> server_; // last: its threads use the rest
};

} // namespace connectd::tests
