/* SPDX-License-Identifier: Apache-2.0 */
import java.io.IOException;

class CANARY {
	void list() throws IOException {
		new ProcessBuilder("/bin/ls", "--", "/srv").start();
	}
}
