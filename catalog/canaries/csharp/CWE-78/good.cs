/* SPDX-License-Identifier: Apache-2.0 */
using System.Diagnostics;

class CANARY
{
    public void List()
    {
        Process.Start("/bin/ls", "/srv");
    }
}
