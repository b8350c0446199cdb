/* SPDX-License-Identifier: Apache-2.0 */
using Microsoft.AspNetCore.Http;
using System.Diagnostics;

class CANARY
{
    public void List(HttpRequest request)
    {
        string CANARY_folder = request.Query["folder"];
        Process.Start("/bin/sh", "-c \"ls " + CANARY_folder + "\""); /* fault */
    }
}
