# Files that travel inside the binary.

# The one whose modules tools/bootstrap installs, whatever else is in the PATH.
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
    set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# connectd_embed(TARGET NAME <name> HEADER <header> FUNCTION <namespace::function> FILES ...)
# Generates a source with the files' contents and adds it to the target. tools/embed_assets.py says what the header declares.
function(connectd_embed target)
    cmake_parse_arguments(arg "" "NAME;HEADER;FUNCTION" "FILES" ${ARGN})
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.cpp")
    set(files "")
    foreach(file ${arg_FILES})
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
        list(APPEND files "${file}")
    endforeach()
    add_custom_command(
        OUTPUT "${output}"
        COMMAND Python3::Interpreter "${CMAKE_SOURCE_DIR}/tools/embed_assets.py"
            --output "${output}" --include "${arg_HEADER}" --function "${arg_FUNCTION}" ${files}
        DEPENDS "${CMAKE_SOURCE_DIR}/tools/embed_assets.py" ${files}
        COMMENT "Embedding ${arg_NAME}"
        VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
