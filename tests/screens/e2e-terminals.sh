#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e-terminals.sh SHOW - what different terminals, locales and mice make of the stage.
. "$(dirname "$0")/lib.sh"
show=$1
esc=$(printf '\033')

# ---- kinds of terminals
for name in vt100 vt220 linux xterm xterm-mono screen screen-256color tmux tmux-256color \
	xterm-256color rxvt; do
	infocmp "$name" >/dev/null 2>&1 || continue
	start "$name" 80 24 $show first-wave
	keys . .
	sees "it works on $name" "SYN_SENT"
	keys q
	ends "leaving $name" 0
done
for name in dumb vt52 nonsense; do
	# ncurses keeps what it had begun for a terminal that it then finds no description of.
	start "$name" 80 24 ASAN_OPTIONS=detect_leaks=0 $show first-wave
	sees "$name is refused with a hint" "woshou tell"
	ends "$name" 3
done
start tmux-256color 80 24 "$show first-wave </dev/null"
sees "no terminal is refused with a hint" "woshou tell FILE"
ends "no terminal" 3

# ---- colours: 张三 and 李四 on the ladder's heading
names() { # names DESCRIPTION ZHANG LI
	keys . . .
	sees_colour "$1: Zhang San" "${esc}\[($2)m[^$esc]*Zhang San"
	sees_colour "$1: Li Si" "${esc}\[($3)m[^$esc]*Li Si"
	keys q
	ends "$1" 0
}
start tmux-256color 80 24 COLORFGBG= $show first-wave
names "256 colours" "(0;)?(1;)?38;5;75" "(0;)?(1;)?38;5;214"
start tmux-256color 80 24 "COLORFGBG=0\;15" $show first-wave
names "256 colours on white" "(0;)?(1;)?38;5;27" "(0;)?(1;)?38;5;130"
start screen 80 24 $show first-wave
names "8 colours" "(0;)?(1;)?36" "(0;)?(1;)?33"
start xterm-mono 80 24 $show first-wave
names "no colours" "(0;)?(1;)?4" "(0;)?1"
start tmux-256color 80 24 NO_COLOR=1 $show first-wave
names "NO_COLOR" "(0;)?(1;)?4" "(0;)?1"
start tmux-256color 80 24 NO_COLOR= $show first-wave
names "NO_COLOR that is empty" "(0;)?(1;)?38;5;75" "(0;)?(1;)?38;5;214"
cat >"$work/direct.sed" <<'END'
/^#/d
s/^xterm-256color|[^,]*,/direct,\
	RGB,/
s/colors#[0-9a-fx]*/colors#0x1000000/
s/pairs#[0-9a-fx]*/pairs#0x7FFF/
s/ccc, *//
s/initc=[^,]*, *//
s/setaf=[^,]*,/setaf=\\E[%?%p1%{8}%<%t3%p1%d%e38;2;@m,/
s!@!%p1%{65536}%/%d;%p1%{256}%/%{255}%\&%d;%p1%{255}%\&%d%;!
END
if infocmp -x xterm-256color 2>/dev/null | sed -f "$work/direct.sed" >"$work/direct" &&
	tic -x -o "$work/terminfo" "$work/direct" 2>/dev/null; then
	start direct 80 24 TERMINFO="$work/terminfo" $show first-wave
	names "direct colour" "(0;)?(1;)?38;2;95;175;255" "(0;)?(1;)?38;2;255;175;0"
fi

# ---- locales
start tmux-256color 80 24 LC_ALL=C WOSHOU_AMBIGUOUS=1 $show first-wave zh
sees "the C locale says nothing: Chinese all the same" "阶梯图"
keys q
ends "the C locale" 0
if locale -a 2>/dev/null | grep -qiE '^(zh_CN\.gb|en_US\.iso8859)'; then
	other=$(locale -a | grep -iE '^(zh_CN\.gb|en_US\.iso8859)' | head -n 1)
	start tmux-256color 80 24 LC_ALL="$other" $show first-wave zh
	sees "another character set: ASCII, and it says so" "no UTF-8 locale: ASCII glyphs"
	keys . .
	sees "and it works" "SYN_SENT"
	lacks "it says so once" "no UTF-8 locale"
	keys q
	ends "another character set" 0
fi
start tmux-256color 80 24 WOSHOU_AMBIGUOUS=2 $show first-wave
keys . .
sees "wide ambiguous characters: ASCII glyphs" "SYN_SENT"
! screen | grep -q '[│─►▶]'
told $? "no drawing character is there"
keys q
ends "wide ambiguous characters" 0
start tmux-256color 80 24 $show first-wave ascii
keys G
sees "ASCII as asked" "END"
! screen | grep -q '[│─►▶]'
told $? "no drawing character is there"
keys q
ends "ASCII" 0

# ---- the mouse
mouse() { # mouse BUTTON COLUMN ROW, from 1
	keys -l "$esc[<$1;$2;$3M"
	keys -l "$esc[<$1;$2;$3m"
}
column_of() { screen | tail -n 1 | grep -bo -- "$1" | head -n 1 | cut -d: -f1; }
has_mouse() { [ "$(tm display -p '#{mouse_any_flag}')" = "$1" ]; }
start xterm-256color 80 24 $show first-wave
sees "a stage with a mouse" "t 0.000 s"
holds "it asks the terminal for it" has_mouse 1
mouse 0 $(($(column_of step) + 1)) 24
sees "a click on the hint steps" "LISTEN"
mouse 0 40 23
lacks "a click on the timeline jumps" "t 0.000 s"
mouse 64 40 15
mouse 64 40 15
keys Enter
lacks "the wheel and Enter go where it points" "t 63.050 s"
keys '?'
sees "help" "play or pause"
mouse 0 40 1
lacks "a click closes it" "play or pause"
keys m
holds "m gives the mouse back to the terminal" has_mouse 0
sees "and says so" "the terminal's again"
keys m
holds "and m takes it again" has_mouse 1
keys q
ends "with a mouse" 0
start xterm-256color 80 24 $show first-wave no-mouse
sees "a stage without a mouse" "t 0.000 s"
holds "does not ask for one" has_mouse 0
keys m
holds "until it is told to" has_mouse 1
keys q
ends "without a mouse" 0

# ---- keys that no description knows, and none at all
start xterm-256color 80 24 $show first-wave
keys . .
sees "two steps" "SYN_SENT"
keys -l "$esc[1;9Z$esc[99~${esc}OZ$esc[200~"
keys ,
keys .
sees "sequences of unknown keys do nothing" "SYN_SENT"
keys w
sees "why" "RFC 9293"
keys Escape
lacks "Escape by itself is a key" "RFC 9293"
keys q
ends "unknown keys" 0
finish
