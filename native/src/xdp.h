// SPDX-License-Identifier: MIT
// What a device says about XDP.
#pragma once

#include <napi.h>

namespace libbpf {

Napi::Value xdpQuery(const Napi::CallbackInfo& info);
Napi::Value xdpFeatures(const Napi::CallbackInfo& info);

}  // namespace libbpf
