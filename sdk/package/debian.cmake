# Run by cpack before it makes the packages from the staged files: what Debian wants otherwise than
# `cmake --install` leaves it. Only the owner may write, whatever the files of the source allow; manual
# pages and the list of changes are compressed; each package has its copyright; zsh's completions lie
# where packages put them.

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${CPACK_STRESSOR_TEXTS}/changelog.in ${CPACK_TEMPORARY_DIRECTORY}/changelog @ONLY)

function(compress FILE)
    execute_process(COMMAND gzip -9nf ${FILE} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(component ${CPACK_COMPONENTS_ALL})
    set(usr ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX})
    set(doc ${usr}/share/doc/${component})
    file(COPY ${CPACK_STRESSOR_TEXTS}/copyright ${CPACK_TEMPORARY_DIRECTORY}/changelog DESTINATION ${doc}
         FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    compress(${doc}/changelog)
    file(REMOVE ${doc}/LICENSE)
    execute_process(COMMAND chmod -R u=rwX,go=rX ${usr} COMMAND_ERROR_IS_FATAL ANY)
    file(GLOB pages ${usr}/share/man/man*/*.[1-9])
    foreach(page ${pages})
        compress(${page})
    endforeach()
    if(EXISTS ${usr}/share/zsh/site-functions)
        file(RENAME ${usr}/share/zsh/site-functions ${usr}/share/zsh/vendor-completions)
    endif()
endforeach()
