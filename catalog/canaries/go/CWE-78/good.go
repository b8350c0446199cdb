/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"os/exec"
)

func CANARY_list() ([]byte, error) {
	return exec.Command("/bin/ls", "--", "/srv").Output()
}
