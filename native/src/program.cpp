// SPDX-License-Identifier: MIT
// A program's origin and what the kernel says about it; running it is in test_run.cpp, attaching it in link.cpp.
#include "program.h"

#include <bpf/bpf.h>

#include <vector>

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"

namespace libbpf {

const napi_type_tag Program::tag = {0x6c69626270707267, 0x8f5a1c0e7d3b4a03};

Napi::Function Program::define(Napi::Env env) {
  return DefineClass(env, "Program", withDispose<Program, &Program::closeMethod>(env, {
      StaticMethod<&Program::openPin>("openPin"),
      StaticMethod<&Program::openId>("openId"),
      InstanceAccessor<&Program::getFd>("fd"),
      InstanceMethod<&Program::info>("info"),
      InstanceMethod<&Program::testRun>("testRun"),
      InstanceMethod<&Program::pin>("pin"),
  }));
}

Program::Program(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Program>(info),
      FdHandle("program", info.Env(),
               takeParts<Program>(info, "BpfObject.program(), Program.openPin() or Program.openId()")) {
  info.This().As<Napi::Object>().TypeTag(&tag);
}

Napi::Value Program::openPin(const Napi::CallbackInfo& info) {
  UniqueFd fd = openPinned(info, "program openPin", "prog");
  return make<Program>(info.Env(), &Environment::program, {std::move(fd), pathArgument(info[0])});
}

Napi::Value Program::openId(const Napi::CallbackInfo& info) {
  uint32_t id = unsignedArgument(info[0], "id");
  UniqueFd fd(bpf_prog_get_fd_by_id(id));
  if (!fd) fail(info.Env(), {.error = errno, .operation = "program openId", .object = std::to_string(id)});
  return make<Program>(info.Env(), &Environment::program, {std::move(fd), std::to_string(id)});
}

Napi::Value Program::getFd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), fd(info.Env(), "program fd"));
}

namespace {

std::string hex(const uint8_t* bytes, size_t length) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < length; i++) text += {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
  return text;
}

// Asks twice: the first answer tells how many map ids there are.
int readInfo(int fd, bpf_prog_info& facts, std::vector<uint32_t>& mapIds) {
  uint32_t size = sizeof facts;
  if (bpf_obj_get_info_by_fd(fd, &facts, &size)) return errno;
  mapIds.resize(facts.nr_map_ids);
  facts = {};
  facts.nr_map_ids = static_cast<uint32_t>(mapIds.size());
  facts.map_ids = reinterpret_cast<uint64_t>(mapIds.data());
  size = sizeof facts;
  return bpf_obj_get_info_by_fd(fd, &facts, &size) ? errno : 0;
}

}  // namespace

Napi::Value Program::info(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  bpf_prog_info facts{};
  std::vector<uint32_t> mapIds;
  int error = readInfo(fd(env, "program info"), facts, mapIds);
  if (error) fail(env, {.error = error, .operation = "program info", .object = name_});
  auto object = Napi::Object::New(env);
  object.Set("id", facts.id);
  object.Set("type", facts.type);
  object.Set("name", std::string(facts.name, strnlen(facts.name, sizeof facts.name)));
  object.Set("tag", hex(facts.tag, sizeof facts.tag));
  object.Set("instructions", facts.xlated_prog_len / static_cast<uint32_t>(sizeof(bpf_insn)));
  object.Set("verifiedInstructions", facts.verified_insns);
  object.Set("jitedSize", facts.jited_prog_len);
  object.Set("btfId", facts.btf_id);
  object.Set("runTimeNs", Napi::BigInt::New(env, static_cast<uint64_t>(facts.run_time_ns)));
  object.Set("runCount", Napi::BigInt::New(env, static_cast<uint64_t>(facts.run_cnt)));
  auto ids = Napi::Array::New(env);
  for (uint32_t id : mapIds) ids.Set(ids.Length(), id);
  object.Set("mapIds", ids);
  return object;
}

}  // namespace libbpf
