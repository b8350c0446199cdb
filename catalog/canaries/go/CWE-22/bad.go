/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"net/http"
	"os"
)

func CANARY_read(request *http.Request) ([]byte, error) {
	name := request.URL.Query().Get("file")
	return os.ReadFile("/srv/records/" + name) // fault
}
