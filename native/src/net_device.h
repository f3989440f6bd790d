// SPDX-License-Identifier: MIT
// Questions about network devices that Node.js cannot ask, and one raw frame sent out of one.
// All in the network namespace of the calling thread.
#pragma once

#include <napi.h>

namespace libbpf {

Napi::Value ifIndex(const Napi::CallbackInfo& info);
Napi::Value ifName(const Napi::CallbackInfo& info);
Napi::Value driverName(const Napi::CallbackInfo& info);
Napi::Value ethtoolFlags(const Napi::CallbackInfo& info);
void sendFrame(const Napi::CallbackInfo& info);

}  // namespace libbpf
