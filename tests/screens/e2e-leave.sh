#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e-leave.sh SHOW - every way out gives the terminal back: leaving from wherever one is, signals,
# a crash; and asleep the terminal is somebody else's.
. "$(dirname "$0")/lib.sh"
show=$1

open() {
	start xterm-256color 80 24 $show first-wave
	soon shows "t 0.000 s"
}

# ---- leaving from everywhere
leave() { # leave DESCRIPTION KEYS...
	description=$1
	shift
	open
	keys "$@"
	ends "$description" 0
}
leave "from the beginning" q
leave "from the end" G q
leave "while it plays" Space q
leave "while one looks back" G k k q
leave "over the help" '?' q q
leave "over why" w q q
leave "over a header" . . i q q
leave "from a prompt" g 1 . 2 Escape q
leave "with another language and all panels" t t 1 2 3 4 5 q
leave "after a wrong place" g x x Enter Escape q
leave "too small to see anything" q

open
tm resize-window -x 20 -y 5
sees "too small" "20x5"
keys q
ends "even there q leaves" 0

# ---- signals
for signal in INT:130 QUIT:131 TERM:143 HUP:129 ALRM:142 USR1:138 PIPE:141; do
	open
	keys Space
	soon shows PLAYING
	kill -"${signal%:*}" "$(pid)"
	ends "SIG${signal%:*}" "${signal#*:}"
done
open
keys C-c
ends "Ctrl-C" 130
open
keys g
keys C-c
ends "Ctrl-C in a prompt" 130
open
keys 'C-\'
ends 'Ctrl-\' 131

# ---- what kills: a sanitizer's report ends with a status of its own
for signal in SEGV:139 BUS:135 FPE:136 ILL:132 ABRT:134; do
	open
	keys . .
	soon shows SYN_SENT
	kill -"${signal%:*}" "$(pid)"
	ends "SIG${signal%:*}" "(${signal#*:}|1)"
done
for way in fault overflow assert; do
	start xterm-256color 80 24 $show "die-$way"
	sees "it will die of $way" "t 0.000 s"
	keys .
	ends "it died of $way" "(13[49]|1)"
done
# A sanitizer wants more room for itself than can be forbidden it.
if ! "$show" is-sanitized; then
	start xterm-256color 80 24 $show die-memory
	sees "it will die of memory" "t 0.000 s"
	keys .
	ends "it died of memory" 3
	sees "and says so" "out of memory"
fi

# ---- asleep
if command -v bash >/dev/null 2>&1; then
	start xterm-256color 80 24 PS1=ready: bash --norc --noprofile -i
	soon shows ready:
	keys -l "$show first-wave"
	keys Enter
	sees "it opens in a shell" "t 0.000 s"
	keys . .
	sees "and steps" "SYN_SENT"
	keys C-z
	sees "asleep, the shell is there" "Stopped"
	lacks "and the stage is not" "SYN_SENT"
	keys -l "echo awake-\$((40+2))"
	keys Enter
	sees "the shell hears" "awake-42"
	tm resize-window -x 100 -y 30
	keys -l fg
	keys Enter
	sees "awake, it is where it was" "SYN_SENT"
	sees_like "at the size the window has now" "^ SPC play.{60,}quit"
	lacks "nothing of the shell is left" "awake-42"
	keys .
	sees "and goes on" "blown away"
	keys C-z
	sees "asleep again" "awake-42"
	keys -l "kill -CONT %1; fg"
	keys Enter
	sees "awake again" "blown away"
	keys q
	sees "and left" "ready:"
	lacks "and nothing is left of it" "blown away"
	keys -l exit
	keys Enter
	ends "the shell ends" "[0-9]+"
fi

open
keys . .
soon shows SYN_SENT
kill -STOP "$(pid)"
tm resize-window -x 120 -y 40
tty=$(tm display -p '#{pane_tty}')
printf '\033[H\033[2Jsomething else' >"$tty"
sees "stopped by force, others write" "something else"
kill -CONT "$(pid)"
sees "continued, it draws itself anew" "SYN_SENT"
sees "at the size the window has now" "SND.UNA"
lacks "over what the others wrote" "something else"
keys q
ends "and is left" 0

# ---- at rest
open
before=$(awk '{print $14 + $15}' "/proc/$(pid)/stat" 2>/dev/null)
sleep 2
after=$(awk '{print $14 + $15}' "/proc/$(pid)/stat" 2>/dev/null)
if [ -n "$before" ]; then
	[ $((after - before)) -le 2 ]
	told $? "paused it takes no time of the processor"
fi
keys Space
soon shows PLAYING
writes() { awk '/^syscw/ {print $2}' "/proc/$(pid)/io" 2>/dev/null; }
if [ -n "$(writes)" ]; then
	before=$(writes)
	began=$(date +%s%N)
	while [ $(($(date +%s%N) - began)) -lt 1000000000 ]; do
		keys + - + -
	done
	wrote=$(($(writes) - before))
	took=$((($(date +%s%N) - began) / 1000000))
	[ $((wrote * 1000)) -le $((took * 33)) ]
	told $? "at most thirty pictures a second: $wrote in $took ms"
fi
keys q
ends "after a storm of keys" 0
finish
