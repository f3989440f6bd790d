// SPDX-License-Identifier: MIT
// BpfObject: one ELF object file, from open over changes to load; owner of the maps and programs it made.
#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>
#include <string>

#include "handle.h"

namespace libbpf {

using ObjectPointer = std::unique_ptr<bpf_object, void (*)(bpf_object*)>;

class BpfObject : public Napi::ObjectWrap<BpfObject>, public Handle {
 public:
  struct Parts {
    ObjectPointer object;
    std::string name;
    bool keepLog;
  };
  static const napi_type_tag tag;
  static Napi::Function define(Napi::Env env);

  explicit BpfObject(const Napi::CallbackInfo& info);
  ~BpfObject() override { close(); }

 protected:
  void release() noexcept override;

 private:
  enum class Phase { open, loaded, failed };

  BpfObject(const Napi::CallbackInfo& info, Parts parts);

  static Napi::Value openStatic(const Napi::CallbackInfo& info);
  Napi::Value getName(const Napi::CallbackInfo& info);
  Napi::Value getLog(const Napi::CallbackInfo& info);
  void load(const Napi::CallbackInfo& info);
  Napi::Value map(const Napi::CallbackInfo& info);
  Napi::Value program(const Napi::CallbackInfo& info);
  Napi::Value btf(const Napi::CallbackInfo& info);
  void closeMethod(const Napi::CallbackInfo&) { close(); }

  // object_maps.cpp: what may be asked and changed before load.
  Napi::Value rodata(const Napi::CallbackInfo& info);
  void setRodata(const Napi::CallbackInfo& info);
  Napi::Value maps(const Napi::CallbackInfo& info);
  void setMaxEntries(const Napi::CallbackInfo& info);
  void reuseMap(const Napi::CallbackInfo& info);
  Napi::Value programs(const Napi::CallbackInfo& info);
  void setAutoload(const Napi::CallbackInfo& info);

  void requireUnloaded(Napi::Env env, const char* operation) const;
  void requireLoaded(Napi::Env env, const char* operation) const;
  bpf_map* findMap(const Napi::Value& name, const char* operation) const;
  bpf_program* findProgram(const Napi::Value& name, const char* operation) const;

  ObjectPointer object_;
  bool keepLog_;
  Phase phase_ = Phase::open;
  std::string log_;
  Owner children_;
};

}  // namespace libbpf
