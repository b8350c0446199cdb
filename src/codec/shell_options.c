/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of programs that run containers, as their manuals list them. Docker's, podman's and nerdctl's stand together: where they
 * share a name they agree on whether it takes a value.
 */
#include <codec/shell_options.h>

#include <stdio.h>
#include <string.h>

const struct shell_options shell_no_options = { .values = "", .flags = "", .value_letters = "", .flag_letters = "" };

/* Between the program and its verb. */
const struct shell_options shell_global_options = {
	.values = "--config --context --host --log-level --tlscacert --tlscert --tlskey --cgroup-manager --conmon --connection "
		  "--events-backend --hooks-dir --identity --imagestore --module --namespace --network-cmd-path --network-config-dir --out "
		  "--root --runroot --runtime --runtime-flag --ssh --storage-driver --storage-opt --tmpdir --url --volumepath --address "
		  "--cni-netconfpath --cni-path --data-root --host-gateway-ip --hosts-dir --snapshotter --kubeconfig --cluster --user "
		  "--server --token --request-timeout --as --cache-dir --policy --registries.d --override-arch --override-os",
	.flags = "--debug --tls --tlsverify --version --help --remote --noout --syslog --insecure-skip-tls-verify --silent --quiet",
	.value_letters = "cHlna",
	.flag_letters = "Dvhqsr",
};

const struct shell_options shell_run_options = {
	.values = "--add-host --attach --annotation --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent --cgroupns "
		  "--cidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares --cpus "
		  "--cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops "
		  "--device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search --domainname --entrypoint --env --env-file "
		  "--expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-period --health-start-interval "
		  "--health-timeout --hostname --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation --kernel-memory --label "
		  "--label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory --memory-reservation --memory-swap "
		  "--memory-swappiness --mount --name --network --net --network-alias --net-alias --oom-score-adj --pid --pids-limit "
		  "--platform --publish --pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout --storage-opt "
		  "--sysctl --tmpfs --ulimit --user --userns --uts --volume --volume-driver --volumes-from --workdir "
		  /* podman, nerdctl, buildah */
		  "--arch --authfile --cert-dir --cgroup-conf --cgroups --chrootdirs --conmon-pidfile --creds --decryption-key --env-merge "
		  "--format --gidmap --group-entry --health-log-destination --health-max-log-count --health-max-log-size --health-on-failure "
		  "--hosts-file --hostuser --image-volume --init-ctr --init-path --log-uri --os --passwd-entry --personality --pidfile --pod "
		  "--pod-id-file --preserve-fd --preserve-fds --rdt-class --requires --retry --retry-delay --sdnotify --seccomp-policy "
		  "--secret --shm-size-systemd --snapshotter --startup-health-cmd --subgidname --subuidname --systemd --timeout --tz --uidmap "
		  "--umask --unsetenv --userns-gid-map --userns-uid-map --variant --bind --pwd --home --app --overlay --cosign-key --verify "
		  /* services */
		  "--constraint --container-label --endpoint-mode --generic-resource --limit-cpu --limit-memory --mode --placement-pref "
		  "--replicas --reserve-cpu --reserve-memory --restart-condition --restart-delay --restart-max-attempts --update-delay "
		  "--update-parallelism",
	.flags = "--detach --disable-content-trust --help --init --interactive --no-healthcheck --oom-kill-disable --privileged --publish-all "
		 "--quiet --read-only --rm --sig-proxy --tty --use-api-socket --env-host --http-proxy --no-hostname --no-hosts --passwd "
		 "--replace --rmi --rootfs --read-only-tmpfs --tls-verify --unsetenv-all --latest --with-registry-auth --no-resolve-image "
		 "--cleanenv --contain --containall --fakeroot --nv --writable --writable-tmpfs --no-home --pull-always --pull-never --isolate",
	.value_letters = "acehlmpuvwB",
	.flag_letters = "ditPq",
	.entry = "--entrypoint",
};

