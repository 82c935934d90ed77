// How many rows there are. For figures that people see, and bounded: it reads what it counts.
#pragma once

#include "storage/kv.hpp"

#include <cstddef>
#include <string>

namespace connectd::storage {

// The rows of a family whose keys begin with `prefix`; no more than `most` are counted. A coroutine on the
// caller's executor. Errors: those of kv::scan.
task<result<std::size_t>> count_rows(kv& store, family where, std::string prefix, std::size_t most);

} // namespace connectd::storage
