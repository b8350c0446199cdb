/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"net/http"
	"os/exec"
)

func CANARY_list(request *http.Request) ([]byte, error) {
	folder := request.URL.Query().Get("folder")
	return exec.Command("sh", "-c", "ls "+folder).Output() // fault
}
