/* SPDX-License-Identifier: Apache-2.0 */
import java.io.*;
import javax.servlet.http.HttpServletRequest;

class CANARY {
	int load(HttpServletRequest request) throws IOException {
		DataInputStream CANARY_stream = new DataInputStream(request.getInputStream());
		return CANARY_stream.readInt();
	}
}
