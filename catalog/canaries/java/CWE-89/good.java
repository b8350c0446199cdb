/* SPDX-License-Identifier: Apache-2.0 */
import java.sql.*;
import javax.servlet.http.HttpServletRequest;

class CANARY {
	String find(HttpServletRequest request, Connection CANARY_base) throws SQLException {
		String CANARY_name = request.getParameter("name");
		PreparedStatement CANARY_statement = CANARY_base.prepareStatement("SELECT id FROM patient WHERE name = ?");
		CANARY_statement.setString(1, CANARY_name);
		ResultSet CANARY_rows = CANARY_statement.executeQuery();
		return CANARY_rows.next() ? CANARY_rows.getString(1) : null;
	}
}
