/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libfyaml 0.7.12 loses a block of at most a few kilobytes when a long quoted scalar isn't closed. That is the
 * library's, once a file and bounded by the file's size; what we ourselves forget, unit tests see without this.
 */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfyaml\n";
}
