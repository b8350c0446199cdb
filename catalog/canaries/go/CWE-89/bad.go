/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"database/sql"
	"net/http"
)

func CANARY_find(base *sql.DB, request *http.Request) (*sql.Rows, error) {
	name := request.URL.Query().Get("name")
	return base.Query("SELECT id FROM patient WHERE name = '" + name + "'") // fault
}
