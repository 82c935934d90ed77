// Boards and pins of Pinterest's API v5: lists by bookmark, a board without media as the cheapest write, and
// pins, which need a board and a picture.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/pinterest/boards.hpp"
#include "tools/sandbox/pinterest/gate.hpp"
#include "tools/sandbox/posts.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::pinterest {

class board_api {
  public:
    // Requires: all outlive this object.
    board_api(people const& persons, boards& all, gate& door, posts& written, journal& events)
        : people_{persons}, boards_{all}, gate_{door}, posts_{written}, events_{events} {}

    reply list_boards(call const& request, sys_ms now);
    reply create_board(call const& request, sys_ms now);
    reply create_pin(call const& request, sys_ms now);
    reply show_pin(call const& request, sys_ms now);

  private:
    reply list(call const& request, passed const& with, sys_ms now);
    reply create(call const& request, passed const& with, sys_ms now);
    reply pin(call const& request, passed const& with, sys_ms now);
    boost::json::object show(board const& each, person_ref owner) const;

    people const& people_;
    boards& boards_;
    gate& gate_;
    posts& posts_;
    journal& events_;
};

} // namespace connectd::sandbox::pinterest
