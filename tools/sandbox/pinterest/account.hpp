// GET /v5/user_account: who the person is at the pretend Pinterest. Businesses have a name of their own, or
// none; people have only a user name.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/people.hpp"
#include "tools/sandbox/pinterest/boards.hpp"
#include "tools/sandbox/pinterest/gate.hpp"

#include <string>

namespace connectd::sandbox::pinterest {

// The trait of a person whose business account has no name.
constexpr std::string_view no_business_name = "pinterest_no_business_name";

// The path that profile pictures are shown under.
constexpr std::string_view picture_folder = "/280x280_RS/";

// Digits, beyond 2^53.
std::string account_id(person const& who);
std::string account_username(person const& who);

class account {
  public:
    // Requires: all outlive this object. `public_url` is where this platform is reached, for picture links.
    account(people const& persons, boards& all, gate& door, std::string public_url)
        : people_{persons}, boards_{all}, gate_{door}, public_url_{std::move(public_url)} {}

    reply show(call const& request, sys_ms now);

    // A person's pretend picture, by the last part of the path.
    reply picture(call const& request) const;

  private:
    people const& people_;
    boards& boards_;
    gate& gate_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::pinterest
