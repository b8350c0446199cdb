# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A repository whose code is reviewed, for deceptions and tests: ". $ROOT/tests/lib/reviewed.sh", in the case's folder, after which
# all of trusted.sh is there too. alice writes the code; bob and carol are reviewers. Nobody has signed the rules unless "trusted" is called.
# shellcheck source=tests/lib/trusted.sh
. "$ROOT/tests/lib/trusted.sh"

# setup: src/frame.c by alice, and what a review takes.
setup() {
	rm -rf "$REPO"
	git init -q -b main "$REPO"
	mkdir -p "$REPO/assay" "$REPO/src"
	people alice bob carol eve
	printf 'reviews:\n  role: security-reviewer\n' | policy
	roster alice bob carol eve
	sed -i -E 's/^    name: (bob|carol)$/&\n    roles: [security-reviewer]/' "$REPO/assay/roster.yaml"
	competence bob carol
	frame 1
	commit alice 'begin'
}

# competence WHO...: shown from 2024 on.
competence() {
	{
		printf 'assay-competence: 1\npeople:\n'
		for who in "$@"; do
			printf '  - person: %s\n    roles: [security-reviewer]\n    shown-by: training record %s\n    from: 2024-01-01\n    until: 2099-01-01\n' \
				"$who" "$who"
		done
	} >"$REPO/assay/competence.yaml"
}

# frame N [FILE]: a source file that calls recv(), in its state N.
frame() {
	cat >"$REPO/${2:-src/frame.c}" <<CODE
#include <sys/socket.h>

static int limit = $1;

int
frame_read(int fd, char *room)
{
	return (int)recv(fd, room, (size_t)limit, 0);
}
CODE
}

# started NAME [OPTION...]
started() {
	name=$1
	shift
	"$ASSAY" review start "$@" --name "$name" --path "$REPO" --quiet >"$CASE/started"
}

# answered NAME: each question in words of its own.
answered() {
	python3 - "$REPO/assay/reviews/$1.yaml" <<'CODE'
import re
import sys
path = sys.argv[1]
with open(path, encoding="utf-8") as f:
    text = f.read()
number = iter(range(1, 10000))
words = ["the length is held against the room", "the caller closes it on error", "tests of frames show it",
         "the analysers were run on this tree", "no rule is bent by it"]
def fill(match):
    n = next(number)
    return f"{match.group(0)}      text: \"as looked at in place {n}: {words[n % len(words)]}\"\n"
with open(path, "w", encoding="utf-8") as f:
    f.write(re.sub(r"^    answer:\n", fill, text, flags=re.M))
CODE
}

# signed WHO NAME [OPTION...]
signed() {
	reviewer=$1
	record=$2
	shift 2
	signs "$reviewer" review "$REPO/assay/reviews/$record.yaml" --role security-reviewer "$@"
}

# reviewed WHO NAME [OPTION...]: started, answered, signed and committed by WHO.
reviewed() {
	reviewer=$1
	record=$2
	shift 2
	started "$record" "$@"
	answered "$record"
	signed "$reviewer" "$record"
	commit "$reviewer" "review $record"
}

# branch NAME: from here on a branch; merged WHO NAME: brings it to main.
branch() {
	in_repo checkout -q -b "$1"
}
merged() {
	in_repo checkout -q main
	as "$1" merge -q --no-ff -m "merge $2" "$2"
}

# trusted: alice and bob hold a trust root, and have signed the rules that lie there.
trusted() {
	trust alice init --person alice
	trust bob add-key --person bob --role root --role targets --role policy
	trust alice sign
	trust bob sign
	fingerprint >"$CASE/root"
	commit alice 'rules'
}
