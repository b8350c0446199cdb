/* SPDX-License-Identifier: Apache-2.0 */
using Microsoft.AspNetCore.Http;
using System.IO;

class CANARY
{
    public string Read(HttpRequest request)
    {
        string CANARY_name = request.Query["file"];
        return File.ReadAllText("/srv/records/" + CANARY_name); /* fault */
    }
}
