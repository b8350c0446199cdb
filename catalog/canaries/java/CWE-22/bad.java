/* SPDX-License-Identifier: Apache-2.0 */
import java.io.IOException;
import java.nio.file.*;
import javax.servlet.http.HttpServletRequest;

class CANARY {
	byte[] read(HttpServletRequest request) throws IOException {
		String CANARY_name = request.getParameter("file");
		return Files.readAllBytes(Paths.get("/srv/records/" + CANARY_name)); /* fault */
	}
}
