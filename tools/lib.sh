# SPDX-License-Identifier: MIT
# lib.sh - what tools/run, tools/test and .ci/run share. Sourced by them from the project's root.

# Every package of Debian 12 that woshou needs: to be built and played,
BUILD_PACKAGES="gcc libc6-dev meson ninja-build pkg-config libncurses-dev libutf8proc-dev
	libjansson-dev libpcap-dev"
# and to be tested: the unit tests' library; the second compiler with its sanitizers and libFuzzer;
# valgrind; Wireshark's analyst as a judge of our captures; a terminal to play in; linters for
# the man page and the completions of three shells; python3 for the laws of the house; programs that
# talk to ours, and private networks for them.
TEST_PACKAGES="check clang-14 libclang-rt-14-dev llvm-14 valgrind libc6-dbg tshark tmux mandoc
	bash zsh fish python3 git socat netcat-openbsd curl iproute2 tcpdump procps util-linux"

say()
{
	printf 'woshou: %s\n' "$*" >&2
}

# The packages among "$@" that are not installed.
missing_packages()
{
	dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
		awk -v wanted="$*" '
		$2 == "installed" { have[$1] = 1 }
		END {
			n = split(wanted, name, " ")
			for (i = 1; i <= n; i++)
				if (!(name[i] in have))
					printf "%s%s", found++ ? " " : "", name[i]
		}'
}

# Where there is no apt-get, the commands at least must be there.
need_commands()
{
	for command in cc meson ninja pkg-config; do
		if ! command -v "$command" >/dev/null 2>&1; then
			say "there is no '$command' here and no apt-get to install it with."
			say "woshou is built with: $BUILD_PACKAGES (names as in Debian 12)"
			exit 3
		fi
	done
}

apt_line()
{
	say "this needs root (or sudo). Run as root, then try again:"
	printf '    apt-get update && apt-get install -y --no-install-recommends %s\n' "$*" >&2
	exit 3
}

# Installs what is missing of "$@", as root or by sudo; exit 3 when neither is possible.
need_packages()
{
	if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
		need_commands
		return
	fi
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0

	if [ "$(id -u)" = 0 ]; then
		as_root="env"
	elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
		as_root="sudo"
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		as_root="sudo -n"
	else
		apt_line "$missing"
	fi
	say "installing with apt-get: $missing"
	log=$(mktemp)
	# Nobody may be asked: captures are read here, never taken.
	if ! { echo "wireshark-common wireshark-common/install-setuid boolean false" |
		$as_root debconf-set-selections &&
		$as_root apt-get update -q &&
		$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -q --no-install-recommends $missing; } \
		</dev/null >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		say "apt-get could not install what is missing."
		apt_line "$missing"
	fi
	rm -f "$log"
}

# build_in DIR OPTION...: sets DIR up with these meson options (again, when they have changed) and
# builds everything there. The compiler's words are shown when it fails.
build_in()
{
	dir=$1
	shift
	if ! mkdir -p "$dir" 2>/dev/null || [ ! -w "$dir" ]; then
		say "cannot write to $PWD/$dir: try with a copy of your own"
		exit 3
	fi
	options="${CC-} $*"
	if [ ! -f "$dir/build.ninja" ] ||
		[ "$(cat "$dir/options" 2>/dev/null)" != "$options" ]; then
		find "$dir" -mindepth 1 -delete
		say "setting up $dir"
		if ! meson setup "$dir" "$@" >"$dir.log" 2>&1 </dev/null; then
			cat "$dir.log" >&2
			rm -f "$dir.log"
			say "meson could not set up $dir"
			return 1
		fi
		rm -f "$dir.log"
		printf '%s' "$options" >"$dir/options"
	fi
	if ! ninja -C "$dir" >"$dir/ninja.log" 2>&1 </dev/null; then
		cat "$dir/ninja.log" >&2
		say "$dir does not build"
		return 1
	fi
}
