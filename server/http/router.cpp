#include "server/http/router.hpp"

#include "server/http/parameters.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace connectd::server::http {

namespace {

std::string_view next_segment(std::string_view& rest) noexcept {
    auto const end = std::min(rest.find('/'), rest.size());
    auto const segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

[[noreturn]] void refuse(std::string_view pattern, std::string_view why) {
    throw std::invalid_argument{"route pattern " + std::string{pattern} + ": " + std::string{why}};
}

} // namespace

// One segment of the tree of patterns. Every place where a pattern ends keeps its own parameter names,
// because
// `/a/{id}` and `/a/{key}/b` share a node.
struct router::node {
    struct end {
        route const* target;
        std::vector<std::string> names;
    };
    using ends = std::map<std::string, end, std::less<>>; // by method; "" is any

    std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
    std::unique_ptr<node> parameter;
    ends here;
    ends below; // of `{name*}`

    static end const* choose(ends const& among, std::string_view method) {
        auto found = among.find(method);
        if (found == among.end() && method == "HEAD") {
            found = among.find("GET");
        }
        if (found == among.end()) {
            found = among.find("");
        }
        return found == among.end() ? nullptr : &found->second;
    }
};

// One walk through the tree. `values` holds what the parameters on the way matched.
struct router::search {
    std::string_view method;
    std::vector<std::string_view> values{};
    std::vector<std::string> allow{};
    node::end const* found = nullptr;
    bool malformed = false;

    bool take(node::ends const& ends) {
        found = node::choose(ends, method);
        if (found != nullptr) {
            return true;
        }
        for (auto const& [name, end] : ends) {
            if (std::find(allow.begin(), allow.end(), name) == allow.end()) {
                allow.push_back(name);
            }
        }
        return false;
    }

    // `rest` is what is left of the path behind the slash that led here; `more` is false when there was none.
    bool walk(node const& at, std::string_view rest, bool more) {
        if (!more) {
            return take(at.here);
        }
        auto behind = rest;
        auto const raw = next_segment(behind);
        bool const again = raw.size() < rest.size();
        if (auto const* literal = find_literal(at, raw);
            literal != nullptr && walk(*literal, behind, again)) {
            return true;
        }
        if (at.parameter && !raw.empty() && raw != "." && raw != "..") {
            values.push_back(raw);
            if (walk(*at.parameter, behind, again)) {
                return true;
            }
            values.pop_back();
        }
        if (!at.below.empty()) {
            values.push_back(rest);
            if (take(at.below)) {
                return true;
            }
            values.pop_back();
        }
        return false;
    }

