/* SPDX-License-Identifier: Apache-2.0 */
using Microsoft.AspNetCore.Http;
using System.Data.SqlClient;

class CANARY
{
    public object Find(HttpRequest request, SqlConnection CANARY_base)
    {
        string CANARY_name = request.Query["name"];
        var CANARY_command = new SqlCommand("SELECT id FROM patient WHERE name = @name", CANARY_base);
        CANARY_command.Parameters.AddWithValue("@name", CANARY_name);
        return CANARY_command.ExecuteScalar();
    }
}
