// What keeps the server from starting, in a sentence for the operator. Thrown at start-up only; main prints
// it.
#pragma once

#include <stdexcept>

namespace connectd::server {

class start_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

} // namespace connectd::server