const struct shell_options shell_pull_options = {
	.values = "--platform --authfile --creds --cert-dir --arch --os --variant --decryption-key --retry --retry-delay --policy --alias "
		  "--namespace --src-creds --dest-creds --src-tls-verify --dest-tls-verify --format --override-arch --dir --library --name "
		  "--snapshotter --user --label --pod-config --auth --retry-times --multi-arch --src-authfile --dest-authfile --src-cert-dir "
		  "--dest-cert-dir --digestfile --sign-by --image-parallel-copies",
	.flags = "--all-tags --disable-content-trust --quiet --tls-verify --unpack --verify --all --grant-all-permissions --disable --force "
		 "--all-platforms --plain-http --insecure --preserve-digests --remove-signatures --fakeroot --sandbox --disable-cache --no-https",
	.value_letters = "uF",
	.flag_letters = "aqfks",
};

const struct shell_options shell_build_options = {
	.values = "--add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call "
		  "--cgroup-parent --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --file --iidfile --isolation --label "
		  "--memory --memory-swap --metadata-file --network --no-cache-filter --output --platform --policy --progress --secret "
		  "--security-opt --shm-size --ssh --tag --target --ulimit --set "
		  /* podman, buildah */
		  "--arch --authfile --build-arg-file --cache-ttl --cap-add --cap-drop --cert-dir --cpp-flag --creds --decryption-key --device "
		  "--dns --dns-option --dns-search --env --format --from --gidmap --group-add --hooks-dir --ignorefile --ipc --jobs --logfile "
		  "--manifest --os --os-feature --os-version --pid --retry --retry-delay --runtime --runtime-flag --sbom-scanner-image --sign-by "
		  "--source-date-epoch --timestamp --unsetenv --unsetlabel --userns --userns-gid-map --userns-uid-map --uts --variant --volume",
	.flags = "--check --compress --debug --disable-content-trust --force-rm --load --no-cache --pull --pull-always --pull-never --push "
		 "--print --quiet --rm --squash --stream --provenance --sbom --all-platforms --all-symlinks --disable-compression --http-proxy "
		 "--identity-label --inherit-labels --layers --logsplit --no-hostname --no-hosts --omit-history --rewrite-timestamp "
		 "--skip-unused-stages --squash-all --tls-verify --stdin --save-stages",
	.value_letters = "cfmotv",
	.flag_letters = "qD",
	.images = "--from --sbom-scanner-image",
	.made = "--tag -t",
	.files = "--file -f",
	.pairs = "--build-context",
};

const struct shell_options shell_load_options = {
	.values = "--input --platform",
	.flags = "--quiet --all-platforms",
	.value_letters = "i",
	.flag_letters = "q",
};

const struct shell_options shell_commit_options = {
	.values = "--author --change --message --format --iidfile --include --creds --authfile --cert-dir --sign-by --platform --os --arch "
		  "--variant --manifest --timestamp --config",
	.flags = "--pause --quiet --rm --squash --tls-verify --omit-timestamp --disable-compression",
	.value_letters = "acfm",
	.flag_letters = "pqsD",
};

const struct shell_options shell_kube_options = {
	.values = "--image --infra-image --base-image --iso-url",
	.flags = "",
	.value_letters = "",
	.flag_letters = "",
	.images = "--image --infra-image --base-image -i",
};

const struct shell_options shell_stack_options = {
	.values = "--compose-file --orchestrator --resolve-image --namespace",
	.flags = "--prune --quiet --with-registry-auth --detach",
	.value_letters = "c",
	.flag_letters = "qd",
	.compose = "--compose-file -c",
};

const struct shell_options shell_compose_options = {
	.values = "--file --project-name --profile --env-file --parallel --ansi --progress --project-directory --workdir --host --log-level "
		  "--context --podman-path --podman-args",
	.flags = "--all-resources --compatibility --dry-run --verbose --version --help --no-ansi --tls --tlsverify",
	.value_letters = "fpHc",
	.flag_letters = "vD",
	.compose = "--file -f",
};

