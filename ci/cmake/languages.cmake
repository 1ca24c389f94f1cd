# Fixtures in languages that CMake does not build here: their objects are made by commands of their own.

# splitstrip_source(ENTRY)
#
# Of an entry of a fixture's SOURCES, FILE or FILE:FLAG..., sets `file` and `own`, the flags of that file alone.
macro(splitstrip_source entry)
  string(REPLACE ":" ";" own "${entry}")
  list(POP_FRONT own file)
endmacro()

# splitstrip_gnat()
#
# Sets SPLITSTRIP_GNAT to the gcc that compiles Ada and SPLITSTRIP_LIBGNAT to the library that this needs, or
# to nothing: every gcc knows the language, but the compiler and the library are a package of their own.
function(splitstrip_gnat)
  find_program(SPLITSTRIP_GCC gcc NO_CACHE)
  set(library "")
  if(SPLITSTRIP_GCC)
    execute_process(COMMAND ${SPLITSTRIP_GCC} -print-file-name=adalib/libgnat.so
      OUTPUT_VARIABLE library OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  if(IS_ABSOLUTE "${library}")
    set(SPLITSTRIP_GNAT ${SPLITSTRIP_GCC} PARENT_SCOPE)
    set(SPLITSTRIP_LIBGNAT ${library} PARENT_SCOPE)
  else()
    set(SPLITSTRIP_GNAT "" PARENT_SCOPE)
    set(SPLITSTRIP_LIBGNAT "" PARENT_SCOPE)
  endif()
endfunction()

# splitstrip_objects(NAME SOURCES)
#
# Of the sources of fixture NAME: in `sources` what the project's own compilers take; in `objects` the objects
# that the rest become; in `runtime` the libraries that those need; in `missing`, where a compiler is not
# there, which package brings it.
function(splitstrip_objects name all)
  set(source ${PROJECT_SOURCE_DIR}/fixtures/${name})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.objects)
  set(flags -g -O2 -gdwarf-5 -fPIC -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${output}=.)
  foreach(variable IN ITEMS sources objects runtime missing)
    set(${variable} "")
  endforeach()
  foreach(entry IN LISTS all)
    splitstrip_source(${entry})
    get_filename_component(extension ${file} LAST_EXT)
    set(compiler "")
    string(REPLACE "." "_" object ${file})
    if(extension STREQUAL ".f90")
      find_program(SPLITSTRIP_GFORTRAN gfortran)
      set(compiler "${SPLITSTRIP_GFORTRAN}")
      set(needs "gfortran: install package gfortran (Debian) or gcc-gfortran (Fedora)")
      set(command ${compiler} ${flags} -J . ${own} -c ${source}/${file} -o)
      list(APPEND runtime gfortran)
    elseif(extension STREQUAL ".adb")
      splitstrip_gnat()
      set(compiler "${SPLITSTRIP_GNAT}")
      set(needs "gnat: install package gnat (Debian) or gcc-gnat (Fedora)")
      set(command ${compiler} ${flags} ${own} -c ${source}/${file} -o)
      # No object of another name is taken.
      get_filename_component(object ${file} NAME_WE)
      list(APPEND runtime ${SPLITSTRIP_LIBGNAT})
    elseif(extension STREQUAL ".d")
      find_program(SPLITSTRIP_GDC gdc)
      set(compiler "${SPLITSTRIP_GDC}")
      set(needs "gdc: install package gdc (Debian) or gcc-gdc (Fedora)")
      set(command ${compiler} ${flags} -fno-druntime -c ${source}/${file} -o)
    elseif(extension STREQUAL ".rs")
      # The distribution's, whatever else is in PATH.
      find_program(SPLITSTRIP_RUSTC rustc PATHS /usr/bin NO_DEFAULT_PATH)
      set(compiler "${SPLITSTRIP_RUSTC}")
      set(needs "rustc: install package rustc (Debian) or rust (Fedora)")
      set(command ${compiler} --edition 2021 --crate-type lib --emit obj -g -C opt-level=2 -C panic=abort
        -C relocation-model=pic -C codegen-units=1 --remap-path-prefix ${PROJECT_SOURCE_DIR}/=
        --remap-path-prefix ${output}=. ${source}/${file} -o)
    elseif(extension STREQUAL ".S")
      # Frames are written for one machine.
      if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
        set(compiler ${CMAKE_C_COMPILER})
      endif()
      set(needs "x86-64, for which its assembly is written")
      set(command ${compiler} ${flags} -c ${source}/${file} -o)
    else()
      list(APPEND sources ${source}/${file})
      set_property(SOURCE ${source}/${file} PROPERTY COMPILE_OPTIONS ${own})
      continue()
    endif()
    if(NOT compiler)
      set(missing "needs ${needs}")
      continue()
    endif()
    file(MAKE_DIRECTORY ${output})
    file(GLOB specifications ${source}/*.ads)
    add_custom_command(OUTPUT ${output}/${object}.o COMMAND ${command} ${object}.o
      DEPENDS ${source}/${file} ${specifications} WORKING_DIRECTORY ${output} VERBATIM)
    set_source_files_properties(${output}/${object}.o PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    list(APPEND objects ${output}/${object}.o)
  endforeach()
  foreach(variable IN ITEMS sources objects runtime missing)
    set(${variable} "${${variable}}" PARENT_SCOPE)
  endforeach()
endfunction()
