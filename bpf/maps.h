/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each map: who writes, who reads, when entries die. Maps that only user space writes carry
 * BPF_F_RDONLY_PROG, so that the verifier guards the ownership.
 * All are pinned by user space under their own names.
 */
#ifndef XLVS_MAPS_H
#define XLVS_MAPS_H

#include "maps_connections.h"
#include "maps_services.h"
#include "maps_router.h"

#endif
