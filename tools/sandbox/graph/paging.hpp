// Cursor paging of Graph APIs: `limit`, `after` and `before` come in, `paging.cursors` goes out, and where
// the platform gives them the absolute URLs of the neighbouring pages, which carry the access token.
//
// Values and pure functions; any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/graph/fields.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <variant>

namespace connectd::sandbox::graph {

// The part of a list that one answer shows.
struct window {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t limit = 0;
    std::size_t total = 0;
};

struct page_sizes {
    std::size_t usual = 25;
    std::size_t most = 100;
};

// The part that the parameters ask for of a list of `total`. A limit above the most is cut down to it.
std::variant<window, graph_error> read_window(form const& parameters, std::size_t total,
                                              page_sizes sizes = {});

// {"data":[...],"paging":{"cursors":{...},"next":...}} of a list of `total`, whose members `item` makes by
// their index. A last page has cursors too; an empty one has no paging at all. `base` is the URL of the list;
// empty: cursors come without URLs. `token` goes into them.
object_or_error list_of(form const& parameters, std::size_t total, std::string const& base,
                        std::string const& token,
                        std::function<object_or_error(std::size_t index)> const& item, page_sizes sizes = {});

} // namespace connectd::sandbox::graph
