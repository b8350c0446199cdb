/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks by the name that a rule uses them under; each stands in the file of its subject.
 */
#pragma once

#include "check_inside.h"

#define CHECKS(ROW) \
	ROW("last-of-line", check_last_of_line) \
	ROW("buffer-after-failure", check_buffer_after_failure) \
	ROW("stream-side-effect", check_stream_side_effect) \
	ROW("position-origin", check_position_origin) \
	ROW("readlink-end", check_readlink_end) \
	ROW("descriptor-after-fork", check_descriptor_after_fork) \
	ROW("byte-order", check_byte_order) \
	ROW("mode-for-all", check_mode_for_all) \
	ROW("padding-leaves", check_padding_leaves) \
	ROW("universal-by-pasting", check_universal_by_pasting) \
	ROW("directive-in-arguments", check_directive_in_arguments) \
	ROW("side-effect-in-macro", check_side_effect_in_macro) \
	ROW("macro-as-object", check_macro_as_object) \
	ROW("handler-shares", check_handler_shares) \
	ROW("signal-in-handler", check_signal_in_handler) \
	ROW("handler-returns", check_handler_returns) \
	ROW("errno-after-signal", check_errno_after_signal) \
	ROW("exit-handler", check_exit_handler) \
	ROW("thread-storage", check_thread_storage) \
	ROW("thread-gets-local", check_thread_gets_local) \
	ROW("lock-order", check_lock_order) \
	ROW("condition-mutexes", check_condition_mutexes) \
	ROW("signal-one", check_signal_one) \
	ROW("joined-twice", check_joined_twice) \
	ROW("atomic-twice", check_atomic_twice) \
	ROW("unlocked-write", check_unlocked_write) \
	ROW("bit-fields-shared", check_bit_fields_shared) \
	ROW("destroyed-in-thread", check_destroyed_in_thread) \
	ROW("unchecked-result", check_unchecked_result) \
	ROW("ctype-argument", check_ctype_argument) \
	ROW("library-text-written", check_library_text_written) \
	ROW("realloc-of-aligned", check_realloc_of_aligned) \
	ROW("fake-flexible-array", check_fake_flexible_array) \
	ROW("flexible-array-copied", check_flexible_array_copied) \
	ROW("array-of-result", check_array_of_result) \
	ROW("secret-in-code", check_secret_in_code)

#define CHECK_DECLARE(name, function) void function(struct judging *j);
CHECKS(CHECK_DECLARE)
