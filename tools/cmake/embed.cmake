# Files that travel inside the binary.

find_package(Python3 REQUIRED COMPONENTS Interpreter)

# connectd_embed(TARGET NAME <name> HEADER <header> FUNCTION <namespace::function> FILES ...)
# Generates a source with the files' contents and adds it to the target. tools/embed_assets.py says what the header declares.
function(connectd_embed target)
    cmake_parse_arguments(arg "" "NAME;HEADER;FUNCTION" "FILES" ${ARGN})
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.cpp")
    list(TRANSFORM arg_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND Python3::Interpreter "${CMAKE_SOURCE_DIR}/tools/embed_assets.py"
            --output "${output}" --include "${arg_HEADER}" --function "${arg_FUNCTION}" ${arg_FILES}
        DEPENDS "${CMAKE_SOURCE_DIR}/tools/embed_assets.py" ${arg_FILES}
        COMMENT "Embedding ${arg_NAME}"
        VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
