# SPDX-License-Identifier: MIT
# lib.sh - for scripts that sit at a real terminal (tmux) and look at what is on it. TAP; 77 when
# there is no tmux. Nothing waits longer than it must: a slow or busy machine gets ten seconds.
command -v tmux >/dev/null 2>&1 || exit 77
work=$(mktemp -d)
socket=woshou-$$-0
starts=0
number=0 failed=0
LC_ALL=C.UTF-8
export LC_ALL
unset NO_COLOR REDUCED_MOTION WOSHOU_AMBIGUOUS TMUX COLORFGBG WOSHOU_LANG
# Nothing of whoever runs the tests is read or changed.
XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
export XDG_STATE_HOME XDG_CONFIG_HOME

tm() { tmux -u -f /dev/null -L "$socket" "$@"; }
trap 'tm kill-server 2>/dev/null; rm -rf "$work"' EXIT INT TERM

# start TERM COLUMNS ROWS COMMAND...: in a new window of that size. When the command has ended its
# status stands there, and whether the line's modes are as they were.
start() {
	name=$1 columns=$2 rows=$3
	shift 3
	tm kill-server 2>/dev/null
	# A server that is just going would take the new session with it.
	starts=$((starts + 1))
	socket=woshou-$$-$starts
	rm -f "$work/pid"
	cat >"$work/run" <<-END
		export TERM=$name
		trap : INT QUIT TERM HUP
		before=\$(stty -g)
		sh -c 'echo \$\$ >$work/pid; exec env $*'
		echo status \$?
		[ "\$before" = "\$(stty -g)" ] && echo modes as before
		exec cat
	END
	tm new-session -d -x "$columns" -y "$rows" "sh $work/run 2>&1"
}
# The process itself: env and the shell have become it.
pid() { cat "$work/pid"; }
keys() { tm send-keys "$@"; }
screen() { tm capture-pane -p; }
coloured() { tm capture-pane -p -e; }

soon() { # soon COMMAND...: it succeeds within ten seconds
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}
told() { # told STATUS DESCRIPTION
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $number - $2"
	screen | sed 's/^/# /'
}
shows() { screen | grep -qE -- "$1"; }
shows_not() { ! shows "$1"; }
shows_colour() { coloured | grep -qE -- "$1"; }
literal() { printf '%s' "$1" | sed 's/[][\.*^$+?(){}|]/\\&/g'; }
sees() { # sees DESCRIPTION TEXT
	soon shows "$(literal "$2")"
	told $? "$1"
}
sees_like() { # sees_like DESCRIPTION REGULAR-EXPRESSION
	soon shows "$2"
	told $? "$1"
}
lacks() { # lacks DESCRIPTION TEXT
	soon shows_not "$(literal "$2")"
	told $? "$1"
}
sees_colour() { # sees_colour DESCRIPTION REGULAR-EXPRESSION, over text with its escapes
	soon shows_colour "$2"
	told $? "$1"
}
holds() { # holds DESCRIPTION COMMAND...
	description=$1
	shift
	soon "$@"
	told $? "$description"
}
# The terminal is as it was: its own screen, its cursor, no mouse; the line, too.
is_given_back() {
	flags='#{alternate_on}#{cursor_flag}#{mouse_any_flag}#{keypad_cursor_flag}'
	shows 'modes as before' && [ "$(tm display -p "$flags")" = 0100 ]
}
ends() { # ends DESCRIPTION STATUS: with this status (a regular expression), the terminal given back
	soon shows "^status $2\$"
	told $? "$1"
	soon is_given_back
	told $? "$1: the terminal is as it was"
}
finish() {
	echo "1..$number"
	[ "$failed" -eq 0 ]
}
