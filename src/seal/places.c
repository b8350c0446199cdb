/* SPDX-License-Identifier: Apache-2.0 */
/* What places tell: one row a pattern, which may begin at any folder, because a tree may hold several systems. */
#include "look.h"

#include <base/text.h>

struct place_row {
	enum seal_kind kind;
	const char *pattern;
};

static const struct place_row rows[] = {
	{ SEAL_SYSTEMD_UNIT, "systemd/system/**" },
	{ SEAL_SYSTEMD_UNIT, "systemd/user/**" },
	{ SEAL_SYSTEMD_UNIT, "systemd/*-generators/*" },
	{ SEAL_SYSTEMD_UNIT, "systemd/*-preset/*.preset" },
	{ SEAL_SYSTEMD_UNIT, "*.service" },
	{ SEAL_SYSTEMD_UNIT, "*.socket" },
	{ SEAL_SYSTEMD_UNIT, "*.timer" },
	{ SEAL_SCHEDULED_JOB, "*.timer" },
	{ SEAL_SCHEDULED_JOB, "etc/crontab" },
	{ SEAL_SCHEDULED_JOB, "etc/anacrontab" },
	{ SEAL_SCHEDULED_JOB, "etc/cron.*/*" },
	{ SEAL_SCHEDULED_JOB, "etc/crontabs/*" },
	{ SEAL_SCHEDULED_JOB, "etc/periodic/**" },
	{ SEAL_SCHEDULED_JOB, "var/spool/cron/**" },
	{ SEAL_SCHEDULED_JOB, "var/spool/at/**" },
	{ SEAL_INIT_SCRIPT, "etc/init.d/**" },
	{ SEAL_INIT_SCRIPT, "etc/rc*.d/*" },
	{ SEAL_INIT_SCRIPT, "etc/rc.local" },
	{ SEAL_INIT_SCRIPT, "etc/inittab" },
	{ SEAL_INIT_SCRIPT, "etc/init/*.conf" },
	{ SEAL_INIT_SCRIPT, "etc/inetd.conf" },
	{ SEAL_INIT_SCRIPT, "etc/xinetd.d/*" },
	{ SEAL_INIT_SCRIPT, "etc/runlevels/**" },
	{ SEAL_INIT_SCRIPT, "etc/network/if-*.d/*" },
	{ SEAL_UDEV_RULE, "udev/rules.d/*" },
	{ SEAL_UDEV_RULE, "etc/mdev.conf" },
	{ SEAL_UDEV_RULE, "etc/hotplug*/**" },
	{ SEAL_DBUS, "dbus-1/**" },
	{ SEAL_PROFILE, "etc/profile" },
	{ SEAL_PROFILE, "etc/profile.d/*" },
	{ SEAL_PROFILE, "etc/environment" },
	{ SEAL_PROFILE, "etc/bash.bashrc" },
	{ SEAL_PROFILE, "etc/skel/.*" },
	{ SEAL_PROFILE, "root/.*rc" },
	{ SEAL_PROFILE, "root/.profile" },
	{ SEAL_PROFILE, "root/.bash_profile" },
	{ SEAL_PROFILE, "home/*/.*rc" },
	{ SEAL_PROFILE, "home/*/.profile" },
	{ SEAL_PROFILE, "home/*/.bash_profile" },
	{ SEAL_AUTOSTART, "etc/xdg/autostart/*" },
	{ SEAL_AUTOSTART, ".config/autostart/*" },
	{ SEAL_AUTOSTART, "applications/*.desktop" },
	{ SEAL_LOADER, "etc/ld.so.conf" },
	{ SEAL_LOADER, "etc/ld.so.conf.d/*" },
	{ SEAL_LOADER, "etc/ld.so.preload" },
	{ SEAL_LOADER, "etc/ld.so.cache" },
	{ SEAL_LOADER, "etc/ld-musl-*.path" },
	{ SEAL_MODPROBE, "modprobe.d/*" },
	{ SEAL_MODPROBE, "modules-load.d/*" },
	{ SEAL_MODPROBE, "etc/modules" },
	{ SEAL_MODPROBE, "lib/modules/*/modules.*" },
	{ SEAL_BOOT_CONFIG, "boot/grub/**" },
	{ SEAL_BOOT_CONFIG, "etc/default/grub" },
	{ SEAL_BOOT_CONFIG, "extlinux/extlinux.conf" },
	{ SEAL_BOOT_CONFIG, "loader/entries/*.conf" },
	{ SEAL_BOOT_CONFIG, "etc/fw_env.config" },
	{ SEAL_BOOT_CONFIG, "boot/cmdline.txt" },
	{ SEAL_BOOT_CONFIG, "boot/config.txt" },
	{ SEAL_SUDOERS, "etc/sudoers" },
	{ SEAL_SUDOERS, "etc/sudoers.d/*" },
	{ SEAL_SUDOERS, "etc/sudo.conf" },
	{ SEAL_SUDOERS, "etc/doas.conf" },
	{ SEAL_PAM, "etc/pam.d/*" },
	{ SEAL_PAM, "etc/pam.conf" },
	{ SEAL_PAM, "etc/security/**" },
	{ SEAL_POLKIT, "polkit-1/**" },
	{ SEAL_ACCOUNTS, "etc/passwd*" },
	{ SEAL_ACCOUNTS, "etc/shadow*" },
	{ SEAL_ACCOUNTS, "etc/group*" },
	{ SEAL_ACCOUNTS, "etc/gshadow*" },
	{ SEAL_ACCOUNTS, "etc/subuid" },
	{ SEAL_ACCOUNTS, "etc/subgid" },
	{ SEAL_ACCOUNTS, "etc/nsswitch.conf" },
	{ SEAL_ACCOUNTS, "etc/login.defs" },
	{ SEAL_ACCOUNTS, "etc/securetty" },
	{ SEAL_ACCOUNTS, "etc/shells" },
	{ SEAL_ACCOUNTS, "sysusers.d/*" },
	{ SEAL_SSH, "etc/ssh/**" },
	{ SEAL_SSH, "etc/dropbear/*" },
	{ SEAL_SSH, ".ssh/*" },
	{ SEAL_MANDATORY, "etc/apparmor*/**" },
	{ SEAL_MANDATORY, "etc/selinux/**" },
	{ SEAL_MANDATORY, "etc/smack/**" },
	{ SEAL_CERTIFICATE, "etc/ssl/certs/*" },
	{ SEAL_KEY_STORE, "*.p12" },
	{ SEAL_KEY_STORE, "*.pfx" },
	{ SEAL_KEY_STORE, "*.jks" },
	{ SEAL_KEY_STORE, "etc/apt/trusted.gpg*/**" },
	{ SEAL_KEY_STORE, "usr/share/keyrings/*" },
	{ SEAL_PUBLIC_KEY, "etc/apk/keys/*" },
	{ SEAL_PUBLIC_KEY, "etc/opkg/keys/*" },
	{ SEAL_SYSCTL, "etc/sysctl.conf" },
	{ SEAL_SYSCTL, "sysctl.d/*" },
	{ SEAL_NETWORK, "etc/network/**" },
	{ SEAL_NETWORK, "etc/netplan/*" },
	{ SEAL_NETWORK, "systemd/network/*" },
	{ SEAL_NETWORK, "etc/NetworkManager/**" },
	{ SEAL_NETWORK, "etc/wpa_supplicant/**" },
	{ SEAL_NETWORK, "etc/wpa_supplicant.conf" },
	{ SEAL_NETWORK, "etc/hosts*" },
	{ SEAL_NETWORK, "etc/resolv.conf" },
	{ SEAL_NETWORK, "etc/iptables/**" },
	{ SEAL_NETWORK, "etc/nftables*" },
	{ SEAL_NETWORK, "etc/firewalld/**" },
	{ SEAL_NETWORK, "etc/config/*" },
	{ SEAL_NETWORK, "etc/ppp/**" },
	{ SEAL_MOUNTS, "etc/fstab" },
	{ SEAL_MOUNTS, "etc/crypttab" },
	{ SEAL_MOUNTS, "etc/exports" },
	{ SEAL_MOUNTS, "tmpfiles.d/*" },
	{ SEAL_PACKAGE_SOURCES, "etc/apt/**" },
	{ SEAL_PACKAGE_SOURCES, "etc/apk/repositories" },
	{ SEAL_PACKAGE_SOURCES, "etc/opkg*/**" },
	{ SEAL_PACKAGE_SOURCES, "etc/opkg.conf" },
	{ SEAL_PACKAGE_SOURCES, "etc/yum.repos.d/*" },
	{ SEAL_PACKAGES, "var/lib/dpkg/**" },
	{ SEAL_PACKAGES, "lib/apk/db/*" },
	{ SEAL_PACKAGES, "lib/opkg/**" },
	{ SEAL_PACKAGES, "var/lib/rpm/*" },
	{ SEAL_FIRMWARE, "lib/firmware/**" },
	{ SEAL_FIRMWARE, "*.fw" },
	{ SEAL_FIRMWARE, "*.ucode" },
	{ SEAL_KERNEL_MODULE, "*.ko" },
	{ SEAL_KERNEL_MODULE, "*.ko.?z" },
	{ SEAL_KERNEL_MODULE, "*.ko.zst" },
	{ SEAL_DEVICE_TREE, "*.dtb" },
	{ SEAL_DEVICE_TREE, "*.dtbo" },
	{ SEAL_SHELL_LIBRARY, "*.sh" },
	{ SEAL_SHELL_LIBRARY, "*.bash" },
	{ SEAL_SHELL_LIBRARY, "*.ksh" },
	{ SEAL_SHELL_LIBRARY, "*.zsh" },
	{ SEAL_SOURCE, "*.py" },
	{ SEAL_SOURCE, "*.rb" },
	{ SEAL_SOURCE, "*.pl" },
	{ SEAL_SOURCE, "*.pm" },
	{ SEAL_SOURCE, "*.lua" },
	{ SEAL_SOURCE, "*.tcl" },
	{ SEAL_SOURCE, "*.awk" },
	{ SEAL_SOURCE, "*.ps1" },
	{ SEAL_SOURCE, "*.psm1" },
	{ SEAL_SOURCE, "*.bat" },
	{ SEAL_SOURCE, "*.cmd" },
	{ SEAL_SOURCE, "*.vbs" },
	{ SEAL_SOURCE, "*.groovy" },
	{ SEAL_SOURCE, "*.jsp" },
	{ SEAL_SOURCE, "*.el" },
	{ SEAL_JAVASCRIPT, "*.js" },
	{ SEAL_JAVASCRIPT, "*.mjs" },
	{ SEAL_JAVASCRIPT, "*.cjs" },
	{ SEAL_JAVASCRIPT, "*.ts" },
	{ SEAL_JAVASCRIPT, "*.jsx" },
	{ SEAL_JAVASCRIPT, "*.tsx" },
	{ SEAL_HTML, "*.htm" },
	{ SEAL_HTML, "*.html" },
	{ SEAL_HTML, "*.xhtml" },
	{ SEAL_CSS, "*.css" },
	{ SEAL_PHP, "*.php" },
	{ SEAL_PHP, "*.phtml" },
	{ SEAL_PHP, "*.phar" },
	{ SEAL_SQL, "*.sql" },
	{ SEAL_PYTHON_BYTECODE, "*.pyc" },
	{ SEAL_JSON, "*.json" },
	{ SEAL_YAML, "*.yaml" },
	{ SEAL_YAML, "*.yml" },
	{ SEAL_XML, "*.xml" },
	{ SEAL_INI, "*.ini" },
	{ SEAL_INI, "*.toml" },
	{ SEAL_CONFIGURATION, "etc/**" },
	{ SEAL_CONFIGURATION, "*.conf" },
	{ SEAL_CONFIGURATION, "*.cfg" },
	{ SEAL_CONFIGURATION, "*.cnf" },
	{ SEAL_CONFIGURATION, "*.properties" },
	{ SEAL_CONFIGURATION, "*.env" },
	{ SEAL_CONFIGURATION, ".env*" },
};

bool
look_placed(const char *path, const char *pattern)
{
	const struct assay_span wanted = assay_span_str(pattern);
	for (const char *at = path; at != NULL; at = strchr(at, '/')) {
		if (*at == '/')
			at++;
		if (text_match(wanted, assay_span_str(at)))
			return true;
	}
	return false;
}

/* sudo passes over names with a dot or a '~' at the end, run-parts and cron over all but letters, digits, '_' and '-'. */
static bool
not_read(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	const size_t len = strlen(name);
	if (look_placed(path, "etc/sudoers.d/*"))
		return strchr(name, '.') != NULL || (len > 0 && name[len - 1] == '~');
	if (!look_placed(path, "etc/cron.*/*"))
		return false;
	for (const char *p = name; *p != '\0'; p++) {
		const char c = text_lower(*p);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return true;
	}
	return false;
}

void
look_places(struct look *l)
{
	const enum seal_type type = l->file->type;
	if (type != SEAL_TYPE_FILE && type != SEAL_TYPE_LINK)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (look_placed(l->file->path, rows[i].pattern))
			look_set(l, rows[i].kind, SEAL_BY_PLACE);
	}
	if (not_read(l->file->path))
		l->out->marks[SEAL_MARK_NOT_READ_THERE] = true;
}
