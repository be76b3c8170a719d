#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e.sh SHOW [WOSHOU SCENARIOS] - a reader at a real terminal: steps, looks, searches, resizes,
# leaves.
. "$(dirname "$0")/lib.sh"
show=$1 woshou=$2 scenarios=$3

start tmux-256color 80 24 $show first-wave
sees "it opens on the beginning" "t 0.000 s"
keys . .
sees "a step waves" "SYN_SENT"
keys .
sees "the wind takes it" "blown away"
keys ,
lacks "back again" "blown away"
keys t
sees "Chinese" "阶梯图"
keys t w
sees "why" "RFC 9293 section 3.10.1"
keys w g 1 . 2 6 s Enter
sees "to a moment" "t 1.260 s"
keys g
keys -l "next FIN"
keys Enter
sees "to the next FIN" "t 2.000 s"
keys g
keys -l "state TIME_WAIT"
keys Enter
sees "to a state" "t 3.050 s"
keys g 9 9 9 s Enter
sees "a place there is not is refused" "63.05"
keys Escape g
keys -l "1.26s"
keys Enter
tm resize-window -x 130 -y 42
sees "larger: the TCB is there" "SND.UNA"
tm resize-window -x 30 -y 8
sees "too small, and it says so" "30x8"
for size in 31x9 200x60 12x3 79x23 1x1 81x25 40x12 120x40 39x11 100x30; do
	tm resize-window -x "${size%x*}" -y "${size#*x}"
done
tm resize-window -x 80 -y 24
sees "it comes back after a storm of sizes" "t 1.260 s"
sees_like "and fills the window" "^ SPC play.* quit"
keys q
ends "leaving" 0

start tmux-256color 80 24 $show playbill zh
sees "the playbill" "节目单"
keys Down Enter
ends "something is chosen" 0
sees "the second one" "1"

# Chinese as an input method types it.
start tmux-256color 80 24 $show playbill zh
sees "the playbill again" "节目单"
keys -l "/风"
sees "one can search in Chinese" "查找： 风"
lacks "what does not match is gone" "三次招手"
keys Enter Enter
ends "and choose what was found" 0

if [ -n "$woshou" ]; then
	start tmux-256color 80 24 $woshou play "$scenarios/1-hello/three-way.scene"
	sees "a real scene opens" "t 0.000 s"
	keys . . .
	sees "and steps" "SYN_SENT"
	keys G
	sees "to its end" "END"
	keys q
	ends "and is left" 0

	start tmux-256color 80 24 $woshou --scenes "$scenarios" --lang en
	sees "the playbill of the program" "Playbill"
	keys -l "/flood"
	keys Enter
	sees "a search" "search: flood"
	keys Enter
	sees "plays what it found" "t 0.000 s"
	keys q
	sees "leaving it comes back" "Playbill"
	keys Escape q
	ends "and from there out" 0
fi
finish
