/* SPDX-License-Identifier: Apache-2.0 */
#include "engines.h"

#include "state.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <unistd.h>

/* Where the server's work folder may be. */
static const char *const places[] = { "/tmp", "/var/tmp", "/dev/shm" };

enum assay_status
engines_start(const struct cli *cli, struct engine_server **ret_server, struct assay_error *err)
{
	enum assay_status status = ASSAY_E_SYSTEM;
	for (size_t i = 0; i < sizeof places / sizeof places[0] && status == ASSAY_E_SYSTEM; i++) {
		const struct engine_server_options options = { .temporary = places[i], .workers = (unsigned)cli->threads,
			.trust_repository = cli->trust_repository };
		status = engine_server_start(&options, ret_server, err);
	}
	return status;
}

enum assay_status
engines_cache(struct arena *arena, struct cache **ret_cache, const char **ret_folder, struct assay_error *err)
{
	char *base = state_xdg_folder(arena, "XDG_CACHE_HOME", ".cache");
	char *config = state_xdg_folder(arena, "XDG_CONFIG_HOME", ".config");
	*ret_cache = NULL;
	if (base == NULL || config == NULL)
		return ASSAY_OK;
	char *folder = arena_printf(arena, "%s/engines", base);
	char *key = arena_printf(arena, "%s/cache.key", config);
	if (folder == NULL || key == NULL)
		return arena_full(err);
	if (ret_folder != NULL)
		*ret_folder = folder;
	/* What can't be kept is run again the next time. */
	if (file_make_dirs(config, true, err) != ASSAY_OK || file_make_dirs(folder, true, err) != ASSAY_OK
	    || cache_open(folder, key, ret_cache, err) != ASSAY_OK)
		*ret_cache = NULL;
	assay_error_clear(err);
	return ASSAY_OK;
}