/* ---- arguments ---- */

bool
shell_among(const char *text, const char *list)
{
	const size_t len = strlen(text);
	for (const char *at = list; len > 0 && (at = strstr(at, text)) != NULL; at += len) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return strchr(text, ' ') == NULL; /* else it is two of them */
	}
	return false;
}

/* What a word surely begins with, "" when that isn't to be seen. */
static const char *
head_of(const struct shell_word *w)
{
	if (w->text != NULL)
		return w->text;
	return w->first != NULL && w->first->kind == SHELL_LITERAL ? w->first->text : "";
}

static enum shell_argument_kind
value_next(struct shell_arguments *a, struct shell_argument *f)
{
	f->word = a->at;
	f->value = a->at != NULL ? a->at->text : NULL;
	a->at = a->at != NULL ? a->at->next : NULL;
	return SHELL_ARGUMENT_OPTION;
}

static enum shell_argument_kind
long_option(struct shell_arguments *a, const struct shell_word *w, struct shell_argument *f)
{
	const char *head = head_of(w), *equals = strchr(head, '=');
	(void)snprintf(f->name, sizeof f->name, "%.*s", (int)(equals != NULL ? (size_t)(equals - head) : strlen(head)), head);
	f->word = w;
	if (equals != NULL) {
		f->value = w->text != NULL ? equals + 1 : NULL;
		return SHELL_ARGUMENT_OPTION;
	}
	if (w->text == NULL)
		return SHELL_ARGUMENT_LOST;
	if (shell_among(f->name, a->options->values))
		return value_next(a, f);
	bool last = a->at == NULL || head_of(a->at)[0] == '-';
	return shell_among(f->name, a->options->flags) || last ? SHELL_ARGUMENT_OPTION : SHELL_ARGUMENT_LOST;
}

/* "-it", "-v/a:/b", "-ti -p 80:80": letters, until one takes a value. */
static enum shell_argument_kind
short_options(struct shell_arguments *a, const struct shell_word *w, struct shell_argument *f)
{
	const char *head = head_of(w);
	f->word = w;
	for (const char *p = head + 1; *p != '\0'; p++) {
		if (strchr(a->options->value_letters, *p) != NULL) {
			(void)snprintf(f->name, sizeof f->name, "-%c", *p);
			if (p[1] == '\0' && w->text != NULL)
				return value_next(a, f);
			f->value = w->text != NULL ? p + 1 + (p[1] == '=') : NULL;
			return SHELL_ARGUMENT_OPTION;
		}
		bool last = p[1] == '\0' && (a->at == NULL || head_of(a->at)[0] == '-');
		if (strchr(a->options->flag_letters, *p) == NULL && !last)
			return SHELL_ARGUMENT_LOST;
		if (strlen(f->letters) + 1 < sizeof f->letters)
			f->letters[strlen(f->letters)] = *p;
	}
	return w->text != NULL ? SHELL_ARGUMENT_OPTION : SHELL_ARGUMENT_LOST;
}

enum shell_argument_kind
shell_next_argument(struct shell_arguments *a, struct shell_argument *ret_argument)
{
	const struct shell_word *w = a->at;
	*ret_argument = (struct shell_argument){ .word = w };
	if (w == NULL)
		return SHELL_ARGUMENT_END;
	a->at = w->next;
	const char *head = head_of(w);
	if (a->words_only || head[0] != '-' || (head[1] == '\0' && w->text != NULL))
		return SHELL_ARGUMENT_WORD;
	if (w->text != NULL && strcmp(w->text, "--") == 0) {
		a->words_only = true;
		return shell_next_argument(a, ret_argument);
	}
	return head[1] == '-' ? long_option(a, w, ret_argument) : short_options(a, w, ret_argument);
}
