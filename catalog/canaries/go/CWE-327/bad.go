/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"crypto/md5"
)

func CANARY_seal(data []byte) [16]byte {
	return md5.Sum(data) // fault
}
