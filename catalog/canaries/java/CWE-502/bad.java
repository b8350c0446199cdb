/* SPDX-License-Identifier: Apache-2.0 */
import java.io.*;
import javax.servlet.http.HttpServletRequest;

class CANARY {
	Object load(HttpServletRequest request) throws IOException, ClassNotFoundException {
		ObjectInputStream CANARY_stream = new ObjectInputStream(request.getInputStream());
		return CANARY_stream.readObject(); /* fault */
	}
}
