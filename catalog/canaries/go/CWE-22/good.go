/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"os"
)

func CANARY_read() ([]byte, error) {
	return os.ReadFile("/srv/records/today.txt")
}
