# SPDX-License-Identifier: MIT
# Completion of xlvs for bash: commands, their options, and the files they take.

_xlvs() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local commands='run reload up down check diff apply status services servers connections persistence marks drain undrain ipvsadm demo help'
	local global='--pins --verbose --help' command='' word

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case " $commands " in *" $word "*) command=$word && break ;; esac
	done

	case $previous in
	--pins)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	--config)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--log-level)
		mapfile -t COMPREPLY < <(compgen -W 'trace debug info warn error fatal silent' -- "$current")
		return
		;;
	--service | --server)
		return
		;;
	esac

	local words=$global
	case $command in
	'') words="$commands $global --version" ;;
	help) words=$commands ;;
	run) words="--config --log-level $global" ;;
	up) words="--config $global" ;;
	check | diff | apply)
		if [[ $current != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			return
		fi
		;;
	status | services | servers | connections | persistence | marks) words="--service --server --json $global" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o filenames -F _xlvs xlvs
