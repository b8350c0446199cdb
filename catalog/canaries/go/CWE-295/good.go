/* SPDX-License-Identifier: Apache-2.0 */
package canary

import (
	"crypto/tls"
	"net/http"
)

func CANARY_client() *http.Client {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: settings}}
}
