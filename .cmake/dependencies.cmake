# Debian 12 packages only; one line of reason for each in docs/decisions/0002-dependencies.md.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)

function(vg_third_party name)
  cmake_parse_arguments(ARG "" "" "PKG;LINK;INCLUDE" ${ARGN})
  add_library(vg_3rd_${name} INTERFACE)
  if(ARG_PKG)
    pkg_check_modules(VG_${name} REQUIRED IMPORTED_TARGET GLOBAL ${ARG_PKG})
    target_link_libraries(vg_3rd_${name} INTERFACE PkgConfig::VG_${name})
  endif()
  target_link_libraries(vg_3rd_${name} INTERFACE ${ARG_LINK})
  target_include_directories(vg_3rd_${name} SYSTEM INTERFACE ${ARG_INCLUDE})
endfunction()

vg_third_party(yaml PKG yaml-cpp)
vg_third_party(sqlite PKG sqlite3)
vg_third_party(gstreamer PKG gstreamer-1.0 gstreamer-base-1.0 gstreamer-video-1.0 gstreamer-app-1.0
               gstreamer-rtsp-1.0 gstreamer-sdp-1.0 gio-2.0)
vg_third_party(rtsp_server PKG gstreamer-rtsp-server-1.0 gstreamer-rtp-1.0)
vg_third_party(openssl LINK OpenSSL::Crypto OpenSSL::SSL)
vg_third_party(json LINK nlohmann_json::nlohmann_json)
vg_third_party(cli11 LINK CLI11::CLI11)
vg_third_party(spdlog LINK spdlog::spdlog)
# Debian ships OpenCV's CMake package only with libopencv-dev, which pulls in half a desktop; the libraries suffice.
vg_third_party(opencv INCLUDE /usr/include/opencv4 LINK opencv_core opencv_imgproc opencv_imgcodecs opencv_dnn opencv_video)
vg_third_party(dlib LINK dlib lapack blas)   # the HOG templates call LAPACK from our own units
vg_third_party(paho LINK paho-mqttpp3 paho-mqtt3as)
vg_third_party(boost LINK Threads::Threads)   # Asio and Beast are header-only
