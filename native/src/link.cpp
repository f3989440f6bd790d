// SPDX-License-Identifier: MIT
// Attaching programs to devices by BPF links, which vanish with their last descriptor or pin.
#include "link.h"

#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"
#include "program.h"

namespace libbpf {

const napi_type_tag Link::tag = {0x6c696262706c6e6b, 0x8f5a1c0e7d3b4a04};

Napi::Function Link::define(Napi::Env env) {
  return DefineClass(env, "Link", withDispose<Link, &Link::closeMethod>(env, {
      StaticMethod<&Link::attachXdp>("attachXdp"),
      StaticMethod<&Link::openPin>("openPin"),
      InstanceAccessor<&Link::getFd>("fd"),
      InstanceMethod<&Link::update>("update"),
      InstanceMethod<&Link::detach>("detach"),
      InstanceMethod<&Link::info>("info"),
      InstanceMethod<&Link::pin>("pin"),
  }));
}

Link::Link(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Link>(info),
      FdHandle("link", info.Env(), takeParts<Link>(info, "Link.attachXdp() or Link.openPin()")) {
  info.This().As<Napi::Object>().TypeTag(&tag);
  // A program must not fall off its device because the garbage collector found the link unused.
  Ref();
}

void Link::release() noexcept {
  FdHandle::release();
  Unref();
}

uint32_t xdpModeFlags(const Napi::Value& value) {
  if (value.IsUndefined()) return 0;
  std::string mode = stringArgument(value, "mode");
  if (mode == "native") return XDP_FLAGS_DRV_MODE;
  if (mode == "generic") return XDP_FLAGS_SKB_MODE;
  if (mode == "offload") return XDP_FLAGS_HW_MODE;
  throwRange(value.Env(), "mode must be native, generic or offload, got " + mode);
}

namespace {

// The kernel says EINVAL for a device that does not exist, as for everything else it does not like.
int attachError(int error, uint32_t ifindex) {
  char name[IF_NAMESIZE];
  return error == EINVAL && !if_indextoname(ifindex, name) ? ENODEV : error;
}

}  // namespace

Napi::Value Link::attachXdp(const Napi::CallbackInfo& info) {
  constexpr const char* operation = "link attachXdp";
  Program& program = instanceArgument<Program>(info[0], "program", "Program");
  uint32_t ifindex = unsignedArgument(info[1], "ifindex", INT32_MAX);
  bpf_link_create_opts request;
  initialize(request);
  request.flags = xdpModeFlags(optionsArgument(info[2]).value("mode"));
  std::string name = program.name() + " on device " + std::to_string(ifindex);
  UniqueFd fd(bpf_link_create(program.fd(info.Env(), operation), static_cast<int>(ifindex), BPF_XDP, &request));
  if (!fd) fail(info.Env(), {.error = attachError(errno, ifindex), .operation = operation, .object = name});
  return make<Link>(info.Env(), &Environment::link, {std::move(fd), name});
}

Napi::Value Link::openPin(const Napi::CallbackInfo& info) {
  UniqueFd fd = openPinned(info, "link openPin", "link");
  return make<Link>(info.Env(), &Environment::link, {std::move(fd), pathArgument(info[0])});
}

Napi::Value Link::getFd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), fd(info.Env(), "link fd"));
}

void Link::update(const Napi::CallbackInfo& info) {
  constexpr const char* operation = "link update";
  int link = fd(info.Env(), operation);
  int program = instanceArgument<Program>(info[0], "program", "Program").fd(info.Env(), operation);
  bpf_link_update_opts request;
  initialize(request);
  if (!info[1].IsUndefined()) {
    request.flags = BPF_F_REPLACE;
    request.old_prog_fd =
        static_cast<uint32_t>(instanceArgument<Program>(info[1], "expected", "Program").fd(info.Env(), operation));
  }
  if (bpf_link_update(link, program, &request) == 0) return;
  fail(info.Env(), {.error = errno, .operation = operation, .object = name_});
}

void Link::detach(const Napi::CallbackInfo& info) {
  if (bpf_link_detach(fd(info.Env(), "link detach")) == 0) return;
  fail(info.Env(), {.error = errno, .operation = "link detach", .object = name_});
}

Napi::Value Link::info(const Napi::CallbackInfo& info) {
  bpf_link_info facts{};
  uint32_t size = sizeof facts;
  if (bpf_obj_get_info_by_fd(fd(info.Env(), "link info"), &facts, &size)) {
    fail(info.Env(), {.error = errno, .operation = "link info", .object = name_});
  }
  auto object = Napi::Object::New(info.Env());
  object.Set("id", facts.id);
  object.Set("type", facts.type);
  object.Set("programId", facts.prog_id);
  object.Set("ifindex", facts.type == BPF_LINK_TYPE_XDP ? facts.xdp.ifindex : 0);
  return object;
}

}  // namespace libbpf
