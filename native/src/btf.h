// SPDX-License-Identifier: MIT
// Type information that is in the kernel, as raw BTF.
#pragma once

#include <napi.h>

namespace libbpf {

Napi::Value btfById(const Napi::CallbackInfo& info);
Napi::Value vmlinuxBtf(const Napi::CallbackInfo& info);

}  // namespace libbpf
