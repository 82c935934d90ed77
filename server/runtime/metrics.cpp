#include "server/runtime/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <variant>

namespace connectd::server::runtime {

namespace {

enum class kind { counter, gauge, histogram };

constexpr std::string_view to_string(kind value) noexcept {
    return value == kind::counter ? "counter" : value == kind::gauge ? "gauge" : "histogram";
}

using reader = std::function<double()>;
using metric = std::variant<std::monostate, std::unique_ptr<counter>, std::unique_ptr<gauge>,
                            std::unique_ptr<histogram>, reader>;

struct family {
    kind is;
    std::string help;
    std::vector<double> bounds{};            // of histograms
    std::map<std::string, metric> members{}; // by their labels in text form, sorted by label name
};

bool is_name(std::string_view text, bool colon_allowed) noexcept {
    auto const letter = [colon_allowed](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colon_allowed && c == ':');
    };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Help texts escape backslash and line feed; label values the quote as well.
std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (char const c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\\' || (quotes && c == '"')) {
            out += '\\';
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

std::string label_text(metric_labels labels, kind is) {
    std::sort(labels.begin(), labels.end());
    std::string text;
    std::string_view previous;
    for (auto const& [name, value] : labels) {
        bool const reserved = name.starts_with("__") || (is == kind::histogram && name == "le");
        if (!is_name(name, false) || reserved || name == previous) {
            throw std::invalid_argument{"bad metric label: " + name};
        }
        previous = name;
        text += (text.empty() ? "" : ",") + name + "=\"" + escaped(value, true) + '"';
    }
    return text;
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 32> digits{};
    auto const written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), written.ptr};
}

void check_bounds(std::vector<double> const& bounds) {
    bool const finite =
        std::all_of(bounds.begin(), bounds.end(), [](double bound) { return std::isfinite(bound); });
    bool const ascending =
        std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>{}) == bounds.end();
    if (bounds.empty() || !finite || !ascending) {
        throw std::invalid_argument{"histogram bounds must be finite and ascending"};
    }
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
    out += name;
    if (!labels.empty()) {
        out += '{';
        out += labels;
        out += '}';
    }
    out += ' ';
    out += value;
    out += '\n';
}

// The count is the sum of the buckets as read here, so that the lines of one exposition agree with each other
// while other threads observe.
void append_histogram(std::string& out, std::string const& name, std::string const& labels,
                      histogram const& from) {
    std::uint64_t cumulative = 0;
    for (std::size_t index = 0; index <= from.bounds().size(); ++index) {
        cumulative += from.bucket(index);
        auto const bound = index < from.bounds().size() ? number(from.bounds()[index]) : std::string{"+Inf"};
        append_sample(out, name + "_bucket", labels + (labels.empty() ? "" : ",") + "le=\"" + bound + '"',
                      std::to_string(cumulative));
    }
    append_sample(out, name + "_sum", labels, number(from.sum()));
    append_sample(out, name + "_count", labels, std::to_string(cumulative));
}

void append_metric(std::string& out, std::string const& name, std::string const& labels, metric const& from) {
    if (auto const* count = std::get_if<std::unique_ptr<counter>>(&from)) {
        append_sample(out, name, labels, std::to_string((*count)->value()));
    } else if (auto const* level = std::get_if<std::unique_ptr<gauge>>(&from)) {
        append_sample(out, name, labels, std::to_string((*level)->value()));
    } else if (auto const* spread = std::get_if<std::unique_ptr<histogram>>(&from)) {
        append_histogram(out, name, labels, **spread);
    } else {
        append_sample(out, name, labels, number(std::get<reader>(from)()));
    }
}

} // namespace

histogram::histogram(std::vector<double> bounds) : bounds_{std::move(bounds)}, buckets_(bounds_.size() + 1) {
    check_bounds(bounds_);
}

