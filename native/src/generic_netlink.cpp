// SPDX-License-Identifier: MIT
// Builds and parses the messages; knows no family but the one that names the others.
#include "generic_netlink.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace libbpf {

namespace {

constexpr uint8_t commandVersion = 1;

void append(std::vector<uint8_t>& message, const void* data, size_t length) {
  auto* bytes = static_cast<const uint8_t*>(data);
  message.insert(message.end(), bytes, bytes + length);
  message.resize(NLMSG_ALIGN(message.size()));
}

std::vector<uint8_t> build(uint16_t type, uint8_t command, uint32_t sequence,
                           const GenericNetlink::Attributes& attributes) {
  std::vector<uint8_t> message(NLMSG_HDRLEN);
  genlmsghdr generic{.cmd = command, .version = commandVersion, .reserved = 0};
  append(message, &generic, sizeof generic);
  for (const auto& [id, value] : attributes) {
    nlattr attribute{.nla_len = static_cast<uint16_t>(NLA_HDRLEN + value.size()), .nla_type = id};
    append(message, &attribute, sizeof attribute);
    append(message, value.data(), value.size());
  }
  nlmsghdr header{.nlmsg_len = static_cast<uint32_t>(message.size()), .nlmsg_type = type,
                  .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = sequence, .nlmsg_pid = 0};
  std::memcpy(message.data(), &header, sizeof header);
  return message;
}

void parse(const uint8_t* data, size_t length, GenericNetlink::Attributes& attributes) {
  nlattr attribute;
  while (length >= sizeof attribute) {
    std::memcpy(&attribute, data, sizeof attribute);
    if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > length) return;
    attributes[attribute.nla_type & NLA_TYPE_MASK].assign(data + NLA_HDRLEN, data + attribute.nla_len);
    size_t step = NLA_ALIGN(attribute.nla_len);
    if (step > length) return;
    data += step;
    length -= step;
  }
}

}  // namespace

int GenericNetlink::open(const std::string& family) {
  socket_ = UniqueFd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));
  if (!socket_) return errno;
  std::vector<uint8_t> name(family.begin(), family.end());
  name.push_back(0);
  Attributes answer;
  if (int error = exchange(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, {{CTRL_ATTR_FAMILY_NAME, name}}, answer)) return error;
  const auto& id = answer[CTRL_ATTR_FAMILY_ID];
  if (id.size() != sizeof family_) return EPROTO;
  std::memcpy(&family_, id.data(), sizeof family_);
  return 0;
}

int GenericNetlink::exchange(uint16_t type, uint8_t command, const Attributes& question, Attributes& answer) {
  std::vector<uint8_t> message = build(type, command, ++sequence_, question);
  if (send(socket_.get(), message.data(), message.size(), 0) < 0) return errno;
  std::vector<uint8_t> reply(16384);
  ssize_t length = recv(socket_.get(), reply.data(), reply.size(), 0);
  if (length < 0) return errno;
  auto* header = reinterpret_cast<const nlmsghdr*>(reply.data());
  if (!NLMSG_OK(header, static_cast<size_t>(length)) || header->nlmsg_seq != sequence_) return EPROTO;
  if (header->nlmsg_type == NLMSG_ERROR) return -static_cast<const nlmsgerr*>(NLMSG_DATA(header))->error;
  if (header->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN)) return EPROTO;
  parse(static_cast<const uint8_t*>(NLMSG_DATA(header)) + GENL_HDRLEN, header->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN),
        answer);
  return 0;
}

}  // namespace libbpf
