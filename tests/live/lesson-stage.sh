#!/bin/sh
# SPDX-License-Identifier: MIT
# lesson-stage.sh WOSHOU SOURCE - a class at a real terminal: lessons on real sockets on the stage.
. "$2/tests/screens/lib.sh"
woshou=$1
lesson="env WOSHOU_LESSONS=$2/docs/lessons $woshou echo lesson --motion steps --lang en"

start tmux-256color 100 32 $lesson unread
sees "what comes first is asked" "[Enter] 1/6 Zhang San says hello"
sees "nothing has happened yet" "nobody has said anything yet"
keys Enter
sees "it happens, and is explained" "Six octets lie unread"
sees "the states are on the stage" "ESTABLISHED"
sees "the next step is asked" "[Enter] 2/6 Li Si closes"
keys , , , ,
sees "one may look back" "PAUSED"
keys Enter
sees "there Enter is no next step" "2/6 Li Si closes"
keys G
sees_like "back at the edge" "LIVE$"
keys Enter
sees "a third step is asked" "[Enter] 3/6"
sees "the reason is told" "A RST, no FIN"
keys t
sees "in Chinese, too" "张三的调用现在怎么说"
keys q q
ends "leaving in the middle" 0

if ! command -v python3 >/dev/null 2>&1; then
	echo "ok $((number + 1)) # SKIP there is no python3"
	number=$((number + 1))
	finish
	exit
fi
start tmux-256color 100 32 $lesson close-wait
for step in 1 2 3 4; do
	sees "step $step is asked" "[Enter] $step/7"
	keys Enter
done
sees "after four steps the fifth" "[Enter] 5/7"
sees "CLOSE_WAIT is on the stage" "CLOSE_WAIT"
sees_like "and how the program spins" 'python3 \([0-9]+\) [0-9]+% CPU'
keys C
sees_like "in the list of conversations, too" 'FIN_WAIT_2 / CLOSE_WAIT  python3 \([0-9]+\)'
keys Escape
python=$(grep -sl "^[0-9]* (python3.*) . $(pid) " /proc/[0-9]*/stat | cut -d/ -f3)
keys q q
ends "leaving it spinning" 0
is_gone() { [ -n "$python" ] && [ ! -e "/proc/$python" ]; }
holds "it spins no more" is_gone
finish
