#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e.sh SHOW [WOSHOU SCENE] - a person at a real terminal (tmux): steps, looks, resizes, leaves,
# and finds the terminal as it was. TAP; 77 when there is no tmux.
command -v tmux >/dev/null 2>&1 || exit 77
show=$1 woshou=$2 scene=$3
socket=woshou-$$-0
starts=0
number=0 failed=0
LC_ALL=C.UTF-8
export LC_ALL
unset NO_COLOR REDUCED_MOTION WOSHOU_AMBIGUOUS TMUX

tm() { tmux -u -f /dev/null -L "$socket" "$@"; }
trap 'tm kill-server 2>/dev/null' EXIT INT TERM

start() { # start TERM COLUMNS ROWS COMMAND...
	name=$1 columns=$2 rows=$3
	shift 3
	tm kill-server 2>/dev/null
	# A server that is just going would take the new session with it.
	starts=$((starts + 1))
	socket=woshou-$$-$starts
	tm new-session -d -x "$columns" -y "$rows" \
		"TERM=$name sh -c 'trap : INT; $*; echo status \$?; exec cat'"
	settle
}
keys() { tm send-keys "$@"; settle; }
settle() { sleep 0.3; }
screen() { tm capture-pane -p; }

# A slow or busy machine gets ten seconds.
sees() { # sees DESCRIPTION TEXT
	number=$((number + 1))
	for _ in $(seq 33); do
		if screen | grep -qF -- "$2"; then
			echo "ok $number - $1"
			return
		fi
		sleep 0.3
	done
	failed=$((failed + 1))
	echo "not ok $number - $1"
	screen | sed 's/^/# /'
}

start tmux-256color 80 24 "$show first-wave"
sees "it opens on the beginning" "t 0.000 s"
keys . .
sees "a step waves" "SYN_SENT"
keys .
sees "the wind takes it" "blown away"
keys ,
sees "back again" "waits for a wave"
keys t
sees "Chinese" "阶梯图"
keys t w
sees "why" "RFC 9293 section 3.10.1"
keys w g 1 . 2 6 s Enter
sees "to a moment" "t 1.260 s"
tm resize-window -x 130 -y 42
settle
sees "larger: the TCB is there" "SND.UNA"
tm resize-window -x 30 -y 8
settle
sees "too small, and it says so" "30x8"
tm resize-window -x 80 -y 24
settle
sees "and it comes back" "t 1.260 s"
keys q
sees "leaving restores the screen" "status 0"

start tmux-256color 80 24 "$show first-wave"
keys Space
sees "it plays" "PLAYING"
keys Space C-c
sees "an interrupt restores the screen" "status 130"
start tmux-256color 80 24 "$show playbill zh"
sees "the playbill" "节目单"
keys Down Enter
sees "something is chosen" "status 0"

for name in vt100 linux screen-256color xterm-mono; do
	infocmp "$name" >/dev/null 2>&1 || continue
	# On a Linux console ncurses loads libgpm, which never frees the console's name.
	leaks=$([ "$name" = linux ] && echo ASAN_OPTIONS=detect_leaks=0)
	start "$name" 80 24 "$leaks $show first-wave"
	keys . .
	sees "it works on $name" "SYN_SENT"
	keys q
	sees "and leaves $name" "status 0"
done
start dumb 80 24 "$show first-wave"
sees "dumb is refused with a hint" "woshou tell"
sees "with status 3" "status 3"
start tmux-256color 80 24 "$show first-wave </dev/null"
sees "no terminal is refused with a hint" "woshou tell FILE"

if [ -n "$woshou" ]; then
	start tmux-256color 80 24 "$woshou play $scene"
	sees "a real scene opens" "t 0.000 s"
	keys . . .
	sees "and steps" "SYN_SENT"
	keys G
	sees "to its end" "END"
	keys q
	sees "and is left" "status 0"
fi
echo "1..$number"
[ "$failed" -eq 0 ]
