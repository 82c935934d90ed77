// What the control API controls: references to every part of one sandbox.
#pragma once

#include "tools/sandbox/clock.hpp"
#include "tools/sandbox/faults.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/platform.hpp"

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::control {

// Everything outlives it.
struct parts {
    sandbox_clock& clock;
    people& persons;
    std::vector<platform*> platforms;
    fault_plan& faults;
    journal& log;
    std::map<std::string, std::string, std::less<>> urls; // by name

    // Null when there is none of that name.
    platform* find(std::string_view name) const {
        for (auto* const each : platforms) {
            if (each->name() == name)
                return each;
        }
        return nullptr;
    }

    // The platform of that class. Requires: there is one, as there is for its own routes.
    template <class Platform>
    Platform& get() const {
        for (auto* const each : platforms) {
            if (auto* const found = dynamic_cast<Platform*>(each))
                return *found;
        }
        throw std::logic_error{"this sandbox does not pretend that platform"};
    }

    // "x, bluesky", for problems that name what there is.
    std::string names() const {
        std::string text;
        for (auto const* const each : platforms)
            text.append(text.empty() ? "" : ", ").append(each->name());
        return text;
    }
};

} // namespace connectd::sandbox::control
