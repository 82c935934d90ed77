#include "storage/schema.hpp"

#include "storage/record_codec.hpp"

namespace connectd::storage {
namespace {

struct schema_stamp {
    std::uint32_t version = 0;
};
BOOST_DESCRIBE_STRUCT(schema_stamp, (), (version))

} // namespace

std::string encode_schema_stamp(std::uint32_t version) {
    return encode_record(schema_stamp{version});
}

std::optional<open_failure> refuse_schema(std::string_view stamp) {
    auto const decoded = decode_record<schema_stamp>(stamp);
    if (!decoded || decoded->version == 0)
        return open_failure{errc::corrupt_record, "its schema stamp is damaged"};
    if (decoded->version > schema_version)
        return open_failure{errc::schema_too_new,
                            "its data has schema version " + std::to_string(decoded->version) +
                                " and this program knows versions up to " + std::to_string(schema_version) +
                                ": start the newer version of connectd that wrote it"};
    return std::nullopt;
}

} // namespace connectd::storage
