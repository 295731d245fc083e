#pragma once
// The renderer is one source for two compilers: plain C++20 on the CPU (the test camera) and CUDA (training
// data). So everything under render/ is free functions on plain structs, without standard containers,
// allocation or exceptions.
//
// Thread word: reentrant (all of render/).

#if defined(__CUDACC__)
#define VG_DEVICE __host__ __device__
#define VG_DEVICE_NOINLINE __host__ __device__ __noinline__  // keeps the kernel inside the instruction cache
#else
#define VG_DEVICE
#define VG_DEVICE_NOINLINE
#endif
