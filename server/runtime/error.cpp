#include "server/runtime/error.hpp"

#include <string>

namespace connectd::server::runtime {

namespace {

class category final : public boost::system::error_category {
  public:
    char const* name() const noexcept override { return "connectd.runtime"; }

    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
        case errc::timed_out:
            return "the deadline passed";
        case errc::queue_full:
            return "too much work is waiting already";
        case errc::stopped:
            return "shutting down";
        }
        return "unknown runtime error";
    }
};

} // namespace

boost::system::error_category const& runtime_category() noexcept {
    static category const instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), runtime_category()};
}

} // namespace connectd::server::runtime
