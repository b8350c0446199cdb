/* SPDX-License-Identifier: Apache-2.0 */
using System.IO;

class CANARY
{
    public int Load(Stream CANARY_stream)
    {
        using var CANARY_reader = new BinaryReader(CANARY_stream);
        return CANARY_reader.ReadInt32();
    }
}
