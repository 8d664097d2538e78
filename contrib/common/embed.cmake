# contrib_embed(TARGET NAME FILE): compiles a file into the target as a string, to be declared by a
# header of the target's:
#
#     extern const char NAME[];              its bytes, and a NUL
#     extern const unsigned long NAME_size;  without the NUL
#     extern const char NAME_sha256[];       in base64, as a Content-Security-Policy names it
#
# As a script it is the step of the build: cmake -D IN=FILE -D NAME=NAME -D OUT=FILE.c -P embed.cmake

if(CMAKE_SCRIPT_MODE_FILE)
    file(READ ${IN} hex HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${lines}")
    file(SIZE ${IN} size)

    # SHA-256 is 32 bytes: ten times three, and two that are filled up.
    file(SHA256 ${IN} digest)
    string(SUBSTRING "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" 0 64 alphabet)
    set(base64 "")
    foreach(from RANGE 0 60 6)
        string(SUBSTRING "${digest}00" ${from} 6 group)
        foreach(shift 18 12 6 0)
            math(EXPR index "(0x${group} >> ${shift}) & 63")
            string(SUBSTRING "${alphabet}" ${index} 1 letter)
            string(APPEND base64 ${letter})
        endforeach()
    endforeach()
    string(SUBSTRING "${base64}" 0 43 base64)

    file(WRITE ${OUT} "extern const char ${NAME}[];
extern const unsigned long ${NAME}_size;
extern const char ${NAME}_sha256[];
const char ${NAME}[] = {${bytes}0};
const unsigned long ${NAME}_size = ${size};
const char ${NAME}_sha256[] = \"${base64}=\";
")
    return()
endif()

set(CONTRIB_EMBED ${CMAKE_CURRENT_LIST_FILE} CACHE INTERNAL "The step that embeds files")
function(contrib_embed TARGET NAME FILE)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${TARGET}-${NAME}.c)
    get_filename_component(in ${FILE} ABSOLUTE)
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -D IN=${in} -D NAME=${NAME} -D OUT=${out} -P ${CONTRIB_EMBED}
        DEPENDS ${in} ${CONTRIB_EMBED} VERBATIM)
    target_sources(${TARGET} PRIVATE ${out})
endfunction()
