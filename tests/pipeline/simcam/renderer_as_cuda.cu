// The renderer's second compiler: kernels over everything in render/. Compiled where nvcc is at hand, never run here.

#include "simcam/render/figures.h"

using namespace veilgate::simcam;

__global__ void draw_identities(Identity* out) { out[threadIdx.x] = make_identity(threadIdx.x, Variety{}); }

__global__ void draw_pixels(const Identity* who, float4* out, FaceTruth* truth, int width) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
  const HeadFigure head(*who, HeadPose{});
  const BodyFigure body(*who, Gait{}, 0, .1f);
  const Lens lens{18};
  const Ray ray = ray_through(lens, .01f * x, .01f * y);
  const Sample near = sample(head, Light{}, ray, 15, 21, .001f);
  const Sample far = sample(body, Light{}, ray, 12, 24, .001f);
  out[y * width + x] = make_float4(near.colour.x, near.coverage, far.colour.x, far.coverage);
  *truth = face_truth(head, lens);
}