    node const* find_literal(node const& at, std::string_view raw) {
        if (raw.find('%') == std::string_view::npos) {
            auto const entry = at.literals.find(raw);
            return entry == at.literals.end() ? nullptr : entry->second.get();
        }
        auto const decoded = percent_decode(raw);
        if (!decoded) {
            malformed = true;
            return nullptr;
        }
        auto const entry = at.literals.find(*decoded);
        return entry == at.literals.end() ? nullptr : entry->second.get();
    }
};

router::router() : root_{std::make_unique<node>()} {}
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;
router::~router() = default;

void router::add(std::string method, std::string_view pattern, handler run, bodies taken) {
    if (method.empty()) {
        refuse(pattern, "an empty method");
    }
    insert(std::move(method), pattern, std::move(run), taken);
}

void router::add_any(std::string_view pattern, handler run, bodies taken) {
    insert({}, pattern, std::move(run), taken);
}

void router::insert(std::string method, std::string_view pattern, handler run, bodies taken) {
    if (pattern.empty() || pattern.front() != '/') {
        refuse(pattern, "does not begin with a slash");
    }
    node* at = root_.get();
    node::ends* ends = nullptr;
    std::vector<std::string> names;
    auto rest = pattern.substr(1);
    for (bool more = true; more;) {
        auto const before = rest.size();
        auto segment = next_segment(rest);
        more = segment.size() < before;
        if (segment.find_first_of("{}") == std::string_view::npos) {
            auto& next = at->literals[std::string{segment}];
            next = next ? std::move(next) : std::make_unique<node>();
            at = next.get();
            continue;
        }
        if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') {
            refuse(pattern, "a brace inside a segment");
        }
        segment = segment.substr(1, segment.size() - 2);
        bool const tail = segment.back() == '*';
        segment.remove_suffix(tail ? 1 : 0);
        if (segment.empty() || segment.find_first_of("{}*") != std::string_view::npos ||
            std::find(names.begin(), names.end(), segment) != names.end()) {
            refuse(pattern, "a parameter name that is empty, odd or used twice");
        }
        names.emplace_back(segment);
        if (tail) {
            if (more) {
                refuse(pattern, "something behind the rest of the path");
            }
            ends = &at->below;
        } else {
            at->parameter = at->parameter ? std::move(at->parameter) : std::make_unique<node>();
            at = at->parameter.get();
        }
    }
    ends = ends != nullptr ? ends : &at->here;
    if (ends->contains(method)) {
        refuse(pattern, "taken already");
    }
    routes_.push_back({method, std::string{pattern}, std::move(run), routes_.size(), taken});
    ends->emplace(std::move(method), node::end{&routes_.back(), std::move(names)});
}

// Null where no pattern begins with it.
router::node const* router::below(std::string_view prefix) const {
    node const* at = root_.get();
    for (auto rest = prefix.substr(std::min<std::size_t>(1, prefix.size())); !rest.empty();) {
        auto const next = at->literals.find(next_segment(rest));
        if (next == at->literals.end()) {
            return nullptr;
        }
        at = next->second.get();
    }
    return at;
}

void router::add_host(std::string host, std::string_view prefix) {
    auto const* at = below(prefix);
    if (at == nullptr) {
        refuse(prefix, "no pattern begins with it");
    }
    hosts_.insert_or_assign(std::move(host), at);
}

router::node const& router::root_for(request const& asked) const {
    std::string_view const host{asked.host};
    auto found = hosts_.find(host);
    if (auto const port = host.rfind(':'); found == hosts_.end() && port != std::string_view::npos) {
        found = hosts_.find(host.substr(0, port));
    }
    if (found != hosts_.end()) {
        return *found->second;
    }
    auto const prefix = choice_ == nullptr ? std::string_view{} : choice_(asked);
    return prefix.empty() ? *root_ : *below(prefix);
}

router::lookup router::find(request& asked) const {
    std::string_view const path{asked.raw_path};
    if (path.empty() || path.front() != '/') {
        return {};
    }
    search walking{.method = asked.method};
    if (!walking.walk(root_for(asked), path.substr(1), true)) {
        if (std::find(walking.allow.begin(), walking.allow.end(), "GET") != walking.allow.end() &&
            std::find(walking.allow.begin(), walking.allow.end(), "HEAD") == walking.allow.end()) {
            walking.allow.emplace_back("HEAD");
        }
        return {.allow = std::move(walking.allow), .malformed = walking.malformed};
    }
    auto const& names = walking.found->names;
    bool const tail = walking.found->target->pattern.ends_with("*}");
    for (std::size_t index = 0; index < names.size(); ++index) {
        auto const raw = walking.values[index];
        if (tail && index + 1 == names.size()) {
            asked.path_parameters.emplace_back(names[index], std::string{raw});
            continue;
        }
        auto decoded = percent_decode(raw);
        if (!decoded || *decoded == "." || *decoded == "..") {
            return {.malformed = true};
        }
        asked.path_parameters.emplace_back(names[index], std::move(*decoded));
    }
    asked.route = walking.found->target->pattern;
    asked.route_index = walking.found->target->index;
    return {.found = walking.found->target};
}

} // namespace connectd::server::http
