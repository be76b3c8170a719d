#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e-live.sh SHOW_LIVE - a reader at a real terminal looks at a recording while it grows: news and
# keys are waited for together.
. "$(dirname "$0")/lib.sh"
show=$1
fifo=$work/news
mkfifo "$fifo"

# grows N: so many records come. The stage holds the other end open.
grows() { head -c "$1" /dev/zero | tr '\0' n >"$fifo"; }
# Seconds of the processor so far, in ticks.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$(pid)/stat"; }

start tmux-256color 80 24 $show "$fifo"
sees "it waits" "LIVE"
sees "and says what is watched" "127.0.0.1:8888, segments and states"
grows 3
sees "somebody listens, without a key pressed" "listen()"
grows 40
sees "they talk" "ESTABLISHED"
sees_like "and it is followed to the edge" "LIVE$"
keys ,
sees "a step back leaves the edge" "PAUSED"
grows 20
sees "what comes meanwhile is counted" "behind"
keys G
sees_like "back at the edge" "LIVE$"
keys e
keys -l "hello 你好"
grows 4
sees "what is typed stays while it grows" "> hello 你好"
keys Enter Escape
keys C
sees "the conversations" "127.0.0.1:40000 -> 127.0.0.1:8888"
keys Escape
lacks "are gone again" "40000"
before=$(ticks)
sleep 1
after=$(ticks)
[ $((after - before)) -le 3 ]
told $? "while nothing happens the processor rests"
printf '!' >"$fifo"
sees "it is over" "END"
keys q
ends "leaving" 0
sees "what was said arrived" "said hello 你好"
finish
