/* SPDX-License-Identifier: Apache-2.0 */
using System.IO;

class CANARY
{
    public string Read()
    {
        return File.ReadAllText("/srv/records/today.txt");
    }
}
