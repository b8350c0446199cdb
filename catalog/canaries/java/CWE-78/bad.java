/* SPDX-License-Identifier: Apache-2.0 */
import java.io.IOException;
import javax.servlet.http.HttpServletRequest;

class CANARY {
	void list(HttpServletRequest request) throws IOException {
		String CANARY_folder = request.getParameter("folder");
		Runtime.getRuntime().exec("sh -c 'ls " + CANARY_folder + "'"); /* fault */
	}
}
