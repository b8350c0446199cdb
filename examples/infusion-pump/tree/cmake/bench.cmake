# SPDX-License-Identifier: Apache-2.0
# The simulator of the ward's side of the line. Not part of the device.
include(FetchContent)

FetchContent_Declare(
  line-simulator
  GIT_REPOSITORY https://git.pump.example/bench/line-simulator.git
  GIT_TAG 4d1c0f6b7a2e9d8835c4b1a0f7e6d5c4b3a29180
)
FetchContent_Declare(
  fault-corpus
  URL https://git.pump.example/bench/fault-corpus-2.tar.gz
  URL_HASH SHA256=5b0c1f9be2a7d4634f1a8c9d7e6b5a40312f8e9dcba7654310fedcba98765432
)
FetchContent_MakeAvailable(line-simulator fault-corpus)
