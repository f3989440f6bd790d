// SPDX-License-Identifier: MIT
// Birth and death of an environment's state.
#include "environment.h"

namespace libbpf {

void Environment::create(Napi::Env env) {
  auto* environment = new Environment;
  env.SetInstanceData(environment);
  // Runs before finalizers, whose order is unspecified: afterwards no handle refers to this state any more.
  env.AddCleanupHook([](Environment* self) { self->handles.closeAll(); }, environment);
}

}  // namespace libbpf
