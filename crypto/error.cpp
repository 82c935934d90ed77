#include "crypto/error.hpp"

#include <string>

namespace connectd::crypto {
namespace {

char const* text(errc code) noexcept {
    switch (code) {
    case errc::malformed_encoding:
        return "the text is not in the expected encoding";
    case errc::malformed_id:
        return "the id is malformed or of another type";
    case errc::malformed_api_key:
        return "the API key is malformed";
    case errc::malformed_key:
        return "a key must be exactly 32 bytes";
    case errc::malformed_sealed_value:
        return "the sealed value is malformed";
    case errc::malformed_wrapped_key:
        return "the wrapped data key is malformed";
    case errc::unsupported_format:
        return "the value is in a format that this version does not know";
    case errc::no_master_key:
        return "no master key is given";
    case errc::wrong_master_key:
        return "the data key is wrapped under a master key that is not in the list";
    case errc::wrapped_key_refused:
        return "the wrapped data key is damaged or belongs to another workspace or version";
    case errc::no_data_key:
        return "the workspace has no data key";
    case errc::duplicate_key_version:
        return "two data keys of the workspace have the same version";
    case errc::unknown_key_version:
        return "the value is sealed under a data key that the workspace does not have";
    case errc::sealed_value_refused:
        return "the sealed value is damaged or belongs to another workspace, record or field";
    case errc::key_exhausted:
        return "the data key has reached its limit of seals and must be rotated";
    case errc::value_too_large:
        return "the value is too large to be sealed";
    }
    return "unknown error";
}

class category final : public boost::system::error_category {
  public:
    char const* name() const noexcept override { return "connectd.crypto"; }
    std::string message(int code) const override { return text(static_cast<errc>(code)); }
};

} // namespace

boost::system::error_category const& error_category() noexcept {
    static category const instance;
    return instance;
}

} // namespace connectd::crypto
