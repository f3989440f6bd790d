/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between the data plane and user space: every struct, enum and limit that both may see.
 * src/abi/ is generated from its BTF; a typedef is the documentation of byte order
 * (__be16/__be32: as on the wire; __u16/__u32/__u64: the machine's own).
 *
 * Not here: how a map is used (maps.h) and anything only one side knows.
 */
#ifndef XLVS_ABI_H
#define XLVS_ABI_H

#include "abi_basics.h"
#include "abi_connections.h"
#include "abi_services.h"
#include "abi_router.h"
#include "abi_reasons.h"

#endif
