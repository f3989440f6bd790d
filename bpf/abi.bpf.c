/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Never loaded: its BTF carries every contract type, enums that no map or variable mentions included,
 * for the generator of src/abi/.
 */
#include "maps.h"

struct abi_enums {
	enum limits limits;
	enum family family;
	enum state state;
	enum half_flag half_flag;
	enum direction direction;
	enum ring ring;
	enum scheduler scheduler;
	enum service_flag service_flag;
	enum server_status server_status;
	enum mark_set mark_set;
	enum role role;
	enum pass_reason pass_reason;
	enum drop_reason drop_reason;
	enum event event;
};

struct abi_enums abi_enums SEC(".abi") = {};
