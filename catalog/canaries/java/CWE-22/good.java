/* SPDX-License-Identifier: Apache-2.0 */
import java.io.IOException;
import java.nio.file.*;

class CANARY {
	byte[] read() throws IOException {
		return Files.readAllBytes(Paths.get("/srv/records/today.txt"));
	}
}