void histogram::observe(double value) noexcept {
    auto const place = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    buckets_[static_cast<std::size_t>(place - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t histogram::count() const noexcept {
    std::uint64_t total = 0;
    for (auto const& bucket : buckets_) {
        total += bucket.load(std::memory_order_relaxed);
    }
    return total;
}

std::vector<double> latency_bounds() {
    return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

struct metrics_registry::state {
    std::mutex mutex{};
    std::map<std::string, family, std::less<>> families{};

    // The place of one metric, empty when it is new. Requires: `mutex` is held.
    metric& place(std::string_view name, std::string_view help, kind is, metric_labels labels,
                  std::vector<double> bounds = {}) {
        auto const text = label_text(std::move(labels), is);
        if (!is_name(name, true)) {
            throw std::invalid_argument{"bad metric name: " + std::string{name}};
        }
        if (is == kind::counter && !name.ends_with("_total")) {
            throw std::invalid_argument{"the name of a counter ends in _total: " + std::string{name}};
        }
        auto found = families.find(name);
        if (found == families.end()) {
            found =
                families.emplace(std::string{name}, family{is, std::string{help}, std::move(bounds)}).first;
        } else if (found->second.is != is || found->second.help != help || found->second.bounds != bounds) {
            throw std::invalid_argument{"metric registered before with another meaning: " +
                                        std::string{name}};
        }
        return found->second.members[text];
    }

    // Requires: `mutex` is held.
    template <class T, class... Arguments>
    static T& get_or_make(metric& at, Arguments const&... arguments) {
        if (std::holds_alternative<std::monostate>(at)) {
            at = std::make_unique<T>(arguments...);
        }
        auto* const known = std::get_if<std::unique_ptr<T>>(&at);
        if (known == nullptr) {
            throw std::invalid_argument{"metric registered before as one that is read"};
        }
        return **known;
    }

    // Requires: `mutex` is held.
    static void set_reader(metric& at, reader read) {
        // Others hold references to a metric that is written.
        if (!std::holds_alternative<std::monostate>(at) && !std::holds_alternative<reader>(at)) {
            throw std::invalid_argument{"metric registered before as one that is written"};
        }
        at = std::move(read);
    }
};

metrics_registry::metrics_registry() : state_{std::make_unique<state>()} {}

metrics_registry::~metrics_registry() = default;

counter& metrics_registry::add_counter(std::string_view name, std::string_view help, metric_labels labels) {
    std::lock_guard const lock{state_->mutex};
    return state::get_or_make<counter>(state_->place(name, help, kind::counter, std::move(labels)));
}

gauge& metrics_registry::add_gauge(std::string_view name, std::string_view help, metric_labels labels) {
    std::lock_guard const lock{state_->mutex};
    return state::get_or_make<gauge>(state_->place(name, help, kind::gauge, std::move(labels)));
}

histogram& metrics_registry::add_histogram(std::string_view name, std::string_view help,
                                           std::vector<double> bounds, metric_labels labels) {
    check_bounds(bounds); // before a place is made for it
    std::lock_guard const lock{state_->mutex};
    return state::get_or_make<histogram>(
        state_->place(name, help, kind::histogram, std::move(labels), bounds), bounds);
}

void metrics_registry::add_gauge_reader(std::string_view name, std::string_view help,
                                        std::function<double()> read, metric_labels labels) {
    std::lock_guard const lock{state_->mutex};
    state::set_reader(state_->place(name, help, kind::gauge, std::move(labels)), std::move(read));
}

void metrics_registry::add_counter_reader(std::string_view name, std::string_view help,
                                          std::function<double()> read, metric_labels labels) {
    std::lock_guard const lock{state_->mutex};
    state::set_reader(state_->place(name, help, kind::counter, std::move(labels)), std::move(read));
}

std::string metrics_registry::expose() const {
    std::lock_guard const lock{state_->mutex};
    std::string out;
    for (auto const& [name, members_of] : state_->families) {
        out += "# HELP " + name + ' ' + escaped(members_of.help, false) + '\n';
        out += "# TYPE " + name + ' ';
        out += to_string(members_of.is);
        out += '\n';
        for (auto const& [labels, one] : members_of.members) {
            append_metric(out, name, labels, one);
        }
    }
    return out;
}

} // namespace connectd::server::runtime
